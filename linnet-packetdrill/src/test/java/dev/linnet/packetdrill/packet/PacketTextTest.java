package dev.linnet.packetdrill.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.linnet.packetdrill.script.Event.PacketEvent;
import dev.linnet.packetdrill.script.PacketSpec;
import dev.linnet.packetdrill.script.ScriptParser;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacketTextTest {
    static final Tuple V4 =
            new Tuple(IpAddress.parse("10.1.2.3"), 4711, IpAddress.parse("192.0.2.9"), 80);
    static final Tuple V6 =
            new Tuple(IpAddress.parse("fd00::1:2"), 4711, IpAddress.parse("2001:db8::9"), 80);

    static PacketSpec spec(String text) {
        return ((PacketEvent)
                        new ScriptParser("t").parse("0 < " + text, Map.of()).events().getFirst())
                .packet();
    }

    static ScriptPacket build(String text, boolean v6) {
        return PacketBuilder.build(spec(text), v6);
    }

    private static ScriptPacket expected(String text) {
        PacketEvent event =
                (PacketEvent)
                        new ScriptParser("t").parse("0 > " + text, Map.of()).events().getFirst();
        return PacketBuilder.build(event.packet(), false);
    }

    /// What a script writes is what the bytes say when they are read again.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "S 0:0(0) win 65535 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 8>",
                "S. 0:0(0) ack 1 win 65535 <mss 1460,nop,nop,sackOK>",
                "P. 1:1461(1460) ack 1 win 257",
                "F. 4294967295:4294967295(0) ack 4294967295 win 0",
                "R 17:17(0) win 0",
                ". 1:1(0) ack 1 win 257 <nop,nop,sack 1461:2921 4381:5841>",
                ". 1:1(0) ack 1 win 257 <nop,nop,TS val 4294967295 ecr 1>",
                "S 0:0(0) win 1 <mss 1460,FO 0102030405060708,nop,nop>",
                "S 0:0(0) win 1 <mss 1460,FOEXP 010203040506,nop,nop>",
                "S 0:0(0) win 1 <nop,nop,md5 00112233445566778899aabbccddeeff>",
                "[ect0] P. 1:2(1) ack 1 win 3",
                "[ect1] P. 1:2(1) ack 1 win 3",
                "[ce] P. 1:2(1) ack 1 win 3",
                "SEW 0:0(0) win 1 <mss 1000>",
                "SEWA 0:0(0) win 1 <mss 1000>",
                "PU. 1:11(10) ack 1 win 3 urg 10",
                ". 1:1(0) ack 1 win 1 <ECN e0b 1 ceb 2 e1b 3,nop>",
                ". 1:1(0) ack 1 win 1 <ECN e1b 1 ceb 2 e0b 3,nop>",
                ". 1:1(0) ack 1 win 1 <nop,nop,nop,eol>",
                "udp (1000)",
            })
    void readsAsItWasWritten(String text) {
        for (boolean v6 : new boolean[] {false, true}) {
            ScriptPacket built = build(text, v6);
            assertThat(PacketText.of(built)).isEqualTo(text);
            Packet packet = built.packet();
            packet.setTuple(v6 ? V6 : V4);
            PacketChecksums.fill(packet);
            Packet read = PacketParser.parse(packet.bytes());
            assertThat(PacketText.of(read)).isEqualTo(text);
            assertThat(read.tuple()).isEqualTo(v6 ? V6 : V4);
            assertThat(PacketChecksums.fault(read)).isEmpty();
        }
    }

    @Test
    void whatIsLeftOpenIsLeftOut() {
        assertThat(PacketText.of(expected(". 1:1(0) ack 1"))).isEqualTo(". 1:1(0) ack 1");
        assertThat(PacketText.of(expected("S 0:0(0) <...>"))).isEqualTo("S 0:0(0) <...>");
    }

    @Test
    void icmpErrorsQuoteThePacket() {
        Packet packet =
                build("icmp unreachable frag_needed mtu 1300 [1:1461(1460)]", false).packet();
        packet.setTuple(V4);
        PacketChecksums.fill(packet);
        Packet read = PacketParser.parse(packet.bytes());
        assertThat(PacketText.of(read)).contains("unreachable", "frag_needed", "1300");
        assertThat(PacketChecksums.fault(read)).isEmpty();
        int quoted = read.quotedIpOffset();
        assertThat(Packet.source(read.bytes(), quoted, false)).isEqualTo(V4.destination());
        assertThat(Packet.destination(read.bytes(), quoted, false)).isEqualTo(V4.source());
    }

    /// Any bit of a packet that is covered by a checksum is missed when it is wrong.
    @ParameterizedTest
    @ValueSource(strings = {"P. 1:101(100) ack 1 win 257 <nop,nop,TS val 1 ecr 2>", "udp (33)"})
    void checksumsFindChangedBits(String text) {
        for (boolean v6 : new boolean[] {false, true}) {
            Packet packet = build(text, v6).packet();
            packet.setTuple(v6 ? V6 : V4);
            PacketChecksums.fill(packet);
            byte[] bytes = packet.bytes();
            int transport = packet.transportOffset();
            for (int at = transport + 4; at < bytes.length; at += 7) {
                if (at >= transport + 12 && at < transport + 13) {
                    continue; // The data offset: the packet would have another shape.
                }
                bytes[at] ^= 0x10;
                assertThat(PacketChecksums.fault(packet)).as("byte %d of %s", at, text).isPresent();
                bytes[at] ^= 0x10;
            }
        }
    }

    @Test
    void optionsMustFillWords() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> build("S 0:0(0) win 1 <sackOK>", false));
    }

    @Test
    void mtuBelongsToOneMessageOnly() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> build("icmp unreachable host_unreachable mtu 1300", false));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> build("icmp unreachable frag_needed mtu 70000", false));
    }
}
