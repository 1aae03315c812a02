package dev.linnet.packetdrill.shell;

import dev.linnet.packetdrill.shell.Shell.Command;
import dev.linnet.packetdrill.shell.Shell.ShellIo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// The commands of every shell that scripts use: text, tests, variables.
public final class TextCommands {
    private TextCommands() {}

    public static Map<String, Command> all() {
        Map<String, Command> commands = new HashMap<>();
        commands.put("true", (sh, args, io) -> 0);
        commands.put(":", (sh, args, io) -> 0);
        commands.put("false", (sh, args, io) -> 1);
        commands.put("echo", (sh, args, io) -> echo(args, io));
        commands.put("printf", (sh, args, io) -> printf(args, io));
        commands.put("cat", TextCommands::cat);
        commands.put("grep", TextCommands::grep);
        commands.put("wc", (sh, args, io) -> wc(args, io));
        commands.put("rm", TextCommands::rm);
        commands.put("chmod", (sh, args, io) -> 0);
        commands.put("export", (sh, args, io) -> export(sh, args));
        commands.put("test", (sh, args, io) -> test(sh, args, io));
        commands.put("[", TextCommands::bracket);
        commands.put("sh", TextCommands::script);
        commands.put("bash", TextCommands::script);
        commands.put("source", TextCommands::script);
        commands.put(".", TextCommands::script);
        commands.put("dd", TextCommands::dd);
        return commands;
    }

    private static int echo(List<String> args, ShellIo io) {
        boolean newline = args.isEmpty() || !args.getFirst().equals("-n");
        io.out.append(String.join(" ", newline ? args : args.subList(1, args.size())));
        if (newline) {
            io.out.append('\n');
        }
        return 0;
    }

    private static int printf(List<String> args, ShellIo io) {
        if (args.isEmpty()) {
            io.err.append("printf: what?\n");
            return 1;
        }
        String format = args.getFirst().replace("\\n", "\n").replace("\\t", "\t");
        for (int i = 1; i < args.size(); i++) {
            format = format.replaceFirst("%[sd]", args.get(i).replace("\\", "\\\\"));
        }
        io.out.append(format);
        return 0;
    }

    private static int cat(Shell shell, List<String> args, ShellIo io) {
        if (args.isEmpty()) {
            io.out.append(io.in);
            return 0;
        }
        int status = 0;
        for (String path : args) {
            Optional<String> text = shell.files().read(path);
            text.ifPresent(io.out::append);
            if (text.isEmpty()) {
                io.err.append("cat: ").append(path).append(": no such file\n");
                status = 1;
            }
        }
        return status;
    }

    private static int grep(Shell shell, List<String> args, ShellIo io) {
        List<String> words = new ArrayList<>();
        String flags = "";
        for (String arg : args) {
            if (arg.startsWith("-") && arg.length() > 1 && words.isEmpty()) {
                flags += arg.substring(1);
            } else {
                words.add(arg);
            }
        }
        if (words.isEmpty() || !flags.matches("[qvicEFow]*")) {
            io.err.append("grep: cannot do 'grep ").append(String.join(" ", args)).append("'\n");
            return 2;
        }
        Pattern pattern;
        try {
            String text = words.getFirst();
            pattern =
                    Pattern.compile(
                            flags.contains("F") ? Pattern.quote(text) : text,
                            flags.contains("i") ? Pattern.CASE_INSENSITIVE : 0);
        } catch (PatternSyntaxException e) {
            io.err.append("grep: bad pattern: ").append(e.getDescription()).append('\n');
            return 2;
        }
        return search(shell, pattern, flags, words.subList(1, words.size()), io);
    }

    private static int search(
            Shell shell, Pattern pattern, String flags, List<String> paths, ShellIo io) {
        int found = 0;
        List<String> texts = new ArrayList<>();
        for (String path : paths) {
            Optional<String> text = shell.files().read(path);
            if (text.isEmpty()) {
                io.err.append("grep: ").append(path).append(": no such file\n");
                return 2;
            }
            texts.add(text.get());
        }
        for (int i = 0; i < Math.max(paths.size(), 1); i++) {
            String prefix = paths.size() > 1 ? paths.get(i) + ":" : "";
            for (String line : (paths.isEmpty() ? io.in : texts.get(i)).lines().toList()) {
                if (pattern.matcher(line).find() != flags.contains("v")) {
                    found++;
                    if (!flags.contains("q") && !flags.contains("c")) {
                        io.out.append(prefix).append(line).append('\n');
                    }
                }
            }
        }
        if (flags.contains("c")) {
            io.out.append(found).append('\n');
        }
        return found > 0 ? 0 : 1;
    }

