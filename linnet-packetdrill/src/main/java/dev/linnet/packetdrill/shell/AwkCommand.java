package dev.linnet.packetdrill.shell;

import dev.linnet.packetdrill.shell.Shell.ShellIo;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `awk [-F X] '[/x/|NR==N] {print [$N[,] …]}' FILE…`, which is how scripts take a column.
final class AwkCommand {
    private static final Pattern PROGRAM =
            Pattern.compile(
                    "\\s*(?:/((?:[^/\\\\]|\\\\.)*)/|NR\\s*==\\s*(\\d+))?\\s*"
                            + "(?:\\{\\s*print\\s*([^};]*);?\\s*\\})?\\s*");
    private static final Pattern ITEM = Pattern.compile("\\s*(\\$(?:\\d+|NF)|NF|NR|\"[^\"]*\"|,)");

    private AwkCommand() {}

    static int run(Shell shell, List<String> args, ShellIo io) {
        String separator = "\\s+";
        List<String> words = new ArrayList<>();
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            if (arg.startsWith("-F") && (arg.length() > 2 || i + 1 < args.size())) {
                separator = Pattern.quote(arg.length() > 2 ? arg.substring(2) : args.get(++i));
            } else {
                words.add(arg);
            }
        }
        Matcher program = PROGRAM.matcher(words.isEmpty() ? "?" : words.getFirst());
        if (!program.matches()) {
            throw new ShellException("awk: cannot do: awk " + String.join(" ", args));
        }
        int number = 0;
        for (String line : TextCommands.lines(shell, words.subList(1, words.size()), io)) {
            number++;
            if (isFor(program, line, number)) {
                print(program.group(3), line, separator, number, io.out);
            }
        }
        return 0;
    }

    private static boolean isFor(Matcher program, String line, int number) {
        if (program.group(1) != null) {
            return PosixRegex.compile(program.group(1), true, 0).matcher(line).find();
        }
        return program.group(2) == null || number == TextCommands.number("awk", program.group(2));
    }

    private static void print(
            @Nullable String items, String line, String separator, int number, StringBuilder out) {
        if (items == null || items.isBlank()) {
            out.append(line).append('\n');
            return;
        }
        String whole = separator.equals("\\s+") ? line.strip() : line;
        String[] fields = whole.isEmpty() ? new String[0] : whole.split(separator, -1);
        Matcher item = ITEM.matcher(items);
        int end = 0;
        while (item.lookingAt()) {
            out.append(value(item.group(1), line, fields, number));
            end = item.end();
            item.region(end, items.length());
        }
        if (!items.substring(end).isBlank()) {
            throw new ShellException("awk: cannot print " + items);
        }
        out.append('\n');
    }

    private static String value(String item, String line, String[] fields, int number) {
        return switch (item) {
            case "," -> " ";
            case "$0" -> line;
            case "NF" -> Integer.toString(fields.length);
            case "NR" -> Integer.toString(number);
            case "$NF" -> fields.length == 0 ? "" : fields[fields.length - 1];
            default ->
                    item.startsWith("\"")
                            ? item.substring(1, item.length() - 1)
                            : field(item, fields);
        };
    }

    private static String field(String item, String[] fields) {
        int at = TextCommands.number("awk", item.substring(1));
        return at <= fields.length ? fields[at - 1] : "";
    }
}
