package dev.linnet.kernel.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// Names and order of the drop reasons are Linux's.
class DropReasonTest {
    @Test
    void namesAndOrderAreThoseRecordedFromLinux618() throws IOException {
        compare(recorded());
    }

    @Test
    void namesAndOrderAreThoseOfTheTracepointOfThisMachine()
            throws IOException, InterruptedException {
        String release = System.getProperty("os.name") + " " + System.getProperty("os.version");
        Assumptions.assumeTrue(
                release.startsWith("Linux 6.18"), "skipped: needs Linux 6.18, this is " + release);
        Assumptions.assumeTrue(
                "root".equals(System.getProperty("user.name")), "skipped: needs root for tracefs");
        List<String> host =
                Pattern.compile("\\{ \\d+, \"(\\w+)\" \\}")
                        .matcher(format())
                        .results()
                        .map(match -> match.group(1))
                        .toList();
        compare(host);
        assertThat(host).isEqualTo(recorded());
    }

    /// The format of the tracepoint, with tracefs mounted in a mount namespace of its own.
    private static String format() throws IOException, InterruptedException {
        String read =
                "mount -t tracefs none /sys/kernel/tracing"
                        + " && cat /sys/kernel/tracing/events/skb/kfree_skb/format";
        Process process =
                new ProcessBuilder("unshare", "-m", "sh", "-c", read)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return text;
    }

    @Test
    void everyReasonIsExplained() {
        for (DropReason reason : DropReason.values()) {
            assertThat(reason.meaning()).as(reason.name()).endsWith(".").hasSizeGreaterThan(15);
        }
    }

    private static void compare(List<String> linux) {
        List<String> ours = Stream.of(DropReason.values()).map(Enum::name).toList();
        assertThat(linux).containsSubsequence(ours);
    }

    private static List<String> recorded() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(
                        DropReasonTest.class.getResourceAsStream("drop-reasons.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }
}
