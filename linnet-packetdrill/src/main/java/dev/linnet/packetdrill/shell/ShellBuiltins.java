package dev.linnet.packetdrill.shell;

import dev.linnet.packetdrill.shell.Shell.Command;
import dev.linnet.packetdrill.shell.Shell.ShellIo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The commands that change the shell itself.
final class ShellBuiltins {
    private final ShellVariables variables;

    private ShellBuiltins(ShellVariables variables) {
        this.variables = variables;
    }

    static Map<String, Command> all(ShellVariables variables) {
        ShellBuiltins builtins = new ShellBuiltins(variables);
        Map<String, Command> commands = new HashMap<>();
        commands.put("break", (_, args, _) -> loop(ShellJump.Kind.BREAK, args));
        commands.put("continue", (_, args, _) -> loop(ShellJump.Kind.CONTINUE, args));
        commands.put("return", (_, args, _) -> builtins.leave(ShellJump.Kind.RETURN, args));
        commands.put("exit", (_, args, _) -> builtins.leave(ShellJump.Kind.EXIT, args));
        commands.put("set", (_, args, io) -> builtins.set(args, io));
        commands.put("unset", (_, args, _) -> builtins.unset(args));
        commands.put("shift", (_, args, _) -> builtins.shift(args));
        commands.put("export", (_, args, _) -> builtins.export(args));
        commands.put("local", (_, args, _) -> builtins.export(args));
        commands.put("readonly", (_, args, _) -> builtins.export(args));
        commands.put("read", (_, args, io) -> builtins.read(args, io));
        commands.put("eval", (sh, args, io) -> sh.runScript(String.join(" ", args), List.of(), io));
        commands.put("wait", (sh, args, io) -> sh.jobs().await(args, io));
        commands.put("command", ShellBuiltins::command);
        commands.put("type", ShellBuiltins::type);
        commands.put("which", ShellBuiltins::type);
        return commands;
    }

    private static int loop(ShellJump.Kind kind, List<String> args) {
        throw new ShellJump(kind, args.isEmpty() ? 1 : number(args.getFirst()));
    }

    private int leave(ShellJump.Kind kind, List<String> args) {
        throw new ShellJump(
                kind, args.isEmpty() ? variables.lastStatus() : number(args.getFirst()) & 0xff);
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException _) {
            throw new ShellException("not a number: " + text);
        }
    }

    /// `set -e`, `set +e`, `set -- word…`; `-x`, `-u` and `-o pipefail` change nothing here.
    private int set(List<String> args, ShellIo io) {
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            if (arg.equals("--")) {
                variables.args(args.subList(i + 1, args.size()));
                return 0;
            }
            if (!arg.matches("[-+][euxo]+|pipefail")) {
                io.err.append("set: unknown option ").append(arg).append('\n');
                return 1;
            }
            if (arg.contains("e") && !arg.equals("pipefail")) {
                variables.exitsOnError(arg.startsWith("-"));
            }
        }
        return 0;
    }

    private int unset(List<String> args) {
        args.forEach(variables::unset);
        return 0;
    }

    private int shift(List<String> args) {
        int count = args.isEmpty() ? 1 : number(args.getFirst());
        List<String> all = variables.args();
        if (count > all.size()) {
            return 1;
        }
        variables.args(all.subList(count, all.size()));
        return 0;
    }

    private int export(List<String> args) {
        for (String arg : args) {
            int eq = arg.indexOf('=');
            if (eq > 0) {
                variables.set(arg.substring(0, eq), arg.substring(eq + 1));
            }
        }
        return 0;
    }

    /// `read NAME…`: one line, its last part to the last name.
    private int read(List<String> args, ShellIo io) {
        Optional<String> line = io.line();
        List<String> names = args.stream().filter(arg -> !arg.startsWith("-")).toList();
        String[] parts = line.orElse("").strip().split("\\s+", Math.max(names.size(), 1));
        for (int i = 0; i < names.size(); i++) {
            variables.set(names.get(i), i < parts.length ? parts[i] : "");
        }
        return line.isPresent() ? 0 : 1;
    }

    private static int command(Shell shell, List<String> args, ShellIo io) {
        if (!args.isEmpty() && args.getFirst().equals("-v")) {
            return type(shell, args.subList(1, args.size()), io);
        }
        return args.isEmpty() ? 0 : shell.runCommand(args, io);
    }

    private static int type(Shell shell, List<String> args, ShellIo io) {
        int status = 0;
        for (String name : args) {
            if (shell.knows(name)) {
                io.out.append(name).append('\n');
            } else {
                status = 1;
            }
        }
        return status;
    }
}
