package dev.linnet.jvm.agent;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Opens what the agent needs of the inside of `java.base`.
final class JdkInternals {
    /// The bridge's classes, each after those that it needs.
    private static final List<String> BOOT =
            List.of("LinnetNetwork", "MachineNetworkException", "NativeTransports", "Bridge");

    private static final String BOOT_PACKAGE = "dev/linnet/jvm/boot/";

    private JdkInternals() {}

    /// Opens packages of `java.base` to Linnet.
    static JdkAccess open(Instrumentation instrumentation) throws ReflectiveOperationException {
        Set<Module> self = Set.of(JdkInternals.class.getModule());
        instrumentation.redefineModule(
                Object.class.getModule(),
                Set.of(),
                Map.of(
                        "jdk.internal.access", self,
                        "jdk.internal.misc", self,
                        "sun.net", self,
                        "sun.nio.ch", self),
                Map.of("java.net", self),
                Set.of(),
                Map.of());
        return (JdkAccess)
                Class.forName("dev.linnet.jvm.agent.DirectJdkAccess")
                        .getConstructor()
                        .newInstance();
    }

    /// Defines the bridge in the boot loader, where the JDK's classes can see it.
    static void defineBridge(JdkAccess jdk, AgentFiles files) throws IOException {
        for (String name : BOOT) {
            String internal = BOOT_PACKAGE.concat(name);
            jdk.defineInBootLoader(internal, files.read(internal.concat(".class")));
        }
    }
}
