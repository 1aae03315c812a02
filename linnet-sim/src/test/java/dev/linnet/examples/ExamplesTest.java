package dev.linnet.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The programs of `docs/api.md` do what that page says, and stand there word for word.
@Timeout(60)
class ExamplesTest {
    private static final Path ROOT = root();

    @FunctionalInterface
    private interface Program {
        void main(String[] args) throws IOException;
    }

    private static List<String> outputOf(Program program, String... args) throws IOException {
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
    void twoHosts() throws IOException {
        // ARP takes a round trip, the SYN another; the data a third.
        assertThat(outputOf(TwoHosts::main))
                .containsExactly("connect: 0", "after 80 ms", "read: 5 hello", "after 120 ms");
    }

    @Test
    void udpEcho() throws IOException {
        assertThat(outputOf(UdpEcho::main))
                .containsExactly(
                        "sent: 10",
                        "received: 10 from 127.0.0.1:5000",
                        "once more: -EAGAIN",
                        "refused: -ECONNREFUSED");
    }

    @Test
    void sharedPage(@TempDir Path directory) throws IOException {
        assertThat(outputOf(SharedPage::main, directory.toString()))
                .containsExactly("read: Jello world", "size: 11", "kept: Jello world");
    }

    @Test
    void epollServer() throws IOException {
        assertThat(outputOf(EpollServer::main))
                .containsExactlyInAnyOrder(
                        "answer: client 1", "answer: client 2", "answer: client 3");
    }

    @Test
    void withoutCopies() throws IOException {
        assertThat(outputOf(WithoutCopies::main))
                .containsExactly("sent up to 1000000", "zeros: 1000000");
    }

    @Test
    void pollTimeout() throws IOException {
        assertThat(outputOf(PollTimeout::main))
                .containsExactly("ready: 0", "after 3600 s", "ready: 1", "after 5 s");
    }

    @Test
    void serviceMesh() throws IOException {
        assertThat(outputOf(ServiceMesh::main))
                .containsExactly("connect: 0", "peer: 127.0.0.1:8080", "bind to 23: -EACCES");
    }

    @Test
    void lossyLink(@TempDir Path dir) throws IOException {
        Path file = dir.resolve("lossy.pcapng");
        List<String> lines = outputOf(LossyLink::main, file.toString());
        assertThat(lines).hasSize(4).first().isEqualTo("received: 1048576");
        long lost = number(lines.get(1), "lost by the link: ");
        long sentAgain = number(lines.get(2), "sent again: ");
        assertThat(lost).isPositive();
        assertThat(sentAgain).isBetween(lost / 2, 10 * lost); // lost ACKs need no repetition
        assertThat(number(lines.get(3), "captured: ")).isGreaterThan(1048576 / 1428);
        assertThat(file).isNotEmptyFile();
    }

    private static long number(String line, String label) {
        assertThat(line).startsWith(label);
        return Long.parseLong(line.substring(label.length()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"docs/api.md", "README.md"})
    void programsInThePageAreTheseWordForWord(String page) throws IOException {
        List<String> sources = programs().map(ExamplesTest::text).toList();
        assertThat(blocks(Files.readString(ROOT.resolve(page)))).isNotEmpty().isSubsetOf(sources);
    }

    @Test
    void everyProgramIsInTheApiPage() throws IOException {
        assertThat(blocks(Files.readString(ROOT.resolve("docs/api.md"))))
                .containsExactlyInAnyOrderElementsOf(programs().map(ExamplesTest::text).toList());
    }

    /// Those here, and those of linnet-junit, which need more modules and are run there.
    private static Stream<Path> programs() throws IOException {
        List<Path> all = new ArrayList<>();
        for (String module : List.of("linnet-sim", "linnet-junit")) {
            Path here = ROOT.resolve(module).resolve("src/test/java/dev/linnet/examples");
            try (Stream<Path> files = Files.list(here)) {
                files.filter(file -> !file.toString().endsWith("Test.java"))
                        .sorted()
                        .forEach(all::add);
            }
        }
        return all.stream();
    }

    /// A program as a page shows it: without the package's line.
    private static String text(Path file) {
        try {
            return Files.readString(file).replaceFirst("^package .*;\n\n", "");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /// The Java programs of a Markdown page.
    private static List<String> blocks(String page) {
        return Stream.of(page.split("(?m)^```java\n"))
                .skip(1)
                .map(rest -> rest.substring(0, rest.indexOf("```")))
                .toList();
    }

    private static Path root() {
        Path dir = Path.of("").toAbsolutePath();
        while (dir != null && !Files.isDirectory(dir.resolve("linnet-sim"))) {
            dir = dir.getParent();
        }
        if (dir == null) {
            throw new IllegalStateException("not inside the repository");
        }
        return dir;
    }
}
