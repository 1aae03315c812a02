package dev.linnet.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Programs of `docs/api.md` that need more modules than those of linnet-sim do what that page says; the tests of
/// `docs/junit.md` stand there word for word (they run here as tests).
@Timeout(60)
class LibraryExamplesTest {
    private static final Path ROOT = root();

    @FunctionalInterface
    private interface Program {
        void main(String[] args) throws Exception;
    }

    private static List<String> outputOf(Program program, String... args) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            program.main(args);
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void jdkSockets() throws Exception {
        assertThat(outputOf(JdkSockets::main))
                .containsExactly(
                        "from /10.0.0.1",
                        "hello /10.0.0.1, customer 1",
                        "hello /10.0.0.1, customer 2");
    }

    @Test
    void lastPackets(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("last.pcapng");
        List<String> lines = outputOf(LastPackets::main, file.toString());
        assertThat(lines).contains("host1 heard: hello all", "host2 heard: hello all");
        // As host0 sends it and two receive it, and what IPv6 says by itself.
        assertThat(lines.getLast()).matches("captured: ([3-9]|1\\d)");
        assertThat(file).isNotEmptyFile();
    }

    @Test
    void testsInThePageAreTheseWordForWord() throws IOException {
        List<String> tests = List.of(text("TransferTest"), text("HttpTest"));
        String page = Files.readString(ROOT.resolve("docs/junit.md"));
        List<String> classes =
                Stream.of(page.split("(?m)^```java\n"))
                        .skip(1)
                        .map(rest -> rest.substring(0, rest.indexOf("```")))
                        .filter(block -> block.contains("\nclass "))
                        .toList();
        assertThat(classes).containsExactlyInAnyOrderElementsOf(tests);
    }

    /// A class as the page shows it: without the package's line.
    private static String text(String name) throws IOException {
        Path here = ROOT.resolve("linnet-junit/src/test/java/dev/linnet/examples");
        return Files.readString(here.resolve(name + ".java")).replaceFirst("^package .*;\n\n", "");
    }

    private static Path root() {
        Path dir = Path.of("").toAbsolutePath();
        while (dir != null && !Files.isDirectory(dir.resolve("linnet-junit"))) {
            dir = dir.getParent();
        }
        if (dir == null) {
            throw new IllegalStateException("not inside the repository");
        }
        return dir;
    }
}
