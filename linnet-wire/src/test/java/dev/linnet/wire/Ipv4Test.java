package dev.linnet.wire;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class Ipv4Test {

    private static final int IP = Ethernet.HEADER_BYTES;

    @Test
    void readsWhatLinuxWrote() {
        byte[] b = LinuxFrames.DATA;
        assertThat(Ipv4.checkHeader(b, IP, b.length - IP)).isEqualTo(20);
        assertThat(Ipv4.version(b, IP)).isEqualTo(4);
        assertThat(Ipv4.headerBytes(b, IP)).isEqualTo(20);
        assertThat(Ipv4.tos(b, IP)).isEqualTo(Ecn.ECT_0);
        assertThat(Ipv4.totLen(b, IP)).isEqualTo(57);
        assertThat(Ipv4.id(b, IP)).isEqualTo(0x4271);
        assertThat(Ipv4.fragOff(b, IP)).isEqualTo(Ipv4.DF);
        assertThat(Ipv4.isFragment(b, IP)).isFalse();
        assertThat(Ipv4.ttl(b, IP)).isEqualTo(64);
        assertThat(Ipv4.protocol(b, IP)).isEqualTo(IpProto.TCP);
        assertThat(Ipv4.saddr(b, IP)).isEqualTo(In4Addr.parse("192.0.2.1"));
        assertThat(Ipv4.daddr(b, IP)).isEqualTo(In4Addr.parse("192.0.2.2"));
    }

    @Test
    void writesWhatLinuxWrote() {
        byte[] linux = java.util.Arrays.copyOfRange(LinuxFrames.DATA, IP, IP + 20);
        byte[] ours = new byte[20];
        Ipv4.put(
                ours,
                0,
                Ecn.ECT_0,
                57,
                0x4271,
                Ipv4.DF,
                64,
                IpProto.TCP,
                In4Addr.of(192, 0, 2, 1),
                In4Addr.of(192, 0, 2, 2));
        Ipv4.sendCheck(ours, 0);
        assertThat(ours).isEqualTo(linux);
    }

    @Test
    void headerLengthIsWrittenInBytes() {
        byte[] b = new byte[60];
        Ipv4.headerBytes(b, 0, 60);
        assertThat(b[0]).isEqualTo((byte) 0x4f);
        assertThat(Ipv4.headerBytes(b, 0)).isEqualTo(60);
        assertThat(Ipv4.version(b, 0)).isEqualTo(4);
    }

    @Test
    void fragmentsAreSeenByOffsetOrMoreFlag() {
        byte[] b = new byte[20];
        Ipv4.fragOff(b, 0, Ipv4.MF);
        assertThat(Ipv4.isFragment(b, 0)).isTrue();
        assertThat(Ipv4.fragmentOffsetBytes(b, 0)).isZero();
        Ipv4.fragOff(b, 0, Ipv4.DF | 185);
        assertThat(Ipv4.isFragment(b, 0)).isTrue();
        assertThat(Ipv4.fragmentOffsetBytes(b, 0)).isEqualTo(1480);
        Ipv4.fragOff(b, 0, Ipv4.OFFSET_MASK);
        assertThat(Ipv4.fragmentOffsetBytes(b, 0)).isEqualTo(65528);
    }

    @Property
    void theChecksumSurvivesAHopAndARemark(
            @ForAll @Size(60) byte[] b,
            @ForAll @IntRange(min = 5, max = 15) int words,
            @ForAll @IntRange(min = 1, max = 255) int ttl,
            @ForAll @IntRange(max = 255) int tos) {
        Ipv4.headerBytes(b, 0, 4 * words);
        Ipv4.ttl(b, 0, ttl);
        Ipv4.sendCheck(b, 0);
        assertThat(Ipv4.checksumOk(b, 0)).isTrue();

        assertThat(Ipv4.decreaseTtl(b, 0)).isEqualTo(ttl - 1);
        assertThat(Ipv4.ttl(b, 0)).isEqualTo(ttl - 1);
        assertThat(Ipv4.checksumOk(b, 0)).isTrue();

        int protocol = Ipv4.protocol(b, 0);
        Ipv4.changeTos(b, 0, tos);
        assertThat(Ipv4.tos(b, 0)).isEqualTo(tos);
        assertThat(Ipv4.checksumOk(b, 0)).isTrue();
        assertThat(Ipv4.headerBytes(b, 0)).isEqualTo(4 * words);
        assertThat(Ipv4.protocol(b, 0)).isEqualTo(protocol);
    }

    @Test
    void ecnIsTheLowTwoBits() {
        assertThat(Ecn.of(0xb9)).isEqualTo(Ecn.ECT_1);
        assertThat(Ecn.isCapable(0xb8)).isFalse();
        assertThat(Ecn.isCapable(0xba)).isTrue();
        assertThat(Ecn.isCe(0xba)).isFalse();
        assertThat(Ecn.isCe(0xbb)).isTrue();
    }
}
