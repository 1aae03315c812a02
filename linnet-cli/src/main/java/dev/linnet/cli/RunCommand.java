package dev.linnet.cli;

import dev.linnet.jvm.config.NetworkOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/// `linnet run`: its help. To run a program, the launcher script becomes the program's own `java` with the agent, so
/// that there is one process; nothing of that comes here.
@Command(name = "run", description = "Runs a Java program with its whole network on Linnet.")
@SuppressWarnings("NullAway.Init") // picocli fills the fields before the command runs
final class RunCommand implements Callable<Integer> {
    private static final String HEAD =
            """
            Usage: linnet run [OPTION...] -- JAVA-ARGUMENT...
            Runs a Java program, as it is, with its whole network on Linnet. What stands after -- is what you
            would give to java. The same options, separated by semicolons and without dashes, can be given to
            the agent (-javaagent:linnet.jar='address=10.0.0.1/24;mtu=9000'), and one a line in a file (--config).

            Options:
            """;

    @Spec private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            description = "Show this help.")
    private boolean help;

    @SuppressWarnings("UnusedVariable") // takes what is not for this command
    @Unmatched
    private String[] rest;

    @Override
    public Integer call() {
        if (!help) {
            throw new CommandException("is done by the script ./linnet, which starts java itself");
        }
        spec.commandLine().getOut().print(HEAD + NetworkOption.table());
        spec.commandLine().getOut().flush();
        return 0;
    }
}
