package dev.linnet.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ChecksumTest {

    private static final int IP = Ethernet.HEADER_BYTES;

    /// RFC 1071 word by word: the ones' complement sum of the range, 0..65535.
    private static int naiveSum(byte[] b, int off, int len) {
        int sum = 0;
        for (int i = 0; i < len; i++) {
            int word = (i & 1) == 0 ? (b[off + i] & 0xff) << 8 : b[off + i] & 0xff;
            sum += word;
            if (sum > 0xffff) {
                sum -= 0xffff;
            }
        }
        return sum;
    }

    @Test
    void agreesWithTheDefinitionAtEveryOffsetAndLength() {
        byte[] b = new byte[160];
        new Random(1).nextBytes(b);
        for (int off = 0; off < 24; off++) {
            for (int len = 0; len <= b.length - off; len++) {
                assertThat(Checksum.fold16(Checksum.partial(b, off, len, 0)))
                        .as("off %d len %d", off, len)
                        .isEqualTo(naiveSum(b, off, len));
            }
        }
    }

    @Test
    void carriesOverLongRangesOfOnes() {
        byte[] b = new byte[1 << 20];
        java.util.Arrays.fill(b, (byte) 0xff);
        for (int len : new int[] {2, 3, 65535, 65536, 65537, b.length}) {
            assertThat(Checksum.fold16(Checksum.partial(b, 0, len, 0)))
                    .isEqualTo(naiveSum(b, 0, len));
        }
        assertThat(Checksum.of(b, 0, b.length)).isZero();
        assertThat(Checksum.of(new byte[b.length], 0, b.length)).isEqualTo(0xffff);
    }

    @Test
    void givesTheSumOfTheExampleInRfc1071() {
        byte[] b = {
            0x00, 0x01, (byte) 0xf2, 0x03, (byte) 0xf4, (byte) 0xf5, (byte) 0xf6, (byte) 0xf7
        };
        assertThat(Checksum.fold16(Checksum.partial(b, 0, b.length, 0))).isEqualTo(0xddf2);
        assertThat(Checksum.of(b, 0, b.length)).isEqualTo(0x220d);
    }

    @Test
    void refusesToLeaveTheArray() {
        byte[] b = new byte[16];
        assertThatThrownBy(() -> Checksum.partial(b, 9, 8, 0))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Checksum.partial(b, 14, 3, 0))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Property
    void startsFromAnySum(@ForAll @Size(max = 70) byte[] b, @ForAll int wsum) {
        int expected = naiveSum(b, 0, b.length) + Checksum.fold16(wsum);
        int sum = Checksum.fold16(Checksum.partial(b, 0, b.length, wsum));
        assertThat(sum).isEqualTo(expected > 0xffff ? expected - 0xffff : expected);
    }

    @Property
    void blocksAddUpWhereverTheyAreCut(
            @ForAll @Size(max = 90) byte[] b,
            @ForAll @IntRange(max = 90) int first,
            @ForAll @IntRange(max = 90) int second) {
        int cut1 = Math.min(Math.min(first, second), b.length);
        int cut2 = Math.min(Math.max(first, second), b.length);
        int sum = Checksum.partial(b, 0, cut1, 0);
        sum = Checksum.blockAdd(sum, Checksum.partial(b, cut1, cut2 - cut1, 0), cut1);
        sum = Checksum.blockAdd(sum, Checksum.partial(b, cut2, b.length - cut2, 0), cut2);
        assertThat(Checksum.fold16(sum)).isEqualTo(naiveSum(b, 0, b.length));
    }

    @Property
    void aBlockCanBeTakenOutAgain(
            @ForAll @Size(max = 90) byte[] b, @ForAll @IntRange(max = 90) int at) {
        int cut = Math.min(at, b.length);
        int whole = Checksum.partial(b, 0, b.length, 0);
        int rest = Checksum.blockSub(whole, Checksum.partial(b, cut, b.length - cut, 0), cut);
        assertThat(Checksum.fold16(rest) % 0xffff).isEqualTo(naiveSum(b, 0, cut) % 0xffff);
    }

    @Property
    void addingIsOnesComplement(@ForAll int a, @ForAll int b) {
        long sum = Integer.toUnsignedLong(a) + Integer.toUnsignedLong(b);
        long expected = (sum & 0xffff_ffffL) + (sum >>> 32);
        assertThat(Integer.toUnsignedLong(Checksum.add(a, b))).isEqualTo(expected);
        assertThat(Checksum.fold16(Checksum.sub(Checksum.add(a, b), b)) % 0xffff)
                .isEqualTo(Checksum.fold16(a) % 0xffff);
    }

    @Property
    void foldAndUnfoldAreInverse(@ForAll @IntRange(max = 0xffff) int check) {
        assertThat(Checksum.fold(Checksum.unfold(check))).isEqualTo(check);
    }

    /// RFC 1624: what the update gives is what a new computation would give.
    @Property
    void updatesLikeANewComputation(
            @ForAll @Size(min = 24, max = 40) byte[] b,
            @ForAll @IntRange(max = 4) int word,
            @ForAll int value) {
        int at = 4 * word;
        int check = Checksum.of(b, 0, b.length);
        byte[] changed = b.clone();
        Bytes.u32(changed, at, value);
        Assume.that(naiveSum(b, 0, b.length) != 0 && naiveSum(changed, 0, b.length) != 0);
        int expected = Checksum.of(changed, 0, b.length);

        assertThat(Checksum.replace4(check, Bytes.u32(b, at), value)).isEqualTo(expected);
        int halves = Checksum.replace2(check, Bytes.u16(b, at), value >>> 16);
        assertThat(Checksum.replace2(halves, Bytes.u16(b, at + 2), value)).isEqualTo(expected);
        int from = Checksum.partial(b, at, 4, 0);
        int to = Checksum.partial(changed, at, 4, 0);
        assertThat(Checksum.replaceByDiff(check, from, to)).isEqualTo(expected);
    }

    @Test
    void updatesTheExampleOfRfc1624() {
        assertThat(Checksum.replace2(0xdd2f, 0x5555, 0x3285)).isZero();
    }

    @Property
    void pseudoHeadersAreTheBytesTheyStandFor(
            @ForAll @Size(32) byte[] addresses,
            @ForAll @IntRange(max = 0xffff) int len,
            @ForAll @IntRange(max = 255) int protocol) {
        byte[] v6 = java.util.Arrays.copyOf(addresses, 40);
        Bytes.u32(v6, 32, len);
        Bytes.u32(v6, 36, protocol);
        int sum6 =
                Checksum.pseudoV6(
                        Bytes.u64(v6, 0),
                        Bytes.u64(v6, 8),
                        Bytes.u64(v6, 16),
                        Bytes.u64(v6, 24),
                        len,
                        protocol,
                        0);
        assertThat(Checksum.fold16(sum6)).isEqualTo(naiveSum(v6, 0, 40));

        byte[] v4 = java.util.Arrays.copyOf(addresses, 12);
        Bytes.u16(v4, 8, protocol);
        Bytes.u16(v4, 10, len);
        int sum4 = Checksum.pseudoV4(Bytes.u32(v4, 0), Bytes.u32(v4, 4), len, protocol, 0);
        assertThat(Checksum.fold16(sum4)).isEqualTo(naiveSum(v4, 0, 12));
    }

    @Test
    void verifiesWhatLinuxSends() {
        for (byte[] frame : LinuxFrames.ALL) {
            if (Ethernet.proto(frame, 0) == Ethernet.P_IP) {
                assertThat(Ipv4.checksumOk(frame, IP)).isTrue();
                assertThat(transportV4(frame)).isZero();
                frame = frame.clone();
                frame[frame.length - 1] ^= 1;
                assertThat(transportV4(frame)).isNotZero();
            } else if (Ethernet.proto(frame, 0) == Ethernet.P_IPV6) {
                assertThat(transportV6(frame)).isZero();
                frame = frame.clone();
                frame[frame.length - 1] ^= 1;
                assertThat(transportV6(frame)).isNotZero();
            }
        }
    }

    private static int transportV4(byte[] b) {
        int transport = IP + Ipv4.headerBytes(b, IP);
        int len = IP + Ipv4.totLen(b, IP) - transport;
        int protocol = Ipv4.protocol(b, IP);
        return protocol == IpProto.ICMP
                ? Checksum.of(b, transport, len)
                : Checksum.transportV4(
                        b, transport, len, Ipv4.saddr(b, IP), Ipv4.daddr(b, IP), protocol);
    }

    private static int transportV6(byte[] b) {
        int end = IP + Ipv6.HEADER_BYTES + Ipv6.payloadLen(b, IP);
        long reached = Ipv6Ext.skip(b, IP + Ipv6.HEADER_BYTES, end, Ipv6.nexthdr(b, IP));
        int transport = Ipv6Ext.reachedOffset(reached);
        return Checksum.transportV6(
                b,
                transport,
                end - transport,
                Ipv6.saddrHi(b, IP),
                Ipv6.saddrLo(b, IP),
                Ipv6.daddrHi(b, IP),
                Ipv6.daddrLo(b, IP),
                Ipv6Ext.reachedType(reached));
    }

    /// With transmit offload Linux leaves this seed in the TCP header (seen on the same veth pair).
    @Test
    void seedsTheChecksumForOffloadAsLinuxDoes() {
        int client = In4Addr.of(192, 0, 2, 1);
        int server = In4Addr.of(192, 0, 2, 2);
        assertThat(Checksum.fold16(Checksum.pseudoV4(client, server, 44, IpProto.TCP, 0)))
                .isEqualTo(0x8436);
        assertThat(Checksum.fold16(Checksum.pseudoV4(client, server, 11, IpProto.UDP, 0)))
                .isEqualTo(0x8420);
    }

    @Property
    void finishingASeededChecksumGivesTheWholeOne(@ForAll @Size(min = 20, max = 80) byte[] b) {
        int seed =
                Checksum.fold16(
                        Checksum.pseudoV4(0x0a000001, 0x0a000002, b.length, IpProto.TCP, 0));
        Tcp.check(b, 0, 0);
        int whole = Checksum.transportV4(b, 0, b.length, 0x0a000001, 0x0a000002, IpProto.TCP);
        Tcp.check(b, 0, seed);
        assertThat(Checksum.of(b, 0, b.length)).isEqualTo(whole);
    }
}
