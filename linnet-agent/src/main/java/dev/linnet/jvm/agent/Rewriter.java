package dev.linnet.jvm.agent;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Applies [Rewriting]s to classes of the JDK, once, at start-up; afterwards no class that is loaded passes here.
final class Rewriter implements ClassFileTransformer {
    private final Map<String, List<Rewriting>> byClass = new LinkedHashMap<>();
    private final List<String> missing = new ArrayList<>();

    Rewriter(List<Rewriting> rewritings) {
        for (Rewriting r : rewritings) {
            byClass.computeIfAbsent(r.owner(), owner -> new ArrayList<>()).add(r);
        }
    }

    /// Does it.
    ///
    /// @return what this JDK does not have, nothing if all went well
    List<String> apply(Instrumentation instrumentation) throws UnmodifiableClassException {
        List<Class<?>> targets = new ArrayList<>();
        for (String owner : byClass.keySet()) {
            try {
                targets.add(Class.forName(owner.replace('/', '.'), false, null));
            } catch (ClassNotFoundException e) {
                missing.add(owner.replace('/', '.'));
            }
        }
        instrumentation.addTransformer(this, true);
        try {
            instrumentation.retransformClasses(targets.toArray(new Class<?>[0]));
        } finally {
            instrumentation.removeTransformer(this);
        }
        return missing;
    }

    @Override
    public byte @Nullable [] transform(
            @Nullable ClassLoader loader,
            String name,
            @Nullable Class<?> redefined,
            @Nullable ProtectionDomain domain,
            byte[] code) {
        List<Rewriting> edits = redefined == null ? null : byClass.get(name);
        if (edits == null) {
            return null;
        }
        try {
            return rewrite(code, edits);
        } catch (RuntimeException | LinkageError e) { // the JVM would keep it to itself
            missing.add(name.replace('/', '.') + " (" + e + ")");
            return null;
        }
    }

    private byte[] rewrite(byte[] code, List<Rewriting> edits) {
        ClassFile classFile =
                ClassFile.of(
                        ClassFile.ClassHierarchyResolverOption.of(
                                ClassHierarchyResolver.ofResourceParsing(
                                        ClassLoader.getSystemClassLoader())));
        List<MethodEdit> made = new ArrayList<>();
        for (Rewriting edit : edits) {
            made.add(new MethodEdit(edit));
        }
        byte[] result =
                classFile.transformClass(
                        classFile.parse(code), (builder, element) -> edit(builder, element, made));
        for (MethodEdit one : made) {
            if (one.done() == 0) {
                missing.add(one.describe());
            }
        }
        return result;
    }

    private static void edit(ClassBuilder builder, ClassElement element, List<MethodEdit> edits) {
        CodeTransform all = null;
        if (element instanceof MethodModel method) {
            for (MethodEdit edit : edits) {
                if (edit.isIn(method)) {
                    all = all == null ? edit : all.andThen(edit);
                }
            }
            if (all != null) {
                builder.transformMethod(method, MethodTransform.transformingCode(all));
                return;
            }
        }
        builder.with(element);
    }
}
