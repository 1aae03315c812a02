package dev.linnet.agent;

import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;

/// The Java agent that lets the tracer weave itself into the running stack:
/// `java -javaagent:linnet-agent.jar …`. It only keeps what the JVM gives it.
public final class Agent {
    private static volatile @Nullable Instrumentation instrumentation;

    private Agent() {}

    /// Called by the JVM before the program.
    public static void premain(String arguments, Instrumentation given) {
        instrumentation = given;
    }

    /// Called by the JVM when the agent is attached to a running program.
    public static void agentmain(String arguments, Instrumentation given) {
        instrumentation = given;
    }

    /// What the JVM gave, or null before it did.
    public static @Nullable Instrumentation instrumentation() {
        return instrumentation;
    }
}