    private static int wc(List<String> args, ShellIo io) {
        if (!args.equals(List.of("-l"))) {
            io.err.append("wc: only 'wc -l' of its input\n");
            return 1;
        }
        io.out.append(io.in.lines().count()).append('\n');
        return 0;
    }

    private static int rm(Shell shell, List<String> args, ShellIo io) {
        int status = 0;
        for (String path : args) {
            if (!path.startsWith("-") && !shell.files().remove(path) && !args.contains("-f")) {
                io.err.append("rm: ").append(path).append(": no such file\n");
                status = 1;
            }
        }
        return status;
    }

    private static int export(Shell shell, List<String> args) {
        for (String arg : args) {
            int eq = arg.indexOf('=');
            if (eq > 0) {
                shell.set(arg.substring(0, eq), arg.substring(eq + 1));
            }
        }
        return 0;
    }

    private static int bracket(Shell shell, List<String> args, ShellIo io) {
        if (args.isEmpty() || !args.getLast().equals("]")) {
            io.err.append("[: ']' is missing\n");
            return 2;
        }
        return test(shell, args.subList(0, args.size() - 1), io);
    }

    private static int test(Shell shell, List<String> args, ShellIo io) {
        if (!args.isEmpty() && args.getFirst().equals("!")) {
            int status = test(shell, args.subList(1, args.size()), io);
            return status > 1 ? status : 1 - status;
        }
        boolean result;
        switch (args.size()) {
            case 0 -> result = false;
            case 1 -> result = !args.getFirst().isEmpty();
            case 2 ->
                    result =
                            switch (args.getFirst()) {
                                case "-n" -> !args.get(1).isEmpty();
                                case "-z" -> args.get(1).isEmpty();
                                case "-e", "-f", "-r" ->
                                        shell.files().read(args.get(1)).isPresent();
                                default -> throw new ShellException("test: " + args);
                            };
            case 3 -> result = compare(args.get(0), args.get(1), args.get(2));
            default -> throw new ShellException("test: too many arguments: " + args);
        }
        return result ? 0 : 1;
    }

    private static boolean compare(String left, String operator, String right) {
        return switch (operator) {
            case "=", "==" -> left.equals(right);
            case "!=" -> !left.equals(right);
            case "-eq" -> Long.parseLong(left) == Long.parseLong(right);
            case "-ne" -> Long.parseLong(left) != Long.parseLong(right);
            case "-lt" -> Long.parseLong(left) < Long.parseLong(right);
            case "-le" -> Long.parseLong(left) <= Long.parseLong(right);
            case "-gt" -> Long.parseLong(left) > Long.parseLong(right);
            case "-ge" -> Long.parseLong(left) >= Long.parseLong(right);
            default -> throw new ShellException("test: unknown operator " + operator);
        };
    }

    private static int script(Shell shell, List<String> args, ShellIo io) {
        if (args.size() == 2 && args.getFirst().equals("-c")) {
            return shell.runScript(args.get(1), io);
        }
        Optional<String> text =
                args.isEmpty() ? Optional.empty() : shell.files().read(args.getFirst());
        if (text.isEmpty()) {
            io.err.append(args.isEmpty() ? "which script?" : args.getFirst() + ": no such file");
            io.err.append('\n');
            return 127;
        }
        return shell.runScript(text.get(), io);
    }

    /// `dd if=/dev/zero of=FILE bs=N count=N status=none`.
    private static int dd(Shell shell, List<String> args, ShellIo io) {
        Map<String, String> settings = new HashMap<>();
        for (String arg : args) {
            int eq = arg.indexOf('=');
            settings.put(eq < 0 ? arg : arg.substring(0, eq), eq < 0 ? "" : arg.substring(eq + 1));
        }
        String output = settings.get("of");
        if (!"/dev/zero".equals(settings.get("if")) || output == null) {
            io.err.append("dd: only from /dev/zero to a file\n");
            return 1;
        }
        int block = size(settings.getOrDefault("bs", "512"));
        int count = size(settings.getOrDefault("count", "1"));
        Optional<String> failure = shell.files().write(output, "\0".repeat(block * count), false);
        failure.ifPresent(message -> io.err.append(message).append('\n'));
        return failure.isEmpty() ? 0 : 1;
    }

    private static int size(String text) {
        int unit =
                switch (text.charAt(text.length() - 1)) {
                    case 'k', 'K' -> 1024;
                    case 'M' -> 1 << 20;
                    default -> 1;
                };
        return Integer.parseInt(unit == 1 ? text : text.substring(0, text.length() - 1)) * unit;
    }
}
