package dev.linnet.cli;

import dev.linnet.cli.demo.DemoCommand;
import dev.linnet.kernel.SuppressForbidden;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;

/// The `linnet` command.
@Command(
        name = "linnet",
        mixinStandardHelpOptions = true,
        version = "linnet 0.1.0, after Linux 6.18",
        sortOptions = false,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Linux's socket layer and TCP/IP stack, as a Java library.",
            "",
        },
        footer = {
            "",
            "Start with: linnet demo",
            "Help on a command: linnet help COMMAND",
        },
        subcommands = {
            DemoCommand.class,
            RunCommand.class,
            ServeCommand.class,
            ScriptsCommand.class,
            OracleCommand.class,
            CommandLine.HelpCommand.class
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields before the command runs
public final class Main implements Runnable {
    private static final int USAGE = 2;
    private static final int FAILED = 1;

    @picocli.CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    private Main() {}

    /// Runs the command and ends the JVM with its exit status: 0, 1 if it failed, 2 for wrong
    /// arguments.
    @SuppressForbidden("the command ends with its status")
    public static void main(String[] args) {
        System.exit(run(args));
    }

    static int run(String... args) {
        return new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(oneLine())
                .setExecutionExceptionHandler(plain())
                .execute(args);
    }

    /// Without a command: help.
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /// A wrong argument gives one line that says what to do.
    private static IParameterExceptionHandler oneLine() {
        return (ParameterException e, String[] args) -> {
            CommandLine command = e.getCommandLine();
            String name = command.getCommandSpec().qualifiedName();
            command.getErr().println(name + ": " + e.getMessage() + " (see: " + name + " --help)");
            return USAGE;
        };
    }

    /// What a user can do something about is one line; anything else is a defect and shows itself.
    private static IExecutionExceptionHandler plain() {
        return (Exception e, CommandLine command, CommandLine.ParseResult result) -> {
            if (e instanceof CommandException) {
                command.getErr()
                        .println(command.getCommandSpec().qualifiedName() + ": " + e.getMessage());
                return FAILED;
            }
            throw e;
        };
    }
}
