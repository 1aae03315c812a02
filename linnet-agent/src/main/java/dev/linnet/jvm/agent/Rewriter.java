package dev.linnet.jvm.agent;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Rewrites classes of the JDK, once, at start-up; afterwards no class that is loaded passes here.
final class Rewriter implements ClassFileTransformer {
    private final Recorded recorded;
    private final List<String> missing = new ArrayList<>();
    private final Set<String> due = new HashSet<>();

    /// @param recorded what is known already; takes what has to be computed
    Rewriter(Recorded recorded) {
        this.recorded = recorded;
    }

    /// Does it.
    ///
    /// @return what this JDK does not have, nothing if all went well
    List<String> apply(Instrumentation instrumentation, Collection<String> classes)
            throws UnmodifiableClassException {
        due.addAll(classes);
        instrumentation.addTransformer(this, true);
        try {
            List<Class<?>> loadedBefore = new ArrayList<>();
            for (String name : classes) {
                Class<?> target = load(name); // comes to transform if it is loaded now
                if (target != null && due.contains(name)) {
                    loadedBefore.add(target);
                }
            }
            instrumentation.retransformClasses(loadedBefore.toArray(new Class<?>[0]));
        } finally {
            instrumentation.removeTransformer(this);
        }
        return missing;
    }

    private @Nullable Class<?> load(String name) {
        try {
            return Class.forName(name.replace('/', '.'), false, null);
        } catch (ClassNotFoundException e) {
            if (!Rewritings.OPTIONAL.contains(name)) {
                missing.add(name.replace('/', '.'));
            }
            return null;
        }
    }

    @Override
    public byte @Nullable [] transform(
            @Nullable ClassLoader loader,
            String name,
            @Nullable Class<?> redefined,
            @Nullable ProtectionDomain domain,
            byte[] code) {
        if (loader != null || !due.remove(name)) {
            return null;
        }
        byte[] known = recorded.after(name, code);
        if (known != null) {
            return known;
        }
        try {
            byte[] result = ClassEditor.rewrite(name, code, missing);
            recorded.add(name, code, result);
            return result;
        } catch (RuntimeException | LinkageError e) { // the JVM would keep it to itself
            missing.add(name.replace('/', '.') + " (" + e + ")");
            return null;
        }
    }
}
