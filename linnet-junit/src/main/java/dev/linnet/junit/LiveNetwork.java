package dev.linnet.junit;

import dev.linnet.jvm.JvmHost;
import dev.linnet.stack.Stack;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A network and what was asked for it. JUnit closes it with the store that it is in, if nobody did before.
final class LiveNetwork implements AutoCloseable {
    private static final String SEED = "linnet.seed";

    /// Seeds are drawn from 1 to this, to be typed by people.
    private static final long SEEDS = 999_999_999;

    /// For how long threads that are in calls may take to leave them.
    private static final int PATIENCE_MS = 2000;

    private final LinnetNetwork wanted;
    private final boolean seedIsGiven;
    private final TestNetwork network;

    private LiveNetwork(LinnetNetwork wanted, boolean seedIsGiven, TestNetwork network) {
        this.wanted = wanted;
        this.seedIsGiven = seedIsGiven;
        this.network = network;
    }

    static LiveNetwork start(LinnetNetwork wanted, ExtensionContext context) {
        if (wanted.agent() && !JvmHost.agentLoaded()) {
            throw new ExtensionConfigurationException(
                    "@LinnetNetwork(agent = true): this JVM was started without Linnet's agent. Give the JVM of the"
                            + " tests -javaagent:PATH/linnet.jar=scoped: in Maven in <argLine> of"
                            + " maven-surefire-plugin, in Gradle with jvmArgs of the test task");
        }
        if (wanted.seed() != 0) {
            return new LiveNetwork(wanted, true, NetworkPlan.build(wanted, wanted.seed()));
        }
        Optional<Long> parameter =
                context.getConfigurationParameter(SEED).map(LiveNetwork::parseSeed);
        long seed = parameter.orElseGet(() -> new SecureRandom().nextLong(1, SEEDS + 1));
        return new LiveNetwork(wanted, false, NetworkPlan.build(wanted, seed));
    }

    private static long parseSeed(String text) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            throw new ExtensionConfigurationException(SEED + " is '" + text + "', not a number", e);
        }
    }

    LinnetNetwork wanted() {
        return wanted;
    }

    boolean seedIsGiven() {
        return seedIsGiven;
    }

    TestNetwork network() {
        return network;
    }

    /// In virtual time a test must run on the thread that made the network.
    void requireMaker() {
        if (network.stack().isVirtual() && network.maker() != Thread.currentThread()) {
            throw new ExtensionConfigurationException(
                    "a network in virtual time can only be used by tests on the thread that made it ("
                            + network.maker().getName()
                            + "); this is "
                            + Thread.currentThread().getName()
                            + ". Say @Execution(SAME_THREAD), or let each method have its own network");
        }
    }

    /// Closes the network; what is wrong afterwards.
    List<Throwable> end() {
        network.close();
        List<Throwable> problems = new ArrayList<>();
        if (!balanced(network.stack())) {
            problems.add(
                    new AssertionError(
                            "the network is closed, and in use are still "
                                    + network.stack().buffersInUse()
                                    + " packets and pages, and "
                                    + network.stack().foliosInUse()
                                    + " folios of files: a thread is still in a call, or Linnet has lost them"));
        }
        return problems;
    }

    private static boolean balanced(Stack stack) {
        for (int ms = 0; ms < PATIENCE_MS; ms++) {
            if (stack.buffersInUse() == 0 && stack.foliosInUse() == 0) {
                return true;
            }
            if (stack.isVirtual()) {
                return false;
            }
            try {
                Thread.sleep(1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return false;
    }

    @Override
    public void close() {
        network.close();
    }
}
