package dev.linnet.packetdrill.shell;

import dev.linnet.packetdrill.shell.Shell.Command;
import dev.linnet.packetdrill.shell.Shell.ShellIo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Commands about files and scripts.
final class FileCommands {
    private static final int MAX_BYTES = 64 << 20;

    private FileCommands() {}

    static Map<String, Command> all() {
        Map<String, Command> commands = new HashMap<>();
        commands.put("cat", FileCommands::cat);
        commands.put("rm", FileCommands::rm);
        commands.put("touch", FileCommands::touch);
        commands.put("tee", FileCommands::tee);
        commands.put("dd", FileCommands::dd);
        commands.put("chmod", (_, _, _) -> 0);
        commands.put("sync", (_, _, _) -> 0);
        commands.put("sh", FileCommands::script);
        commands.put("bash", FileCommands::script);
        commands.put("source", FileCommands::script);
        commands.put(".", FileCommands::script);
        return commands;
    }

    private static int cat(Shell shell, List<String> args, ShellIo io) {
        int status = 0;
        for (String path : args.isEmpty() ? List.of("-") : args) {
            Optional<String> text = text(shell, path, io);
            text.ifPresent(io.out::append);
            if (text.isEmpty()) {
                io.err.append("cat: ").append(path).append(": no such file\n");
                status = 1;
            }
        }
        return status;
    }

    /// The content of a file, or the input for `-`.
    static Optional<String> text(Shell shell, String path, ShellIo io) {
        return path.equals("-") ? Optional.of(io.in()) : shell.files().read(path);
    }

    private static int rm(Shell shell, List<String> args, ShellIo io) {
        boolean force = args.stream().anyMatch(arg -> arg.matches("-[a-z]*f[a-z]*"));
        int status = 0;
        for (String path : args) {
            if (!path.startsWith("-") && !shell.files().remove(path) && !force) {
                io.err.append("rm: ").append(path).append(": no such file\n");
                status = 1;
            }
        }
        return status;
    }

    private static int touch(Shell shell, List<String> args, ShellIo io) {
        int status = 0;
        for (String path : args) {
            status |= write(shell, path, "", true, io);
        }
        return status;
    }

    private static int write(Shell shell, String path, String text, boolean append, ShellIo io) {
        Optional<String> failure = shell.files().write(path, text, append);
        failure.ifPresent(message -> io.err.append(message).append('\n'));
        return failure.isEmpty() ? 0 : 1;
    }

    private static int tee(Shell shell, List<String> args, ShellIo io) {
        boolean append = args.contains("-a");
        int status = 0;
        for (String path : args) {
            if (!path.startsWith("-")) {
                status |= write(shell, path, io.in(), append, io);
            }
        }
        io.out.append(io.in());
        return status;
    }

    /// `dd if=/dev/zero of=FILE bs=N count=N`.
    private static int dd(Shell shell, List<String> args, ShellIo io) {
        Map<String, String> settings = new HashMap<>();
        for (String arg : args) {
            int eq = arg.indexOf('=');
            settings.put(eq < 0 ? arg : arg.substring(0, eq), arg.substring(eq + 1));
        }
        String output = settings.get("of");
        if (!"/dev/zero".equals(settings.get("if")) || output == null) {
            io.err.append("dd: only from /dev/zero to a file\n");
            return 1;
        }
        long bytes = bytes(settings.getOrDefault("bs", "512"));
        long all = bytes * bytes(settings.getOrDefault("count", "1"));
        if (all > MAX_BYTES) {
            io.err.append("dd: more than 64 MB\n");
            return 1;
        }
        return write(shell, output, "\0".repeat((int) all), false, io);
    }

    private static long bytes(String text) {
        String digits = text.replaceFirst("[kKM]B?$", "");
        long unit = text.contains("M") ? 1 << 20 : text.matches(".*[kK]B?") ? 1024 : 1;
        return unit * TextCommands.number("dd", digits);
    }

    private static int script(Shell shell, List<String> args, ShellIo io) {
        if (args.size() > 1 && args.getFirst().equals("-c")) {
            return shell.runScript(
                    args.get(1), args.subList(Math.min(3, args.size()), args.size()), io);
        }
        List<String> words = args.stream().dropWhile(arg -> arg.matches("-[exu]+")).toList();
        String path = words.isEmpty() ? "-" : words.getFirst();
        Optional<String> text = text(shell, path, io);
        if (text.isEmpty()) {
            io.err.append(path).append(": no such file\n");
            return 127;
        }
        return shell.runScript(
                text.orElseThrow(), words.isEmpty() ? words : words.subList(1, words.size()), io);
    }
}
