package dev.linnet.jvm.agent;

import dev.linnet.jvm.async.LinnetAsynchronousChannelProvider;
import dev.linnet.jvm.boot.Bridge;
import dev.linnet.jvm.config.ConfigException;
import dev.linnet.jvm.config.NetworkConfig;
import dev.linnet.jvm.nio.LinnetSelectorProvider;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What [Agent] does once the bridge is in the boot loader. This class must not be touched before.
final class Installation {
    private final JdkAccess jdk;

    Installation(JdkAccess jdk) {
        this.jdk = jdk;
    }

    /// @param recorded the classes to be rewritten, and what becomes of them in the JDK that the agent was built with
    /// @throws ConfigException if something is wrong with the options
    /// @throws ReflectiveOperationException if this JDK is not one that the agent knows
    void run(@Nullable String options, Instrumentation instrumentation, Recorded recorded)
            throws ReflectiveOperationException, UnmodifiableClassException {
        NetworkConfig config = NetworkConfig.parseAgentArguments(options);
        List<String> missing = new Rewriter(recorded).apply(instrumentation, recorded.names());
        if (!missing.isEmpty()) {
            throw new NoSuchMethodException("there is no " + String.join(", no ", missing));
        }
        if (config.scoped()) {
            LinnetSelectorProvider.setFallback(jdk::machineProvider);
            LinnetAsynchronousChannelProvider.setFallback(jdk::machineAsynchronousProvider);
        } else {
            new NetworkStart(config, jdk).run();
        }
        System.setProperty(
                "java.nio.channels.spi.SelectorProvider",
                "dev.linnet.jvm.nio.LinnetSelectorProvider");
        System.setProperty(
                "java.nio.channels.spi.AsynchronousChannelProvider",
                "dev.linnet.jvm.async.LinnetAsynchronousChannelProvider");
        Bridge.install(new AgentNetwork(jdk, config.strict()));
    }
}
