package dev.linnet.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.TreeScanner;
import dev.linnet.tidy.SourceTree.Parsed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Limits that keep the sources readable. Each test reports all its offenders at once.
class SourcesTest {
    private static final int MAX_METHOD_LINES = 70;
    private static final int MAX_FILE_LINES = 600;

    /// The formatter keeps code within 100; this is for comments and strings, which it leaves alone.
    private static final int MAX_COLUMNS = 120;

    /// Spelled so that this file does not offend.
    private static final Pattern UNFINISHED = Pattern.compile("\\b(TO" + "DO|FIX" + "ME)\\b");

    private static final List<Path> MAIN = SourceTree.javaFiles("main");
    private static final List<Path> ALL =
            Stream.concat(MAIN.stream(), SourceTree.javaFiles("test").stream()).toList();

    @Test
    void methodsAreShort() {
        List<String> tooLong = new ArrayList<>();
        for (Parsed file : SourceTree.parse(MAIN)) {
            new LongMethods(file, tooLong).scan(file.unit(), null);
        }
        assertThat(tooLong).as("methods of more than %d lines", MAX_METHOD_LINES).isEmpty();
    }

    @Test
    void filesAreShort() {
        assertThat(ALL.stream().map(SourcesTest::length))
                .as("files of more than %d lines", MAX_FILE_LINES)
                .isNotEmpty()
                .allMatch(file -> file.lines <= MAX_FILE_LINES);
    }

    @Test
    void linesFitOnAScreen() {
        assertThat(ALL.stream().flatMap(file -> linesMatching(file, SourcesTest::isTooWide)))
                .as("lines of more than %d columns", MAX_COLUMNS)
                .isEmpty();
    }

    @Test
    void nothingIsLeftUnfinished() {
        assertThat(ALL.stream().flatMap(file -> linesMatching(file, UNFINISHED.asPredicate())))
                .as("lines that put something off")
                .isEmpty();
    }

    @Test
    void everyPackageSaysWhatItIs() {
        assertThat(MAIN.stream().map(Path::getParent).distinct())
                .filteredOn(dir -> !Files.exists(dir.resolve("module-info.java")))
                .isNotEmpty()
                .as("packages without a package-info.java that documents and null-marks them")
                .allMatch(SourcesTest::isDocumentedPackage);
    }

    private static boolean isTooWide(String line) {
        return line.length() > MAX_COLUMNS;
    }

    private record Length(String file, int lines) {}

    private static Length length(Path file) {
        return new Length(SourceTree.name(file), SourceTree.lines(file).size());
    }

    private static Stream<String> linesMatching(Path file, Predicate<String> pattern) {
        List<String> lines = SourceTree.lines(file);
        return IntStream.range(0, lines.size())
                .filter(i -> pattern.test(lines.get(i)))
                .mapToObj(i -> SourceTree.name(file) + ":" + (i + 1) + " " + lines.get(i).strip());
    }

    private static boolean isDocumentedPackage(Path dir) {
        Path info = dir.resolve("package-info.java");
        if (!Files.exists(info)) {
            return false;
        }
        List<String> lines = SourceTree.lines(info);
        return lines.getFirst().startsWith("/// ") && lines.contains("@NullMarked");
    }

    /// Collects methods, constructors and initializers whose body spans too many lines.
    private static final class LongMethods extends TreeScanner<Void, Void> {
        private final Parsed file;
        private final List<String> tooLong;

        LongMethods(Parsed file, List<String> tooLong) {
            this.file = file;
            this.tooLong = tooLong;
        }

        @Override
        public Void visitMethod(MethodTree method, Void unused) {
            if (method.getBody() != null) {
                check(method.getBody(), method.getName().toString());
            }
            return super.visitMethod(method, unused);
        }

        private void check(BlockTree body, String name) {
            long first = file.line(file.positions().getStartPosition(file.unit(), body));
            long last = file.line(file.positions().getEndPosition(file.unit(), body));
            if (last - first + 1 > MAX_METHOD_LINES) {
                tooLong.add(
                        "%s:%d %s: %d lines".formatted(file.name(), first, name, last - first + 1));
            }
        }
    }
}
