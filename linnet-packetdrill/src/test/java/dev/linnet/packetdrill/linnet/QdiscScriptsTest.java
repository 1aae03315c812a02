package dev.linnet.packetdrill.linnet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.packetdrill.IpMode;
import dev.linnet.packetdrill.RunResult;
import dev.linnet.packetdrill.ScriptRunner;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Connections over the queueing disciplines that `tc` sets.
class QdiscScriptsTest {
    private static final String CONNECTION =
            """
            0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
            +0 bind(3, ..., ...) = 0
            +0 listen(3, 1) = 0
            +0 < S 0:0(0) win 32792 <mss 1000,sackOK,nop,nop,nop,wscale 10>
            +0~+.05 > S. 0:0(0) ack 1 <...>
            +.1 < . 1:1(0) ack 1 win 514
            +0 accept(3, ..., ...) = 4
            """;

    /// The first ten segments are never held back.
    private static final String PACED =
            CONNECTION
                    + """
                    +0 setsockopt(4, SOL_SOCKET, SO_MAX_PACING_RATE, [100000], 4) = 0
                    +0 write(4, ..., 10000) = 10000
                    +0 > P. 1:10001(10000) ack 1
                    +.1 < . 1:1(0) ack 10001 win 514
                    +0 write(4, ..., 10000) = 10000
                    """;

    private static final String ONE_BY_ONE =
            """
            +0 > P. 10001:12001(2000) ack 1
            +.01 > P. 12001:14001(2000) ack 1
            +.02 > P. 14001:16001(2000) ack 1
            +.02 > P. 16001:18001(2000) ack 1
            +.02 > P. 18001:20001(2000) ack 1
            """;

    private static RunResult run(String text) {
        ScriptRunner runner = new ScriptRunner(new LinnetTargets(), List.of());
        return runner.run(Path.of("qdisc.pkt").toAbsolutePath(), text, IpMode.IPV4);
    }

    private static void passes(String text) {
        RunResult result = run(text);
        assertThat(result.passed()).as(result.report()).isTrue();
    }

    /// The rate is kept by the sock's own timer without the fair queue, and by the queue with it.
    @ParameterizedTest
    @ValueSource(strings = {"pfifo", "fq", "fq limit 100 flow_limit 20 quantum 3000 buckets 64"})
    void aRateIsKept(String kind) {
        passes("`tc qdisc add dev tun0 root " + kind + "`\n" + PACED + ONE_BY_ONE);
    }

    @Test
    void aFairQueueHasARateOfItsOwn() {
        passes(
                "`tc qdisc add dev tun0 root fq maxrate 40kbps`\n"
                        + CONNECTION
                        + """
                        +0 write(4, ..., 6000) = 6000
                        +0 > P. 1:2001(2000) ack 1
                        +.051 > P. 2001:4001(2000) ack 1
                        +.051 > P. 4001:6001(2000) ack 1
                        """);
    }

    @Test
    void whatIsSentComesLater() {
        passes(
                "`tc qdisc add dev tun0 root netem delay 20ms`\n"
                        + CONNECTION
                        + "+0 write(4, ..., 1000) = 1000\n+.02 > P. 1:1001(1000) ack 1\n");
    }

    @Test
    void whatIsLostIsSentAgain() {
        passes(
                "`true`\n"
                        + CONNECTION
                        + """
                        +0 `tc qdisc add dev tun0 root netem loss 100%`
                        +0 write(4, ..., 1000) = 1000
                        +0 `tc qdisc del dev tun0 root`
                        * > P. 1:1001(1000) ack 1
                        +0 %{ assert tcpi_total_retrans == 1, tcpi_total_retrans }%
                        """);
    }

    @ParameterizedTest
    @CsvSource({
        "tc qdisc del dev tun0 root, 2",
        "tc qdisc add dev tun0 root pfifo; tc qdisc add dev tun0 root fq, 2",
        "tc qdisc add dev tun0 root fq nonsense 1, 1",
        "tc qdisc add dev tun0 root fq_codel, 2",
        "tc qdisc add dev tun0 root netem delay soon, 1",
        "tc class add dev tun0, 1",
        "tc qdisc replace dev tun0 root bfifo limit 0 && tc qdisc show dev tun0, 0",
    })
    void whatTcAnswers(String line, int status) {
        RunResult result = run("`" + line + "`\n0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n");
        assertThat(result.passed()).as(result.report()).isEqualTo(status == 0);
        if (status != 0) {
            assertThat(result.report()).contains("status " + status);
        }
    }
}
