package dev.linnet.packetdrill.shell;

import dev.linnet.packetdrill.shell.Shell.Command;
import dev.linnet.packetdrill.shell.Shell.ShellIo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The commands of every shell that scripts use: text, tests, files.
public final class TextCommands {
    private TextCommands() {}

    /// All of them, by name.
    public static Map<String, Command> all() {
        Map<String, Command> commands = new HashMap<>(FileCommands.all());
        commands.put("true", (_, _, _) -> 0);
        commands.put(":", (_, _, _) -> 0);
        commands.put("false", (_, _, _) -> 1);
        commands.put("echo", (_, args, io) -> echo(args, io));
        commands.put("printf", (_, args, io) -> PrintfCommand.run(args, io));
        commands.put("grep", GrepCommand::run);
        commands.put("egrep", (sh, args, io) -> GrepCommand.run(sh, with("-E", args), io));
        commands.put("sed", SedCommand::run);
        commands.put("awk", AwkCommand::run);
        commands.put("wc", TextCommands::wc);
        commands.put("head", (sh, args, io) -> part(sh, args, io, true));
        commands.put("tail", (sh, args, io) -> part(sh, args, io, false));
        commands.put("sort", TextCommands::sort);
        commands.put("uniq", TextCommands::uniq);
        commands.put("tr", (_, args, io) -> tr(args, io));
        commands.put("cut", TextCommands::cut);
        commands.put("seq", (_, args, io) -> seq(args, io));
        commands.put("test", (sh, args, _) -> TestCommand.run(sh, args));
        commands.put("[", (sh, args, io) -> TestCommand.bracket(sh, args, io, "]"));
        commands.put("[[", (sh, args, io) -> TestCommand.bracket(sh, args, io, "]]"));
        return commands;
    }

