package dev.linnet.trace;

import dev.linnet.kernel.trace.KernelTrace;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.lang.reflect.Method;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Function tracing of the stack in this JVM: off, it costs nothing; on, every function with a kernel
/// name tells a listener when it begins and ends. Needs the agent (`-javaagent:linnet-agent.jar`).
public final class Tracer implements AutoCloseable {
    private static final String ENGINE = "dev/linnet/";

    private static final class Transformer implements ClassFileTransformer {
        @Override
        public byte @Nullable [] transform(
                @Nullable Module module,
                @Nullable ClassLoader loader,
                String className,
                @Nullable Class<?> redefined,
                @Nullable ProtectionDomain domain,
                byte[] classFile) {
            return traceable(className) ? Weaver.weave(classFile) : null;
        }
    }

    private final Instrumentation instrumentation;
    private final Transformer transformer = new Transformer();

    private Tracer(Instrumentation instrumentation) {
        this.instrumentation = instrumentation;
    }

    private static boolean traceable(String className) {
        return className.startsWith(ENGINE)
                && !className.startsWith("dev/linnet/kernel/trace")
                && !className.startsWith("dev/linnet/trace");
    }

    /// True if the agent is loaded.
    public static boolean available() {
        return instrumentation() != null;
    }

    /// Starts tracing to a listener; [#close()] ends it and takes the calls out again.
    ///
    /// @throws IllegalStateException without the agent
    public static Tracer start(KernelTrace.Listener listener) {
        Instrumentation instrumentation = instrumentation();
        if (instrumentation == null) {
            throw new IllegalStateException(
                    "tracing needs the agent: start java with -javaagent:linnet-agent.jar");
        }
        Tracer tracer = new Tracer(instrumentation);
        instrumentation.addTransformer(tracer.transformer, true);
        tracer.retransformAll();
        KernelTrace.listen(listener);
        return tracer;
    }

    /// The agent stands on the class path, in another class loader's eyes a class like any other.
    private static @Nullable Instrumentation instrumentation() {
        try {
            Class<?> agent = ClassLoader.getSystemClassLoader().loadClass("dev.linnet.agent.Agent");
            Method getter = agent.getMethod("instrumentation");
            return (Instrumentation) getter.invoke(null);
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    private void retransformAll() {
        List<Class<?>> loaded = new ArrayList<>();
        for (Class<?> c : instrumentation.getAllLoadedClasses()) {
            boolean named = traceable(c.getName().replace('.', '/'));
            if (named && instrumentation.isModifiableClass(c) && !c.isArray()) {
                loaded.add(c);
            }
        }
        try {
            instrumentation.retransformClasses(loaded.toArray(new Class<?>[0]));
        } catch (UnmodifiableClassException e) {
            throw new IllegalStateException("a class of the engine cannot be traced", e);
        }
    }

    @Override
    public void close() {
        KernelTrace.listen(null);
        instrumentation.removeTransformer(transformer);
        retransformAll();
    }
}
