package dev.linnet.jvm.agent;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An agent that only rewrites, and writes down what became of each class: run when `linnet.jar` is made.
public final class Recorder {
    private Recorder() {}

    /// Called by the JVM.
    ///
    /// @param file where to write
    public static void premain(String file, Instrumentation instrumentation)
            throws ReflectiveOperationException, IOException, UnmodifiableClassException {
        try (AgentFiles files = new AgentFiles()) {
            JdkInternals.defineBridge(JdkInternals.open(instrumentation), files);
        }
        Set<String> owners = new LinkedHashSet<>();
        Rewritings.all().forEach(rewriting -> owners.add(rewriting.owner()));
        List<String> missing = new ArrayList<>();
        Recorded recorded = new Recorded();
        for (String owner : owners) {
            byte[] before = fileOf(owner);
            if (before != null) {
                recorded.add(owner, before, ClassEditor.rewrite(owner, before, missing));
            }
        }
        missing.addAll(new Rewriter(recorded).apply(instrumentation, owners));
        if (!missing.isEmpty()) {
            throw new NoSuchMethodException("this JDK has no " + String.join(", no ", missing));
        }
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(Path.of(file)))) {
            recorded.write(out);
        }
    }

    private static byte @Nullable [] fileOf(String name) throws IOException {
        Class<?> type;
        try {
            type = Class.forName(name.replace('/', '.'), false, null);
        } catch (ClassNotFoundException e) {
            return null;
        }
        try (InputStream in = type.getModule().getResourceAsStream(name + ".class")) {
            if (in == null) {
                throw new IOException("the JDK has no file of class " + name);
            }
            return in.readAllBytes();
        }
    }

    /// Nothing more: the work was done before.
    public static void main(String[] args) {}
}
