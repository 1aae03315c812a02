package dev.linnet.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What the `checkHeader` functions accept and refuse. `OFF` bytes of ones stand before each
/// header, to catch a function that forgets the offset.
class CheckHeaderTest {

    private static final int OFF = 5;

    private static byte[] space() {
        byte[] b = new byte[120];
        java.util.Arrays.fill(b, (byte) 0xff);
        return b;
    }

    @Nested
    class OfIpv4 {

        private final byte[] b = space();

        OfIpv4() {
            Ipv4.put(b, OFF, 0, 60, 1, Ipv4.DF, 64, IpProto.UDP, 1, 2);
        }

        @Test
        void acceptsADatagramWithPaddingBehindIt() {
            assertThat(Ipv4.checkHeader(b, OFF, 60)).isEqualTo(20);
            assertThat(Ipv4.checkHeader(b, OFF, 61)).isEqualTo(20);
        }

        @Test
        void acceptsOptionsAndNoData() {
            for (int headerBytes = 20; headerBytes <= 60; headerBytes += 4) {
                Ipv4.headerBytes(b, OFF, headerBytes);
                Ipv4.totLen(b, OFF, headerBytes);
                assertThat(Ipv4.checkHeader(b, OFF, headerBytes)).isEqualTo(headerBytes);
                assertThat(Ipv4.checkHeader(b, OFF, headerBytes - 1))
                        .isEqualTo(Malformed.HEADER_TRUNCATED);
            }
        }

        @Test
        void refusesEveryShorterPiece() {
            for (int len = 0; len < 20; len++) {
                assertThat(Ipv4.checkHeader(b, OFF, len)).isEqualTo(Malformed.HEADER_TRUNCATED);
            }
            for (int len = 20; len < 60; len++) {
                assertThat(Ipv4.checkHeader(b, OFF, len)).isEqualTo(Malformed.PAYLOAD_TRUNCATED);
            }
        }

        @Test
        void refusesContradictions() {
            Ipv4.totLen(b, OFF, 19);
            assertThat(Ipv4.checkHeader(b, OFF, 60)).isEqualTo(Malformed.BAD_LENGTH);
            Ipv4.totLen(b, OFF, 60);
            b[OFF] = 0x44;
            assertThat(Ipv4.checkHeader(b, OFF, 60)).isEqualTo(Malformed.BAD_HEADER_LENGTH);
            b[OFF] = 0x65;
            assertThat(Ipv4.checkHeader(b, OFF, 60)).isEqualTo(Malformed.BAD_VERSION);
        }
    }

    @Nested
    class OfIpv6 {

        private final byte[] b = space();

        OfIpv6() {
            Ipv6.put(b, OFF, 0, 0, 20, IpProto.UDP, 64, 1, 2, 3, 4);
        }

        @Test
        void acceptsAPacketWithPaddingBehindIt() {
            assertThat(Ipv6.checkHeader(b, OFF, 60)).isEqualTo(40);
            assertThat(Ipv6.checkHeader(b, OFF, 64)).isEqualTo(40);
        }

        @Test
        void acceptsAJumbogram() {
            Ipv6.payloadLen(b, OFF, 0);
            Ipv6.nexthdr(b, OFF, Ipv6Ext.HOP_BY_HOP);
            assertThat(Ipv6.checkHeader(b, OFF, 100)).isEqualTo(40);
        }

        @Test
        void refusesEveryShorterPiece() {
            for (int len = 0; len < 40; len++) {
                assertThat(Ipv6.checkHeader(b, OFF, len)).isEqualTo(Malformed.HEADER_TRUNCATED);
            }
            for (int len = 40; len < 60; len++) {
                assertThat(Ipv6.checkHeader(b, OFF, len)).isEqualTo(Malformed.PAYLOAD_TRUNCATED);
            }
        }

        @Test
        void refusesAnotherVersion() {
            b[OFF] = 0x45;
            assertThat(Ipv6.checkHeader(b, OFF, 60)).isEqualTo(Malformed.BAD_VERSION);
        }
    }

