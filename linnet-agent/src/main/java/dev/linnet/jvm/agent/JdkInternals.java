package dev.linnet.jvm.agent;

import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Method;
import java.nio.channels.spi.SelectorProvider;
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

    /// The JVM's own hooks run in the order of their slots; those of programs are in slot 1.
    private static final int LAST_HOOK = 9;

    private JdkInternals() {}

    /// Opens packages of `java.base` to Linnet.
    static void open(Instrumentation instrumentation) {
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

    /// Runs something when the JVM ends, after all that the program has to do then.
    static void atEnd(Runnable hook) throws ReflectiveOperationException {
        Object access =
                Class.forName("jdk.internal.access.SharedSecrets")
                        .getMethod("getJavaLangAccess")
                        .invoke(null);
        Class.forName("jdk.internal.access.JavaLangAccess")
                .getMethod("registerShutdownHook", int.class, boolean.class, Runnable.class)
                .invoke(access, LAST_HOOK, false, hook);
    }

    /// What opens channels of the machine's network.
    static SelectorProvider machineProvider() {
        try {
            return (SelectorProvider)
                    Class.forName("sun.nio.ch.DefaultSelectorProvider")
                            .getMethod("get")
                            .invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the JDK has no default provider", e);
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
