package dev.linnet.packetdrill.shell;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Variables, arguments and functions of a shell.
final class ShellVariables {
    private Map<String, String> values = new HashMap<>();
    private Map<String, ShellNode> functions = new HashMap<>();
    private List<String> args = List.of();
    private int lastStatus;
    private boolean exitsOnError;

    /// What a subshell starts with, and what comes back when it ends.
    record State(
            Map<String, String> values,
            Map<String, ShellNode> functions,
            List<String> args,
            boolean exitsOnError) {}

    State save() {
        return new State(new HashMap<>(values), new HashMap<>(functions), args, exitsOnError);
    }

    void restore(State state) {
        values = state.values;
        functions = state.functions;
        args = state.args;
        exitsOnError = state.exitsOnError;
    }

    /// A variable, an argument by its number, `?`, `#`, `@` or `*`; empty if it is not set.
    String get(String name) {
        return switch (name) {
            case "?" -> Integer.toString(lastStatus);
            case "#" -> Integer.toString(args.size());
            case "@", "*" -> String.join(" ", args);
            case "$" -> get("BASHPID");
            case "!" -> value("!");
            default -> name.matches("\\d+") ? arg(Integer.parseInt(name)) : value(name);
        };
    }

    private String arg(int number) {
        if (number == 0) {
            return "sh";
        }
        return number <= args.size() ? args.get(number - 1) : "";
    }

    private String value(String name) {
        return values.getOrDefault(name, "");
    }

    boolean isSet(String name) {
        return name.matches("\\w+") && !Character.isDigit(name.charAt(0))
                ? values.containsKey(name)
                : !get(name).isEmpty();
    }

    void set(String name, String value) {
        values.put(name, value);
    }

    void unset(String name) {
        values.remove(name);
        functions.remove(name);
    }

    List<String> args() {
        return args;
    }

    void args(List<String> next) {
        args = List.copyOf(next);
    }

    Map<String, ShellNode> functions() {
        return functions;
    }

    int lastStatus() {
        return lastStatus;
    }

    void lastStatus(int status) {
        lastStatus = status;
    }

    boolean exitsOnError() {
        return exitsOnError;
    }

    void exitsOnError(boolean on) {
        exitsOnError = on;
    }
}