    private static List<String> with(String first, List<String> args) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(args);
        return all;
    }

    /// A whole number.
    ///
    /// @throws ShellException if it is none
    static int number(String command, String text) {
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException _) {
            throw new ShellException(command + ": '" + text + "' is not a number");
        }
    }

    private static int echo(List<String> args, ShellIo io) {
        List<String> words = args;
        boolean newline = true;
        boolean escapes = false;
        while (!words.isEmpty() && words.getFirst().matches("-[neE]+")) {
            newline &= !words.getFirst().contains("n");
            escapes |= words.getFirst().contains("e");
            words = words.subList(1, words.size());
        }
        String text = String.join(" ", words);
        io.out.append(escapes ? PrintfCommand.unescaped(text) : text).append(newline ? "\n" : "");
        return 0;
    }

    /// The lines of the files that are named, or of the input.
    static List<String> lines(Shell shell, List<String> paths, ShellIo io) {
        List<String> lines = new ArrayList<>();
        for (String path : paths.isEmpty() ? List.of("-") : paths) {
            Optional<String> text = FileCommands.text(shell, path, io);
            if (text.isEmpty()) {
                throw new ShellException(path + ": no such file");
            }
            lines.addAll(text.orElseThrow().lines().toList());
        }
        return lines;
    }

    private static void print(List<String> lines, ShellIo io) {
        lines.forEach(line -> io.out.append(line).append('\n'));
    }

    private static int wc(Shell shell, List<String> args, ShellIo io) {
        List<String> paths = args.stream().filter(arg -> !arg.startsWith("-")).toList();
        String flags =
                args.stream().filter(arg -> arg.startsWith("-")).collect(Collectors.joining());
        String text = paths.isEmpty() ? io.in() : String.join("\n", lines(shell, paths, io)) + "\n";
        List<String> counts = new ArrayList<>();
        boolean all = flags.isEmpty();
        if (all || flags.contains("l")) {
            counts.add(Long.toString(text.chars().filter(c -> c == '\n').count()));
        }
        if (all || flags.contains("w")) {
            counts.add(Long.toString(text.isBlank() ? 0 : text.strip().split("\\s+").length));
        }
        if (all || flags.contains("c")) {
            counts.add(Integer.toString(text.length()));
        }
        counts.addAll(paths);
        io.out.append(String.join(" ", counts)).append('\n');
        return 0;
    }

    /// `head` or `tail`, with `-n N` or `-N`.
    private static int part(Shell shell, List<String> args, ShellIo io, boolean head) {
        int count = 10;
        List<String> paths = new ArrayList<>();
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            if (arg.equals("-n") && i + 1 < args.size()) {
                count = number("head", args.get(++i));
            } else if (arg.matches("-n?\\d+")) {
                count = number("head", arg.replaceFirst("-n?", ""));
            } else {
                paths.add(arg);
            }
        }
        List<String> lines = lines(shell, paths, io);
        int shown = Math.clamp(count, 0, lines.size());
        print(
                head ? lines.subList(0, shown) : lines.subList(lines.size() - shown, lines.size()),
                io);
        return 0;
    }

    private static int sort(Shell shell, List<String> args, ShellIo io) {
        String flags =
                args.stream().filter(arg -> arg.startsWith("-")).collect(Collectors.joining());
        List<String> paths = args.stream().filter(arg -> !arg.startsWith("-")).toList();
        List<String> lines = new ArrayList<>(lines(shell, paths, io));
        if (flags.contains("n")) {
            lines.sort((a, b) -> Long.compare(leadingNumber(a), leadingNumber(b)));
        } else {
            Collections.sort(lines);
        }
        if (flags.contains("r")) {
            Collections.reverse(lines);
        }
        print(flags.contains("u") ? new ArrayList<>(new LinkedHashSet<>(lines)) : lines, io);
        return 0;
    }

    private static long leadingNumber(String line) {
        String digits = line.strip().replaceFirst("^(-?\\d{1,18}).*$|^.*$", "$1");
        return digits.isEmpty() ? 0 : Long.parseLong(digits);
    }

    private static int uniq(Shell shell, List<String> args, ShellIo io) {
        boolean count = args.contains("-c");
        List<String> paths = args.stream().filter(arg -> !arg.startsWith("-")).toList();
        List<String> lines = lines(shell, paths, io);
        int from = 0;
        for (int i = 1; i <= lines.size(); i++) {
            if (i == lines.size() || !lines.get(i).equals(lines.get(from))) {
                io.out.append(count ? String.format(Locale.ROOT, "%7d ", i - from) : "");
                io.out.append(lines.get(from)).append('\n');
                from = i;
            }
        }
        return 0;
    }

    /// `tr [-d|-s] SET [SET]`, with ranges and escapes.
    private static int tr(List<String> args, ShellIo io) {
        String flag = args.isEmpty() || !args.getFirst().startsWith("-") ? "" : args.getFirst();
        List<String> sets =
                args.stream().skip(flag.isEmpty() ? 0 : 1).map(TextCommands::set).toList();
        boolean fits = sets.size() == (flag.isEmpty() ? 2 : 1);
        if (!fits || !List.of("", "-d", "-s").contains(flag) || sets.getLast().isEmpty()) {
            io.err.append("tr: only 'tr SET SET', 'tr -d SET' and 'tr -s SET'\n");
            return 1;
        }
        String from = sets.getFirst();
        String to = sets.getLast();
        char before = 0;
        for (char c : io.in().toCharArray()) {
            int at = from.indexOf(c);
            if (at < 0) {
                io.out.append(c);
            } else if (flag.isEmpty()) {
                io.out.append(to.charAt(Math.min(at, to.length() - 1)));
            } else if (flag.equals("-s") && c != before) {
                io.out.append(c);
            }
            before = c;
        }
        return 0;
    }

    private static String set(String text) {
        String plain = PrintfCommand.unescaped(text);
        StringBuilder set = new StringBuilder();
        for (int i = 0; i < plain.length(); i++) {
            if (i + 2 < plain.length() && plain.charAt(i + 1) == '-') {
                for (char c = plain.charAt(i); c <= plain.charAt(i + 2); c++) {
                    set.append(c);
                }
                i += 2;
            } else {
                set.append(plain.charAt(i));
            }
        }
        return set.toString();
    }

    /// `cut -d X -f N[,M]`.
    private static int cut(Shell shell, List<String> args, ShellIo io) {
        String delimiter = "\t";
        String fields = "";
        List<String> paths = new ArrayList<>();
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            boolean attached = arg.length() > 2;
            if (arg.matches("(?s)-[df].*") && (attached || i + 1 < args.size())) {
                String value = attached ? arg.substring(2) : args.get(++i);
                delimiter = arg.charAt(1) == 'd' ? value : delimiter;
                fields = arg.charAt(1) == 'f' ? value : fields;
            } else {
                paths.add(arg);
            }
        }
        if (!fields.matches("\\d+(,\\d+)*")) {
            io.err.append("cut: only 'cut -d X -f N,M'\n");
            return 1;
        }
        for (String line : lines(shell, paths, io)) {
            List<String> all = List.of(line.split(Pattern.quote(delimiter), -1));
            List<String> chosen = new ArrayList<>();
            for (String field : fields.split(",")) {
                int at = number("cut", field) - 1;
                if (at >= 0 && at < all.size()) {
                    chosen.add(all.get(at));
                }
            }
            io.out.append(all.size() == 1 ? line : String.join(delimiter, chosen)).append('\n');
        }
        return 0;
    }

    private static int seq(List<String> args, ShellIo io) {
        int first = args.size() > 1 ? number("seq", args.getFirst()) : 1;
        int step = args.size() > 2 ? number("seq", args.get(1)) : 1;
        int last = args.isEmpty() ? 0 : number("seq", args.getLast());
        if (step == 0) {
            throw new ShellException("seq: steps of 0");
        }
        for (int i = first; step > 0 ? i <= last : i >= last; i += step) {
            io.out.append(i).append('\n');
        }
        return 0;
    }
}
