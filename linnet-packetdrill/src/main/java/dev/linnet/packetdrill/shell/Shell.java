package dev.linnet.packetdrill.shell;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A small shell: lists with `;`, `&&`, `||`, `!`, pipes, redirections, quotes, variables, `$( )`,
/// `$(( ))`, `if`, `for`, `while`, `until`, `case`, groups, functions, script files. What it does
/// not know is an error that names it; it never starts a process.
///
/// One command runs after the other, also in a pipe: each gets all that the one before printed. What
/// `&` puts into the background runs as the surroundings can do it ([Background]), in a copy of the
/// shell. For one thread at a time.
public final class Shell {
    /// A command by name.
    @FunctionalInterface
    public interface Command {
        /// Runs with arguments (the name not among them); the exit status. Input comes from `io`,
        /// what it prints goes there.
        int run(Shell shell, List<String> args, ShellIo io);
    }

    /// Runs commands beside the shell.
    @FunctionalInterface
    public interface Background {
        /// Starts a command.
        ///
        /// @return what waits for its end
        Runnable start(Runnable command);
    }

    /// What a command reads and prints.
    public static final class ShellIo {
        private String in;

        /// What it printed.
        public final StringBuilder out = new StringBuilder();

        /// Its messages.
        public final StringBuilder err = new StringBuilder();

        /// A command's ends, with all of its input.
        public ShellIo(String in) {
            this.in = in;
        }

        /// All input that is left.
        public String in() {
            return in;
        }

        /// The next line of input, which is then no longer left; empty at the end.
        public Optional<String> line() {
            if (in.isEmpty()) {
                return Optional.empty();
            }
            int end = in.indexOf('\n');
            String line = end < 0 ? in : in.substring(0, end);
            in = end < 0 ? "" : in.substring(end + 1);
            return Optional.of(line);
        }
    }

    /// What a command line did.
    public record Result(int status, String out, String err) {}

    private final Map<String, Command> commands;
    private final ShellFiles files;
    private final Background background;
    private final ShellVariables variables = new ShellVariables();
    private final ShellExecutor executor;
    private final ShellJobs jobs;

    /// A shell with these commands, beside those that belong to every shell's language. Commands in
    /// the background have ended when they have been started.
    public Shell(Map<String, Command> commands, ShellFiles files) {
        this(
                commands,
                files,
                command -> {
                    command.run();
                    return () -> {};
                });
    }

    /// As above, with commands in the background.
    public Shell(Map<String, Command> commands, ShellFiles files, Background background) {
        this.commands = commands;
        this.files = files;
        this.background = background;
        this.executor = new ShellExecutor(this, variables, commands);
        this.jobs = new ShellJobs(background);
    }

    ShellJobs jobs() {
        return jobs;
    }

    /// Starts a part of a script in the background, in a copy of this shell; the status of having
    /// started it.
    int background(ShellNode node) {
        Shell copy = new Shell(commands, files, background);
        copy.variables.restore(variables.save());
        int pid = jobs.start(io -> copy.executor.alone(node, io));
        variables.set("!", Integer.toString(pid));
        return 0;
    }

    /// The files that commands see.
    public ShellFiles files() {
        return files;
    }

    /// A variable's value, empty if it is not set.
    public String variable(String name) {
        return variables.get(name);
    }

    /// Sets a variable.
    public void set(String name, String value) {
        variables.set(name, value);
    }

    /// Runs a command line, or the text of a script.
    public Result run(String text) {
        ShellIo io = new ShellIo("");
        int status = executor.script(text, List.of(), io);
        jobs.collect(io);
        return new Result(status, io.out.toString(), io.err.toString());
    }

    /// Runs the text of a script file with its arguments; what it prints goes to `io`.
    public int runScript(String text, List<String> args, ShellIo io) {
        return executor.script(text, args, io);
    }

    /// Runs a command by its name, as a line of a script would.
    public int runCommand(List<String> words, ShellIo io) {
        return executor.dispatch(words, io);
    }

    /// True if there is a command or function of this name.
    public boolean knows(String name) {
        return executor.knows(name);
    }
}
