package dev.linnet.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.sim.LinkConfig;
import dev.linnet.wire.pcapng.PcapngReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
    private static String run(String link, long seed, Path pcap) throws IOException {
        StringWriter text = new StringWriter();
        DemoScreen screen = new DemoScreen(new PrintWriter(text), false);
        boolean ok = new Demo(LinkConfig.parse(link), link, seed, 1, false, pcap, screen).run();
        assertThat(ok).as(text.toString()).isTrue();
        return text.toString();
    }

    @Test
    void theSameSeedGivesTheSameCaptureByteForByte(@TempDir Path dir) throws IOException {
        String first = run("delay=20ms,loss=1%", 7, dir.resolve("a"));
        String second = run("delay=20ms,loss=1%", 7, dir.resolve("b"));
        assertThat(dir.resolve("a")).hasSameBinaryContentAs(dir.resolve("b"));
        assertThat(first.replace("/a ", "/b ")).isEqualTo(second);
        run("delay=20ms,loss=1%", 8, dir.resolve("c"));
        assertThat(Files.readAllBytes(dir.resolve("a")))
                .isNotEqualTo(Files.readAllBytes(dir.resolve("c")));
    }

    @Test
    void theCaptureHasTheHandshakeAndTheScreenTheTables(@TempDir Path dir) throws IOException {
        String text = run("delay=5ms", 1, dir.resolve("x.pcapng"));
        assertThat(text)
                .contains(
                        "SHA-256 correct", "LISTEN", "wscale:", "server TcpPassiveOpens", "100 %");
        try (PcapngReader reader =
                new PcapngReader(Files.newInputStream(dir.resolve("x.pcapng")))) {
            assertThat(reader.readAll().size()).isGreaterThan(100);
        }
    }
}
