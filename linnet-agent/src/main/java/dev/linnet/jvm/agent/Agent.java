package dev.linnet.jvm.agent;

import dev.linnet.jvm.config.ConfigException;
import dev.linnet.kernel.SuppressForbidden;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import org.jspecify.annotations.Nullable;

/// `java -javaagent:linnet.jar[=OPTIONS] ...`: puts the program's whole network on Linnet before its `main` begins.
///
/// The options are those of [dev.linnet.jvm.config.NetworkOption]. What is wrong with them is one line, and the program
/// does not start (status 2).
public final class Agent {
    private static final int USAGE = 2;
    private static final int FAILED = 1;

    private Agent() {}

    /// Called by the JVM.
    public static void premain(@Nullable String options, Instrumentation instrumentation) {
        try (AgentFiles files = new AgentFiles()) {
            JdkAccess jdk = JdkInternals.open(instrumentation);
            JdkInternals.defineBridge(jdk, files);
            Recorded recorded = Recorded.read(files.read(Recorded.FILE));
            new Installation(jdk).run(options, instrumentation, recorded);
        } catch (ConfigException e) {
            die(USAGE, e.getMessage());
        } catch (ReflectiveOperationException
                | IOException
                | UnmodifiableClassException
                | LinkageError e) {
            die(FAILED, "the agent cannot be installed in JDK " + Runtime.version() + ": " + e);
        }
    }

    /// Called by the JVM when the agent is attached to a program that runs.
    public static void agentmain(@Nullable String options, Instrumentation instrumentation) {
        premain(options, instrumentation);
    }

    /// Says why, and ends the JVM before the program begins.
    @SuppressForbidden(
            "an agent has nobody to throw to but the JVM, which would print a stack trace")
    private static void die(int status, @Nullable String why) {
        System.err.println("linnet: " + why);
        Runtime.getRuntime().halt(status);
    }
}
