package dev.linnet.packetdrill.shell;

import dev.linnet.packetdrill.shell.Shell.ShellIo;
import java.util.List;

/// `test …`, `[ … ]` and, for one comparison, `[[ … ]]`.
final class TestCommand {
    private static final int BAD_USE = 2;

    private TestCommand() {}

    /// The command `[` or `[[`: the last argument must be the bracket that closes it.
    static int bracket(Shell shell, List<String> args, ShellIo io, String close) {
        if (args.isEmpty() || !args.getLast().equals(close)) {
            io.err.append("[: '").append(close).append("' is missing\n");
            return BAD_USE;
        }
        return run(shell, args.subList(0, args.size() - 1));
    }

    static int run(Shell shell, List<String> args) {
        return holds(shell, args) ? 0 : 1;
    }

    /// `-o` binds weaker than `-a`, and that weaker than `!`.
    private static boolean holds(Shell shell, List<String> args) {
        int or = args.size() > 3 ? args.indexOf("-o") : -1;
        if (or > 0) {
            return holds(shell, args.subList(0, or))
                    || holds(shell, args.subList(or + 1, args.size()));
        }
        int and = args.size() > 3 ? args.indexOf("-a") : -1;
        if (and > 0) {
            return holds(shell, args.subList(0, and))
                    && holds(shell, args.subList(and + 1, args.size()));
        }
        if (args.size() > 1 && args.getFirst().equals("!")) {
            return !holds(shell, args.subList(1, args.size()));
        }
        return switch (args.size()) {
            case 0 -> false;
            case 1 -> !args.getFirst().isEmpty();
            case 2 -> unary(shell, args.get(0), args.get(1));
            case 3 -> binary(args.get(0), args.get(1), args.get(2));
            default -> throw new ShellException("test: too many arguments: " + args);
        };
    }

    private static boolean unary(Shell shell, String operator, String operand) {
        return switch (operator) {
            case "-n" -> !operand.isEmpty();
            case "-z" -> operand.isEmpty();
            case "-e", "-f", "-r", "-x", "-w" -> shell.files().read(operand).isPresent();
            case "-s" -> !shell.files().read(operand).orElse("").isEmpty();
            default -> throw new ShellException("test: unknown operator " + operator);
        };
    }

    private static boolean binary(String left, String operator, String right) {
        return switch (operator) {
            case "=" -> left.equals(right);
            case "==" -> left.matches(ShellWords.regex(right));
            case "!=" -> !left.equals(right);
            case "=~" -> PosixRegex.compile(right, true, 0).matcher(left).find();
            case "-eq" -> number(left) == number(right);
            case "-ne" -> number(left) != number(right);
            case "-lt" -> number(left) < number(right);
            case "-le" -> number(left) <= number(right);
            case "-gt" -> number(left) > number(right);
            case "-ge" -> number(left) >= number(right);
            default -> throw new ShellException("test: unknown operator " + operator);
        };
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException _) {
            throw new ShellException("test: '" + text + "' is not a number");
        }
    }
}