    @Test
    void tcpIsJudgedByItsDataOffset() {
        byte[] b = space();
        for (int headerBytes = 20; headerBytes <= 60; headerBytes += 4) {
            Tcp.put(b, OFF, 1, 2, 3, 4, headerBytes, Tcp.SYN, 5);
            assertThat(Tcp.checkHeader(b, OFF, 100)).isEqualTo(headerBytes);
            assertThat(Tcp.checkHeader(b, OFF, headerBytes)).isEqualTo(headerBytes);
            assertThat(Tcp.checkHeader(b, OFF, headerBytes - 1))
                    .isEqualTo(Malformed.HEADER_TRUNCATED);
        }
        for (int headerBytes = 0; headerBytes < 20; headerBytes += 4) {
            Tcp.headerBytes(b, OFF, headerBytes);
            assertThat(Tcp.checkHeader(b, OFF, 100)).isEqualTo(Malformed.BAD_HEADER_LENGTH);
        }
        assertThat(Tcp.checkHeader(b, OFF, 19)).isEqualTo(Malformed.HEADER_TRUNCATED);
    }

    @Test
    void udpIsJudgedByItsLength() {
        byte[] b = space();
        Udp.put(b, OFF, 1, 2, 12);
        assertThat(Udp.checkHeader(b, OFF, 12)).isEqualTo(8);
        assertThat(Udp.checkHeader(b, OFF, 100)).isEqualTo(8);
        assertThat(Udp.checkHeader(b, OFF, 11)).isEqualTo(Malformed.PAYLOAD_TRUNCATED);
        assertThat(Udp.checkHeader(b, OFF, 7)).isEqualTo(Malformed.HEADER_TRUNCATED);
        Udp.len(b, OFF, 7);
        assertThat(Udp.checkHeader(b, OFF, 12)).isEqualTo(Malformed.BAD_LENGTH);
        Udp.len(b, OFF, 8);
        assertThat(Udp.checkHeader(b, OFF, 8)).isEqualTo(8);
    }

    @Test
    void arpMustResolveIpv4OnEthernet() {
        byte[] b = space();
        Arp.put(b, OFF, Arp.OP_REQUEST, 1, 2, 3, 4);
        assertThat(Arp.checkHeader(b, OFF, 28)).isEqualTo(28);
        assertThat(Arp.checkHeader(b, OFF, 27)).isEqualTo(Malformed.HEADER_TRUNCATED);
        Bytes.u16(b, OFF + Arp.HRD, Arp.HRD_IEEE802);
        assertThat(Arp.checkHeader(b, OFF, 28)).isEqualTo(28);
        for (int at : new int[] {Arp.HRD, Arp.PRO, Arp.HLN, Arp.PLN}) {
            byte[] broken = b.clone();
            broken[OFF + at] ^= 0x40;
            assertThat(Arp.checkHeader(broken, OFF, 28)).isEqualTo(Malformed.BAD_TYPE);
        }
    }

    @Test
    void theOthersAreJudgedByTheirSize() {
        byte[] b = space();
        assertThat(Ethernet.checkHeader(b, OFF, 14)).isEqualTo(14);
        assertThat(Ethernet.checkHeader(b, OFF, 13)).isEqualTo(Malformed.HEADER_TRUNCATED);
        assertThat(Icmp.checkHeader(b, OFF, 8)).isEqualTo(8);
        assertThat(Icmp.checkHeader(b, OFF, 7)).isEqualTo(Malformed.HEADER_TRUNCATED);
        assertThat(Icmpv6.checkHeader(b, OFF, 8)).isEqualTo(8);
        assertThat(Icmpv6.checkHeader(b, OFF, 7)).isEqualTo(Malformed.HEADER_TRUNCATED);
    }

    @Test
    void neighbourDiscoveryHasASizePerType() {
        int[][] sizes = {{133, 8}, {134, 16}, {135, 24}, {136, 24}, {137, 40}};
        byte[] b = space();
        for (int[] size : sizes) {
            Icmpv6.put(b, OFF, size[0], 0, 0);
            assertThat(Ndisc.checkHeader(b, OFF, 100)).isEqualTo(size[1]);
            assertThat(Ndisc.checkHeader(b, OFF, size[1])).isEqualTo(size[1]);
            assertThat(Ndisc.checkHeader(b, OFF, size[1] - 1))
                    .isEqualTo(Malformed.HEADER_TRUNCATED);
        }
        Icmpv6.put(b, OFF, 138, 0, 0);
        assertThat(Ndisc.checkHeader(b, OFF, 100)).isEqualTo(Malformed.BAD_TYPE);
    }

    @Test
    void reasonsHaveWords() {
        assertThat(Malformed.text(Malformed.BAD_VERSION)).isEqualTo("bad version");
        assertThat(Malformed.text(-99)).isEqualTo("malformed (-99)");
    }
}
