package dev.linnet.packetdrill.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.linnet.packetdrill.script.Event.CodeEvent;
import dev.linnet.packetdrill.script.Event.CommandEvent;
import dev.linnet.packetdrill.script.Event.Direction;
import dev.linnet.packetdrill.script.Event.PacketEvent;
import dev.linnet.packetdrill.script.Event.SyscallEvent;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptParserTest {
    private static Script parse(String text) {
        return parse(text, Map.of());
    }

    private static Script parse(String text, Map<String, String> defines) {
        return new ScriptParser("t.pkt").parse(text, defines);
    }

    private static Event event(String text) {
        List<Event> events = parse(text).events();
        assertThat(events).hasSize(1);
        return events.getFirst();
    }

    private static PacketSpec packet(String text) {
        return ((PacketEvent) event(text)).packet();
    }

    private static PacketSpec.Tcp tcp(String text) {
        return (PacketSpec.Tcp) packet(text);
    }

    private static Expression argument(String text) {
        return ((SyscallEvent) event("0 f(" + text + ") = 0")).call().args().getFirst();
    }

    @Test
    void allThatAScriptConsistsOf() {
        Script script =
                parse(
                        """
                        // A comment.
                        --mss=1400
                        --tolerance_usecs=7000
                        `true`
                        /* Another
                           comment. */
                        0 `sleep 0`
                        +0 close(3) = 0
                        +1 %{ assert 1 }%
                        +2 < . 1:1(0) ack 1 win 10
                        `false`
                        """);
        assertThat(script.options())
                .extracting(Script.Option::name)
                .containsExactly("mss", "tolerance_usecs");
        assertThat(script.options().getFirst().value()).contains("1400");
        assertThat(script.init().orElseThrow().commandLine()).isEqualTo("true");
        assertThat(script.cleanup().orElseThrow().commandLine()).isEqualTo("false");
        assertThat(script.events())
                .hasExactlyElementsOfTypes(
                        CommandEvent.class, SyscallEvent.class, CodeEvent.class, PacketEvent.class);
        assertThat(script.events()).extracting(e -> e.at().line()).containsExactly(7, 8, 9, 10);
    }

    @Test
    void times() {
        assertThat(event("1.5 `x`").time()).isEqualTo(new EventTime.Absolute(1_500_000));
        assertThat(event("+.25 `x`").time()).isEqualTo(new EventTime.Relative(250_000));
        assertThat(event("* > . 1:1(0) ack 1").time()).isEqualTo(new EventTime.Any());
        assertThat(event("1~2 > . 1:1(0) ack 1").time())
                .isEqualTo(new EventTime.AbsoluteRange(1_000_000, 2_000_000));
        assertThat(event("+.1~+.2 > . 1:1(0) ack 1").time())
                .isEqualTo(new EventTime.RelativeRange(100_000, 200_000));
        assertThat(((SyscallEvent) event("1...1.5 read(3, ..., 10) = 10")).end())
                .isEqualTo(OptionalLong.of(1_500_000));
    }

    @Test
    void tcpSegment() {
        PacketEvent event = (PacketEvent) event("0 > FP. 1001:2001(1000) ack 17 win 260 urg 3");
        assertThat(event.direction()).isEqualTo(Direction.OUTBOUND);
        PacketSpec.Tcp tcp = (PacketSpec.Tcp) event.packet();
        assertThat(tcp.seq()).isEqualTo(1001);
        assertThat(tcp.payload()).isEqualTo(1000);
        assertThat(tcp.ack()).isEqualTo(17);
        assertThat(tcp.window()).isEqualTo(OptionalInt.of(260));
        assertThat(tcp.urgentPointer()).isEqualTo(3);
        assertThat(tcp.flags().letters()).isEqualTo("FP.");
        assertThat(tcp.options()).isEmpty();
        assertThat(tcp("0 > . 1:1(0) ack 1 <...>").options()).isNull();
        assertThat(tcp("0 > . 1:1(0) ack 1").window()).isEmpty();
    }

    @Test
    void accurateEcnFlags() {
        assertThat(tcp("0 > SEWA 0:0(0)").flags().letters()).isEqualTo("SEWA");
        assertThat(tcp("0 > P.5 1:1(0) ack 1").flags().ace()).isEqualTo(OptionalInt.of(5));
        assertThat(tcp("0 > P5. 1:1(0) ack 1").flags())
                .isEqualTo(tcp("0 > P.5 1:1(0) ack 1").flags());
    }

    @Test
    void tcpOptions() {
        assertThat(
                        tcp("0 < S 0:0(0) win 1 <mss 1000,sackOK,TS val 1 ecr 2,nop,wscale 7>")
                                .options())
                .containsExactly(
                        new TcpOption.Mss(1000),
                        new TcpOption.SackPermitted(),
                        new TcpOption.Timestamps(1, 2),
                        new TcpOption.Nop(),
                        new TcpOption.WindowScale(7));
        assertThat(tcp("0 < . 1:1(0) ack 1 win 1 <nop,nop,sack 1:2 5:9>").options())
                .last()
                .isEqualTo(
                        new TcpOption.Sack(
                                List.of(new TcpOption.Block(1, 2), new TcpOption.Block(5, 9))));
        TcpOption.FastOpen cookie =
                (TcpOption.FastOpen) tcp("0 < S 0:0(0) win 1 <FO 0102aB>").options().getFirst();
        assertThat(cookie.cookie()).containsExactly(1, 2, 0xab);
        assertThat(cookie.experimental()).isFalse();
        assertThat(tcp("0 > . 1:1(0) ack 1 <ECN e0b 1 ceb 2 e1b 3,nop>").options())
                .first()
                .isEqualTo(
                        new TcpOption.AccEcn(
                                List.of(
                                        new TcpOption.Counter("e0b", 1),
                                        new TcpOption.Counter("ceb", 2),
                                        new TcpOption.Counter("e1b", 3))));
    }

    @Test
    void ipFields() {
        assertThat(packet("0 > [ce] . 1:1(0) ack 1").ip().check())
                .isEqualTo(PacketSpec.TosCheck.ECN);
        assertThat(packet("0 > [ce] . 1:1(0) ack 1").ip().tos()).isEqualTo(3);
        PacketSpec.IpInfo whole = packet("0 > (tos 0x28) . 1:1(0) ack 1").ip();
        assertThat(whole.check()).isEqualTo(PacketSpec.TosCheck.WHOLE_BYTE);
        assertThat(whole.tos()).isEqualTo(0x28);
        assertThat(packet("0 > [noecn, ttl 64] . 1:1(0) ack 1").ip().ttl()).contains(64);
        assertThat(packet("0 > (flowlabel 0x12345) . 1:1(0) ack 1").ip().flowLabel())
                .isEqualTo(0x12345);
    }

    @Test
    void otherProtocols() {
        PacketSpec.Udp udp = (PacketSpec.Udp) packet("0 < udp 53 > 99 (100)");
        assertThat(udp.payload()).isEqualTo(100);
        assertThat(udp.ports()).isEqualTo(new PacketSpec.Ports(53, 99));
        PacketSpec.Icmp icmp =
                (PacketSpec.Icmp)
                        packet("0 < icmp unreachable frag_needed mtu 1300 [1:1461(1460)]");
        assertThat(icmp.type()).isEqualTo("unreachable");
        assertThat(icmp.code()).isEqualTo("frag_needed");
        assertThat(icmp.mtu()).hasValue(1300);
        assertThat(icmp.echoed()).isEqualTo(new PacketSpec.Echoed.OfTcp(1, 1460));
        assertThat(packet("0 > ipv4 1.2.3.4 > 5.6.7.8: gre: . 1:1(0) ack 1").outer())
                .hasExactlyElementsOfTypes(PacketSpec.OuterIp.class, PacketSpec.Gre.class);
    }

    @Test
    void systemCall() {
        SyscallEvent call =
                (SyscallEvent) event("0 connect(3, ..., ...) = -1 EINPROGRESS (in progress)");
        assertThat(call.call().name()).isEqualTo("connect");
        assertThat(call.call().args())
                .hasExactlyElementsOfTypes(
                        Expression.IntLiteral.class,
                        Expression.Ellipsis.class,
                        Expression.Ellipsis.class);
        assertThat(call.errno()).isNotNull();
        assertThat(call.errno().name()).isEqualTo("EINPROGRESS");
        assertThat(call.blocking()).isFalse();
    }

    @Test
    void expressions() {
        assertThat(((Expression.IntLiteral) argument("0x1F")).value()).isEqualTo(31);
        assertThat(((Expression.IntLiteral) argument("-7")).value()).isEqualTo(-7);
        assertThat(((Expression.StringLiteral) argument("\"a\\n\" \"b\"")).bytes())
                .containsExactly('a', '\n', 'b');
        assertThat(argument("A | B | 4")).isInstanceOf(Expression.Or.class);
        Expression.ListExpr list = (Expression.ListExpr) argument("[{1, 2}, {fd=3, events=A}]");
        Expression.Struct second = (Expression.Struct) list.items().getLast();
        assertThat(second.get("events")).isInstanceOf(Expression.SymbolRef.class);
        assertThat(second.get("revents")).isNull();
        assertThat(((Expression.Call) argument("htons(80)")).name()).isEqualTo("htons");
    }

    @Test
    void definesReplaceWords() {
        Script script =
                parse(
                        "0 < S 0:0(0) win 1 <FO COOKIE>\n+0 f(N) = 0",
                        Map.of("COOKIE", "0a0b", "N", "5"));
        PacketSpec.Tcp syn = (PacketSpec.Tcp) ((PacketEvent) script.events().getFirst()).packet();
        assertThat(((TcpOption.FastOpen) syn.options().getFirst()).cookie())
                .containsExactly(10, 11);
        SyscallEvent call = (SyscallEvent) script.events().getLast();
        assertThat(((Expression.IntLiteral) call.call().args().getFirst()).value()).isEqualTo(5);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "0 > . 1:1(5) ack 1                       | 1 | 7",
                "0 > X. 1:1(0) ack 1                      | 1 | 5",
                "0 socket(AF_INET, = 3                    | 1 | 19",
                "0 > . 1:1(0) ack 1 <mss 70000>           | 1 | 25",
                "0 > . 1:1(0) ack 1 <mss>                 | 1 | 24",
                "0 < S 0:0(0) win 70000                   | 1 | 18",
                "0 < . 1:1(0) win 1 <md5 012>             | 1 | 25",
                "+0 read(3, ..., 10) = 10 10              | 1 | 28",
                "0 < . 4294967296:4294967296(0) win 1     | 1 | 7",
                "@                                        | 1 | 1",
            })
    void errorsSayWhere(String text, int line, int column) {
        assertThatExceptionOfType(ScriptException.class)
                .isThrownBy(() -> parse(text.strip()))
                .satisfies(
                        e -> {
                            assertThat(e.line()).as("line of: %s", e.getMessage()).isEqualTo(line);
                            assertThat(e.column())
                                    .as("column of: %s", e.getMessage())
                                    .isEqualTo(column);
                            assertThat(e).hasMessageStartingWith("t.pkt:" + line + ":" + column);
                        });
    }

    @Test
    void anErrorInALaterLine() {
        assertThatExceptionOfType(ScriptException.class)
                .isThrownBy(() -> parse("0 close(3) = 0\n\n  +0 close(] = 0"))
                .satisfies(e -> assertThat(e.line() + ":" + e.column()).isEqualTo("3:12"));
    }

    @Test
    void timesThatOnlyExpectedPacketsMayHave() {
        for (String time : List.of("*", "1~2", "+1~+2")) {
            assertThatExceptionOfType(ScriptException.class)
                    .isThrownBy(() -> parse(time + " < . 1:1(0) ack 1 win 1"));
            assertThatExceptionOfType(ScriptException.class)
                    .isThrownBy(() -> parse(time + " close(3) = 0"));
        }
    }
}
