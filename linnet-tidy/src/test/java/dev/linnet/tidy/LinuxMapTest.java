package dev.linnet.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.PackageTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreeScanner;
import dev.linnet.tidy.SourceTree.Parsed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Keeps `docs/internals/linux-map.md`, the way from a name of Linux to its place here, equal to
/// the
/// `@Kernel` annotations. Run with `-Dlinnet.regenerate` to write it.
class LinuxMapTest {
    private static final Path MAP = SourceTree.root().resolve("docs/internals/linux-map.md");

    private static final String HEAD =
            """
            # From a name of Linux to its place in Linnet

            Generated from the `@Kernel` annotations by `LinuxMapTest`; do not edit. To bring it up to date, run
            `mvn verify -Dlinnet.regenerate`.

            | Linux | Linnet | package |
            |---|---|---|
            """;

    private static final String ABSENT =
            """

            ## Names without a place here

            Functions on the way of a connection that exist in Linux for its hardware, for C, or for what
            Linnet does not have.

            | Linux | why |
            |---|---|
            """;

    /// A name on the way of a connection, and why it has no place here, if it has none.
    private record OnPath(String name, @Nullable String whyAbsent) {}

    private record Entry(String linux, String here, String packageName, String file) {
        String row() {
            return "| `%s` | [%s](../../%s) | `%s` |".formatted(linux, here, file, packageName);
        }
    }

    @Test
    void mapIsUpToDate() throws IOException {
        String map = map();
        if (System.getProperty("linnet.regenerate") != null) {
            Files.createDirectories(MAP.getParent());
            Files.writeString(MAP, map);
        }
        assertThat(MAP).as("docs/internals/linux-map.md (-Dlinnet.regenerate writes it)").exists();
        assertThat(Files.readAllLines(MAP))
                .as("lines of docs/internals/linux-map.md (-Dlinnet.regenerate writes it)")
                .isEqualTo(map.lines().toList());
    }

    @Test
    void everyFunctionOnThePathHasAPlaceOrAReason() throws IOException {
        Set<String> known = entries().map(Entry::linux).collect(Collectors.toSet());
        List<String> without = new ArrayList<>();
        List<String> withBoth = new ArrayList<>();
        for (OnPath function : path()) {
            if (function.whyAbsent == null && !known.contains(function.name)) {
                without.add(function.name);
            }
            if (function.whyAbsent != null && known.contains(function.name)) {
                withBoth.add(function.name);
            }
        }
        assertThat(without).as("functions without a place and without a reason").isEmpty();
        assertThat(withBoth).as("functions that have a place and a reason for none").isEmpty();
    }

    private static List<OnPath> path() throws IOException {
        try (InputStream in = LinuxMapTest.class.getResourceAsStream("connection-path.txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#") && !line.isBlank())
                    .map(line -> line.split("\t", 2))
                    .map(row -> new OnPath(row[0], row.length > 1 ? row[1] : null))
                    .toList();
        }
    }

    private static String absent() throws IOException {
        return path().stream()
                .filter(function -> function.whyAbsent != null)
                .map(function -> "| `%s` | %s |".formatted(function.name, function.whyAbsent))
                .collect(Collectors.joining("\n", ABSENT, "\n"));
    }

    private static String map() throws IOException {
        return entries().map(Entry::row).collect(Collectors.joining("\n", HEAD, "\n")) + absent();
    }

    private static Stream<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        for (Parsed file : SourceTree.parse(SourceTree.javaFiles("main"))) {
            new Annotations(file, entries).scan(file.unit(), null);
        }
        return entries.stream()
                .distinct()
                .sorted(
                        Comparator.comparing(Entry::linux)
                                .thenComparing(Entry::packageName)
                                .thenComparing(Entry::here));
    }

    /// Collects what is annotated in one file.
    private static final class Annotations extends TreeScanner<Void, Void> {
        private final Parsed file;
        private final List<Entry> entries;
        private final Deque<String> enclosing = new ArrayDeque<>();

        Annotations(Parsed file, List<Entry> entries) {
            this.file = file;
            this.entries = entries;
        }

        @Override
        public Void visitPackage(PackageTree tree, Void unused) {
            add(tree.getAnnotations(), tree.getPackageName().toString());
            return null;
        }

        @Override
        public Void visitClass(ClassTree tree, Void unused) {
            enclosing.addLast(tree.getSimpleName().toString());
            add(tree.getModifiers(), null);
            super.visitClass(tree, unused);
            enclosing.removeLast();
            return null;
        }

        @Override
        public Void visitMethod(MethodTree tree, Void unused) {
            boolean constructor = tree.getReturnType() == null;
            add(tree.getModifiers(), constructor ? null : tree.getName().toString());
            return super.visitMethod(tree, unused);
        }

        @Override
        public Void visitVariable(VariableTree tree, Void unused) {
            add(tree.getModifiers(), tree.getName().toString());
            return super.visitVariable(tree, unused);
        }

        private void add(ModifiersTree modifiers, @Nullable String member) {
            String type = String.join(".", enclosing);
            add(modifiers.getAnnotations(), member == null ? type : type + "." + member);
        }

        private void add(List<? extends AnnotationTree> annotations, String here) {
            CompilationUnitTree unit = file.unit();
            for (AnnotationTree annotation : annotations) {
                if (annotation.getAnnotationType().toString().matches("(.*\\.)?Kernel")) {
                    for (String linux : names(annotation)) {
                        String in = unit.getPackageName().toString();
                        entries.add(new Entry(linux, here, in, file.name()));
                    }
                }
            }
        }

        private static List<String> names(AnnotationTree annotation) {
            List<String> names = new ArrayList<>();
            new TreeScanner<Void, Void>() {
                @Override
                public Void visitAssignment(AssignmentTree tree, Void unused) {
                    return scan(tree.getExpression(), unused);
                }

                @Override
                public Void visitLiteral(LiteralTree literal, Void unused) {
                    names.add(String.valueOf(literal.getValue()));
                    return null;
                }
            }.scan(annotation.getArguments(), null);
            return names;
        }
    }
}
