package dev.linnet.jvm.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Reads options into lists of values, from the arguments of a command, of the agent, or from a file.
final class OptionParser {
    private static final String SWITCH_VALUES = "true or false";

    private final Map<NetworkOption, List<String>> values = new EnumMap<>(NetworkOption.class);

    /// Reads options, and the file that they name: what is given directly replaces what the file says of the same
    /// option.
    ///
    /// @param args `--name value`, `--name=value`, `--switch`, `--no-switch`
    static Map<NetworkOption, List<String>> parse(List<String> args) {
        OptionParser direct = new OptionParser();
        direct.arguments(args);
        List<String> file = direct.values.get(NetworkOption.CONFIG);
        if (file == null) {
            return direct.values;
        }
        OptionParser fromFile = new OptionParser();
        fromFile.file(file.getFirst());
        fromFile.values.putAll(direct.values);
        return fromFile.values;
    }

    /// What is behind `-javaagent:linnet.jar=`: `name=value` pairs separated by semicolons, or the arguments of a
    /// command, one a line.
    static List<String> agentArguments(String text) {
        List<String> args = new ArrayList<>();
        if (text.startsWith("--") || text.indexOf('\n') >= 0) {
            splitInto(args, text, '\n');
            return args;
        }
        List<String> pairs = new ArrayList<>();
        splitInto(pairs, text, ';');
        for (String pair : pairs) {
            String option = pair.strip();
            args.add(option.startsWith("--") ? option : "--" + option);
        }
        return args;
    }

    private static void splitInto(List<String> parts, String text, char separator) {
        int from = 0;
        while (from <= text.length()) {
            int to = text.indexOf(separator, from);
            to = to < 0 ? text.length() : to;
            if (to > from) {
                parts.add(text.substring(from, to));
            }
            from = to + 1;
        }
    }

    private void arguments(List<String> args) {
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            if (!arg.startsWith("--") || arg.length() == 2) {
                throw new ConfigException(
                        "'" + arg + "' is no option; options begin with --, see linnet run --help");
            }
            int eq = arg.indexOf('=');
            String label = arg.substring(2, eq < 0 ? arg.length() : eq);
            NetworkOption option = option(label, "--");
            if (eq >= 0) {
                put(option, label, arg.substring(eq + 1), "--");
            } else if (option.value() == null) {
                put(option, label, "true", "--");
            } else if (i + 1 == args.size()) {
                throw new ConfigException(
                        "--" + label + " needs a value: --" + label + " " + option.value());
            } else {
                put(option, label, args.get(++i), "--");
            }
        }
    }

    private void file(String name) {
        List<String> lines;
        try {
            lines = Files.readAllLines(Path.of(name), StandardCharsets.UTF_8);
        } catch (IOException | InvalidPathException e) {
            throw new ConfigException(
                    "--config: cannot read " + name + ": " + reason(e) + "; give a text file");
        }
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.charAt(0) == '#') {
                continue;
            }
            try {
                line(line);
            } catch (ConfigException e) {
                throw new ConfigException(name + ", line " + (i + 1) + ": " + e.getMessage());
            }
        }
    }

    /// What is wrong with a file; the JDK's message is often the name alone.
    static String reason(Exception e) {
        return switch (e) {
            case java.nio.file.NoSuchFileException none -> "there is no such file";
            case java.nio.file.AccessDeniedException denied -> "permission denied";
            case java.nio.charset.CharacterCodingException bytes -> "it is not UTF-8 text";
            default -> String.valueOf(e.getMessage());
        };
    }

    private void line(String line) {
        int eq = line.indexOf('=');
        String label = (eq < 0 ? line : line.substring(0, eq)).strip();
        NetworkOption option = option(label, "");
        if (option == NetworkOption.CONFIG) {
            throw new ConfigException("a file cannot name another one");
        }
        if (eq < 0 && option.value() != null) {
            throw new ConfigException(label + " needs a value: " + label + " = " + option.value());
        }
        put(option, label, eq < 0 ? "true" : line.substring(eq + 1).strip(), "");
    }

    private static NetworkOption option(String label, String dashes) {
        NetworkOption option = NetworkOption.of(label);
        if (option == null && label.startsWith("no-")) {
            option = NetworkOption.of(label.substring(3));
            if (option != null && option.value() != null) {
                option = null;
            }
        }
        if (option == null) {
            throw new ConfigException(
                    "there is no option " + dashes + label + "; see linnet run --help");
        }
        return option;
    }

    private void put(NetworkOption option, String label, String value, String dashes) {
        String stored = value;
        if (option.value() == null) {
            boolean yes = value.equals("true");
            if (!yes && !value.equals("false")) {
                throw new ConfigException(
                        dashes + label + " is " + SWITCH_VALUES + ", not '" + value + "'");
            }
            boolean negated = !label.equals(option.label());
            stored = String.valueOf(yes != negated);
        } else if (value.isEmpty()) {
            throw new ConfigException(dashes + label + " needs a value: " + option.value());
        }
        List<String> list = values.computeIfAbsent(option, o -> new ArrayList<>());
        if (!list.isEmpty() && !option.repeatable()) {
            throw new ConfigException(dashes + option.label() + " can be given once only");
        }
        list.add(stored);
    }
}
