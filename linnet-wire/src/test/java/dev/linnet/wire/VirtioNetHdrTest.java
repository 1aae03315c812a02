package dev.linnet.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class VirtioNetHdrTest {

    private static final int OFF = 3;

    /// What Linux 6.18 put before a datagram of 2500 bytes sent with UDP_SEGMENT 1000 into a TUN
    /// device with IFF_VNET_HDR and USO4 (IP header 20, UDP header 8), on a little-endian machine.
    @Test
    void readsWhatTunGivesForSegmentedUdp() {
        byte[] b = HexFormat.of().parseHex("01051c00e80314000600");
        assertThat(VirtioNetHdr.needsCsum(b, 0)).isTrue();
        assertThat(VirtioNetHdr.flags(b, 0)).isEqualTo(VirtioNetHdr.F_NEEDS_CSUM);
        assertThat(VirtioNetHdr.gsoType(b, 0)).isEqualTo(VirtioNetHdr.GSO_UDP_L4);
        assertThat(VirtioNetHdr.hdrLen(b, 0)).isEqualTo(28);
        assertThat(VirtioNetHdr.gsoSize(b, 0)).isEqualTo(1000);
        assertThat(VirtioNetHdr.csumStart(b, 0)).isEqualTo(20);
        assertThat(VirtioNetHdr.csumOffset(b, 0)).isEqualTo(Udp.CHECK);
    }

    /// As above, before a SYN.
    @Test
    void readsWhatTunGivesForASyn() {
        byte[] b = HexFormat.of().parseHex("01000000000014001000");
        assertThat(VirtioNetHdr.gsoType(b, 0)).isEqualTo(VirtioNetHdr.GSO_NONE);
        assertThat(VirtioNetHdr.hdrLen(b, 0)).isZero();
        assertThat(VirtioNetHdr.csumStart(b, 0)).isEqualTo(20);
        assertThat(VirtioNetHdr.csumOffset(b, 0)).isEqualTo(Tcp.CHECK);
    }

    @Test
    void writesEveryFieldLittleEndian() {
        byte[] b = new byte[12];
        VirtioNetHdr.flags(b, 0, 0xf1);
        VirtioNetHdr.gsoType(b, 0, VirtioNetHdr.GSO_TCPV6 | VirtioNetHdr.GSO_ECN);
        VirtioNetHdr.hdrLen(b, 0, 0x0102);
        VirtioNetHdr.gsoSize(b, 0, 0xfffe);
        VirtioNetHdr.csumStart(b, 0, 0x0506);
        VirtioNetHdr.csumOffset(b, 0, 0x0708);
        VirtioNetHdr.numBuffers(b, 0, 0x090a);
        assertThat(HexFormat.of().formatHex(b)).isEqualTo("f1840201feff060508070a09");
        assertThat(VirtioNetHdr.gsoSize(b, 0)).isEqualTo(0xfffe);
        assertThat(VirtioNetHdr.numBuffers(b, 0)).isEqualTo(0x090a);
    }

    @Test
    void aPlainHeaderIsAllZero() {
        byte[] b = HexFormat.of().parseHex("ff".repeat(16));
        VirtioNetHdr.putPlain(b, OFF, VirtioNetHdr.HEADER_BYTES);
        assertThat(HexFormat.of().formatHex(b)).isEqualTo("ffffff" + "00".repeat(10) + "ffffff");
        VirtioNetHdr.putPlain(b, OFF, VirtioNetHdr.HEADER_BYTES_MRG);
        assertThat(HexFormat.of().formatHex(b)).isEqualTo("ffffff" + "00".repeat(12) + "ff");
    }

    private static byte[] tso() {
        byte[] b = new byte[OFF + VirtioNetHdr.HEADER_BYTES + 100];
        VirtioNetHdr.flags(b, OFF, VirtioNetHdr.F_NEEDS_CSUM);
        VirtioNetHdr.gsoType(b, OFF, VirtioNetHdr.GSO_TCPV4);
        VirtioNetHdr.hdrLen(b, OFF, 40);
        VirtioNetHdr.gsoSize(b, OFF, 30);
        VirtioNetHdr.csumStart(b, OFF, 20);
        VirtioNetHdr.csumOffset(b, OFF, 16);
        return b;
    }

    private static int check(byte[] b, int len) {
        return VirtioNetHdr.checkHeader(b, OFF, len, VirtioNetHdr.HEADER_BYTES);
    }

    @Test
    void acceptsAConsistentHeader() {
        assertThat(check(tso(), 110)).isEqualTo(10);
        for (int type : new int[] {1, 3, 4, 5, 0x81, 0x84}) {
            byte[] b = tso();
            VirtioNetHdr.gsoType(b, OFF, type);
            assertThat(check(b, 110)).isEqualTo(10);
        }
        byte[] plain = new byte[OFF + 12];
        assertThat(check(plain, 10)).isEqualTo(10);
        assertThat(VirtioNetHdr.checkHeader(plain, OFF, 12, VirtioNetHdr.HEADER_BYTES_MRG))
                .isEqualTo(12);
    }

    @Test
    void refusesAnInconsistentHeader() {
        assertThat(check(tso(), 9)).isEqualTo(Malformed.HEADER_TRUNCATED);
        assertThat(check(tso(), 10 + 39)).isEqualTo(Malformed.PAYLOAD_TRUNCATED);

        byte[] b = tso();
        VirtioNetHdr.csumStart(b, OFF, 83);
        assertThat(check(b, 110)).isEqualTo(Malformed.PAYLOAD_TRUNCATED);
        VirtioNetHdr.csumStart(b, OFF, 82);
        assertThat(check(b, 110)).isEqualTo(10);

        VirtioNetHdr.gsoSize(b, OFF, 0);
        assertThat(check(b, 110)).isEqualTo(Malformed.BAD_LENGTH);
        VirtioNetHdr.gsoType(b, OFF, VirtioNetHdr.GSO_NONE);
        assertThat(check(b, 110)).isEqualTo(10);
        VirtioNetHdr.gsoType(b, OFF, 2);
        assertThat(check(b, 110)).isEqualTo(Malformed.BAD_TYPE);
    }
}
