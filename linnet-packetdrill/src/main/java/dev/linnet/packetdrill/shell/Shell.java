package dev.linnet.packetdrill.shell;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A small shell: command lists with `;`, `&&`, `||`, `|`, redirections, quotes, variables, `$((
/// ))`, command substitution, script files. What it does not know is an error that names it; it
/// never starts a process.
///
/// Used by one thread.
public final class Shell {
    /// A command by name.
    @FunctionalInterface
    public interface Command {
        /// Runs with arguments (the name not among them) and what comes through the pipe; the exit
        /// status. What it prints goes to `io`.
        int run(Shell shell, List<String> args, ShellIo io);
    }

    /// What a command reads and prints.
    public static final class ShellIo {
        public final String in;
        public final StringBuilder out = new StringBuilder();
        public final StringBuilder err = new StringBuilder();

        public ShellIo(String in) {
            this.in = in;
        }
    }

    /// What a command line did.
    public record Result(int status, String out, String err) {}

    private static final int NOT_FOUND = 127;
    private static final int MAX_DEPTH = 16;

    private final Map<String, Command> commands;
    private final ShellFiles files;
    private final Map<String, String> variables = new HashMap<>();
    private int depth;
    private int lastStatus;

    public Shell(Map<String, Command> commands, ShellFiles files) {
        this.commands = commands;
        this.files = files;
    }

    public ShellFiles files() {
        return files;
    }

    /// A variable's value, empty if it is not set.
    public String variable(String name) {
        return name.equals("?") ? Integer.toString(lastStatus) : variables.getOrDefault(name, "");
    }

    public void set(String name, String value) {
        variables.put(name, value);
    }

    /// Runs a command line or the text of a script.
    public Result run(String text) {
        if (++depth > MAX_DEPTH) {
            depth--;
            return new Result(1, "", "scripts call one another too deeply\n");
        }
        try {
            StringBuilder out = new StringBuilder();
            StringBuilder err = new StringBuilder();
            for (ShellParser.AndOr line : ShellParser.parse(text)) {
                runAndOr(line, out, err);
            }
            return new Result(lastStatus, out.toString(), err.toString());
        } catch (ShellException e) {
            lastStatus = 2;
            return new Result(2, "", e.getMessage() + "\n");
        } finally {
            depth--;
        }
    }

    private void runAndOr(ShellParser.AndOr line, StringBuilder out, StringBuilder err) {
        lastStatus = runPipeline(line.first(), out, err);
        for (ShellParser.Next next : line.rest()) {
            if (next.and() == (lastStatus == 0)) {
                lastStatus = runPipeline(next.pipeline(), out, err);
            }
        }
    }

    private int runPipeline(
            List<ShellParser.Simple> pipeline, StringBuilder out, StringBuilder err) {
        String piped = "";
        int status = 0;
        for (int i = 0; i < pipeline.size(); i++) {
            ShellIo io = new ShellIo(piped);
            status = runSimple(pipeline.get(i), io);
            err.append(io.err);
            piped = io.out.toString();
        }
        out.append(piped);
        return status;
    }

    private int runSimple(ShellParser.Simple simple, ShellIo outer) {
        ShellWords words = new ShellWords(this);
        List<String> args = new ArrayList<>();
        for (ShellParser.Word word : simple.words()) {
            args.addAll(words.expand(word));
        }
        if (args.isEmpty()) {
            simple.assignments().forEach((name, word) -> set(name, words.one(word)));
            return 0;
        }
        Redirections redirections = new Redirections(files, simple.redirections(), words);
        Optional<String> input = redirections.input();
        ShellIo io = new ShellIo(input.orElse(outer.in));
        int status = dispatch(args.getFirst(), args.subList(1, args.size()), io);
        return redirections.finish(io, outer) ? status : 1;
    }

    private int dispatch(String name, List<String> args, ShellIo io) {
        String base = name.substring(name.lastIndexOf('/') + 1);
        Command command = commands.get(name.contains("/") ? base : name);
        if (command != null) {
            return command.run(this, args, io);
        }
        Optional<String> script = name.contains("/") ? files.read(name) : Optional.empty();
        if (script.isPresent()) {
            return runScript(script.get(), io);
        }
        io.err.append(name).append(": command not found\n");
        return NOT_FOUND;
    }

    /// Runs the text of a script with its output going to `io`.
    public int runScript(String text, ShellIo io) {
        Result result = run(text);
        io.out.append(result.out());
        io.err.append(result.err());
        return result.status();
    }
}
