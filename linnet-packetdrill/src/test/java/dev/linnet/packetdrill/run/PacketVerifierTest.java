package dev.linnet.packetdrill.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.linnet.packetdrill.packet.IpAddress;
import dev.linnet.packetdrill.packet.Packet;
import dev.linnet.packetdrill.packet.PacketBuilder;
import dev.linnet.packetdrill.packet.ScriptPacket;
import dev.linnet.packetdrill.packet.Tuple;
import dev.linnet.packetdrill.script.Event.PacketEvent;
import dev.linnet.packetdrill.script.ScriptParser;
import dev.linnet.packetdrill.state.EventFailure;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacketVerifierTest {
    private static final Tuple FIRST =
            new Tuple(IpAddress.parse("10.0.0.1"), 1, IpAddress.parse("10.0.0.2"), 2);
    private static final Tuple SECOND =
            new Tuple(IpAddress.parse("10.0.0.1"), 1, IpAddress.parse("10.0.0.2"), 3);

    private static ScriptPacket script(String text) {
        PacketEvent event =
                (PacketEvent)
                        new ScriptParser("t").parse("0 > " + text, Map.of()).events().getFirst();
        return PacketBuilder.build(event.packet(), false);
    }

    private static Packet packet(String text) {
        return script(text).packet();
    }

    private static void verify(String expected, String actual) {
        ScriptPacket script = script(expected);
        PacketVerifier.headers(packet(actual), script);
        if (script.optionsChecked()) {
            PacketVerifier.options(packet(actual), script.packet(), 1000, 4000);
        }
        PacketVerifier.payload(packet(actual), script.packet());
    }

    /// Each time one field differs, and it is that which is named.
    @ParameterizedTest(name = "{0} / {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "P. 1:11(10) ack 1 win 100 | P. 2:12(10) ack 1 win 100  | tcp_seq",
                "P. 1:11(10) ack 1 win 100 | P. 1:11(10) ack 2 win 100  | tcp_ack_seq",
                "P. 1:11(10) ack 1 win 100 | P. 1:11(10) ack 1 win 101  | tcp_window",
                "P. 1:11(10) ack 1 win 100 | P. 1:12(11) ack 1 win 100  | ipv4_total_length",
                "P. 1:11(10) ack 1         | . 1:11(10) ack 1           | tcp_psh",
                "P. 1:11(10) ack 1         | FP. 1:11(10) ack 1         | tcp_fin",
                ". 1:1(0) ack 1            | S. 1:1(0) ack 1            | tcp_syn",
                "R. 1:1(0) ack 1           | . 1:1(0) ack 1             | tcp_rst",
                "R. 1:1(0) ack 0           | R 1:1(0)                   | tcp_ack",
                ". 1:1(0) ack 1            | E. 1:1(0) ack 1            | tcp_ece",
                ". 1:1(0) ack 1            | W. 1:1(0) ack 1            | tcp_cwr",
                ". 1:1(0) ack 1            | A. 1:1(0) ack 1            | tcp_ae",
                ".5 1:1(0) ack 1           | .6 1:1(0) ack 1            | tcp_ace",
                "U. 1:2(1) ack 1 urg 1     | U. 1:2(1) ack 1 urg 2      | tcp_urg_ptr",
                "[ect0] . 1:1(0) ack 1     | . 1:1(0) ack 1             | ip_ecn",
                "[noecn] . 1:1(0) ack 1    | [ce] . 1:1(0) ack 1        | ip_ecn",
                "[ect01] . 1:1(0) ack 1    | [ce] . 1:1(0) ack 1        | ip_ecn",
                "(tos 0x10) . 1:1(0) ack 1 | . 1:1(0) ack 1             | tos",
                "[ttl 64] . 1:1(0) ack 1   | [ttl 63] . 1:1(0) ack 1    | ttl",
                "S 0:0(0) <mss 1460>       | S 0:0(0) <mss 1461>        | kind=2",
                "S 0:0(0) <mss 1460>       | S 0:0(0) <sackOK,nop,nop>  | TCP options",
                ". 1:1(0) ack 1            | . 1:1(0) ack 1 <nop,nop,nop,nop> | ipv4_total_length",
                ". 1:1(0) <nop,nop,sack 1:2> | . 1:1(0) <nop,nop,sack 1:3>    | kind=5",
                ". 1:1(0) <nop,nop,TS val 1 ecr 1> | . 1:1(0) <nop,nop,TS val 6 ecr 1> | timestamp",
                "udp (10)                  | udp (11)                   | ipv4_total_length",
                "udp (10)                  | . 1:1(0) ack 1             | ipv4_protocol",
                "icmp unreachable host_unreachable | icmp unreachable port_unreachable | icmp_code",
                "icmp unreachable host_unreachable | icmp time_exceeded         | icmp_type",
                "gre: . 1:1(0) ack 1       | . 1:1(0) ack 1             | header layers",
            })
    void findsTheFieldThatDiffers(String expected, String actual, String field) {
        String outer = "ipv4 1.1.1.1 > 2.2.2.2: ";
        String want = expected.startsWith("gre") ? outer + expected : expected;
        assertThatExceptionOfType(EventFailure.class)
                .isThrownBy(() -> verify(want.strip(), actual.strip()))
                .satisfies(e -> assertThat(e.message()).contains(field));
        String same = want.strip().replace("ect01", "ect0");
        assertThatCode(() -> verify(want.strip(), same)).doesNotThrowAnyException();
    }

    @ParameterizedTest(name = "{0} / {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                ". 1:1(0) ack 1            | . 1:1(0) ack 1 win 777",
                "S 0:0(0) <...>            | S 0:0(0) <mss 1460,nop,nop,sackOK>",
                ". 1:1(0) ack 1            | [ce] . 1:1(0) ack 1",
                "[ect01] . 1:1(0) ack 1    | [ect1] . 1:1(0) ack 1",
                ". 1:1(0) ack 1            | [ttl 9] . 1:1(0) ack 1",
                ". 1:1(0) <nop,nop,TS val 1 ecr 1> | . 1:1(0) <nop,nop,TS val 5 ecr 9>",
            })
    void whatIsLeftOpenIsNotCompared(String expected, String actual) {
        assertThatCode(() -> verify(expected.strip(), actual.strip())).doesNotThrowAnyException();
    }

    @Test
    void segmentsAddUpToTheExpectedOne() {
        Aggregate aggregate = new Aggregate(2500);
        aggregate.add(packet("W. 1:1001(1000) ack 1 win 5"), FIRST, 10);
        assertThat(aggregate.isComplete()).isFalse();
        aggregate.add(packet(". 1001:2001(1000) ack 1 win 5"), FIRST, 20);
        aggregate.add(packet("FP. 2001:2501(500) ack 1 win 5"), FIRST, 30);
        assertThat(aggregate.isComplete()).isTrue();
        assertThat(aggregate.lastUsecs()).isEqualTo(30);
        PacketVerifier.headers(aggregate.packet(), script("FPW. 1:2501(2500) ack 1 win 5"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                ". 1002:2002(1000) ack 1 win 5 | tcp_seq",
                ". 1001:2001(1000) ack 2 win 5 | tcp_ack_seq",
                ". 1001:2001(1000) ack 1 win 6 | tcp_window",
                ". 1001:2000(999) ack 1 win 5  | fragment payload",
                "R. 1001:2001(1000) ack 1 win 5 | tcp_rst",
                "[ttl 3] . 1001:2001(1000) ack 1 win 5 | ttl",
            })
    void segmentsThatDoNotContinueEachOther(String second, String field) {
        Aggregate aggregate = new Aggregate(3000);
        aggregate.add(packet(". 1:1001(1000) ack 1 win 5"), FIRST, 10);
        assertThatExceptionOfType(EventFailure.class)
                .isThrownBy(() -> aggregate.add(packet(second.strip()), FIRST, 20))
                .satisfies(e -> assertThat(e.message()).contains(field));
    }

    @Test
    void aSegmentOfAnotherConnectionBeginsAnew() {
        Aggregate aggregate = new Aggregate(2000);
        aggregate.add(packet(". 1:1001(1000) ack 1 win 5"), FIRST, 10);
        aggregate.add(packet(". 1:1001(1000) ack 1 win 5"), SECOND, 20);
        assertThat(aggregate.payload()).isEqualTo(1000);
    }
}
