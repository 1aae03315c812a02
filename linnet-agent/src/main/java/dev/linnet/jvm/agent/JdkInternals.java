package dev.linnet.jvm.agent;

import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Method;
import java.security.ProtectionDomain;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What the agent needs of the inside of `java.base`.
final class JdkInternals {
    /// The bridge's classes, each after those that it needs.
    private static final List<String> BOOT =
            List.of("LinnetNetwork", "MachineNetworkException", "NativeTransports", "Bridge");

    private static final String BOOT_PACKAGE = "dev/linnet/jvm/boot/";

    private JdkInternals() {}

    /// Opens packages of `java.base` to Linnet.
    static void open(Instrumentation instrumentation) {
        Set<Module> self = Set.of(JdkInternals.class.getModule());
        instrumentation.redefineModule(
                Object.class.getModule(),
                Set.of(),
                Map.of("jdk.internal.misc", self, "sun.net", self, "sun.nio.ch", self),
                Map.of("java.net", self),
                Set.of(),
                Map.of());
    }

    /// Defines the bridge in the boot loader, where the JDK's classes can see it, unless it is there.
    static void defineBridge() throws ReflectiveOperationException, IOException {
        Class<?> unsafe = Class.forName("jdk.internal.misc.Unsafe");
        Object instance = unsafe.getMethod("getUnsafe").invoke(null);
        Method define =
                unsafe.getMethod(
                        "defineClass",
                        String.class,
                        byte[].class,
                        int.class,
                        int.class,
                        ClassLoader.class,
                        ProtectionDomain.class);
        for (String name : BOOT) {
            byte[] code = read("/" + BOOT_PACKAGE + name + ".class");
            define.invoke(instance, BOOT_PACKAGE + name, code, 0, code.length, null, null);
        }
    }

    private static byte[] read(String resource) throws IOException {
        try (InputStream in = JdkInternals.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("the agent's jar has no " + resource);
            }
            return in.readAllBytes();
        }
    }
}
