package dev.linnet.packetdrill.shell;

import dev.linnet.packetdrill.shell.Shell.ShellIo;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `sed [-n] [-E] SCRIPT FILE…` with the commands `s/x/y/[g]`, `p` and `d`, each for all lines, one
/// line (`3`, `$`) or those that match (`/x/`).
final class SedCommand {
    private static final Pattern COMMAND =
            Pattern.compile("\\s*(\\d+|\\$|/(?:[^/\\\\]|\\\\.)*/)?\\s*(?:([pd])|s(\\W)(.*))\\s*");

    private final boolean extended;
    private final boolean quiet;
    private final List<Matcher> commands = new ArrayList<>();

    private SedCommand(boolean extended, boolean quiet, String script) {
        this.extended = extended;
        this.quiet = quiet;
        for (String one : script.split(";(?=[^/|#,]*(?:$|[\\d$/s]))", -1)) {
            Matcher matcher = COMMAND.matcher(one);
            if (!matcher.matches()) {
                throw new ShellException("sed: cannot do '" + one + "'");
            }
            commands.add(matcher);
        }
    }

    static int run(Shell shell, List<String> args, ShellIo io) {
        boolean extended = false;
        boolean quiet = false;
        List<String> words = new ArrayList<>();
        for (String arg : args) {
            switch (arg) {
                case "-n" -> quiet = true;
                case "-E", "-r" -> extended = true;
                case "-e" -> {}
                default -> words.add(arg);
            }
        }
        if (words.isEmpty() || words.getFirst().startsWith("-")) {
            throw new ShellException("sed: cannot do: sed " + String.join(" ", args));
        }
        SedCommand sed = new SedCommand(extended, quiet, words.getFirst());
        List<String> lines = TextCommands.lines(shell, words.subList(1, words.size()), io);
        for (int i = 0; i < lines.size(); i++) {
            sed.edit(lines.get(i), i + 1, i + 1 == lines.size(), io.out);
        }
        return 0;
    }

    private void edit(String original, int number, boolean last, StringBuilder out) {
        String line = original;
        for (Matcher command : commands) {
            if (!isFor(command.group(1), line, number, last)) {
                continue;
            }
            if ("d".equals(command.group(2))) {
                return;
            }
            if ("p".equals(command.group(2))) {
                out.append(line).append('\n');
            } else {
                line = substituted(line, command.group(3), command.group(4));
            }
        }
        if (!quiet) {
            out.append(line).append('\n');
        }
    }

    private boolean isFor(@Nullable String address, String line, int number, boolean last) {
        if (address == null) {
            return true;
        }
        if (address.equals("$")) {
            return last;
        }
        return address.startsWith("/")
                ? PosixRegex.compile(address.substring(1, address.length() - 1), extended, 0)
                        .matcher(line)
                        .find()
                : number == TextCommands.number("sed", address);
    }

    private String substituted(String line, String separator, String rest) {
        String[] parts = rest.split("(?<!\\\\)" + Pattern.quote(separator), -1);
        if (parts.length != 3) {
            throw new ShellException("sed: cannot do 's" + separator + rest + "'");
        }
        Matcher matcher = PosixRegex.compile(parts[0], extended, 0).matcher(line);
        String replacement =
                parts[1].replace("$", "\\$")
                        .replaceAll("\\\\(\\d)", "\\$$1")
                        .replaceAll("(?<!\\\\)&", "\\$0");
        return parts[2].contains("g")
                ? matcher.replaceAll(replacement)
                : matcher.replaceFirst(replacement);
    }
}
