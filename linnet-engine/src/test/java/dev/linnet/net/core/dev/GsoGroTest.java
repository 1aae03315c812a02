package dev.linnet.net.core.dev;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.kernel.mm.Page;
import dev.linnet.kernel.mm.PagePool;
import dev.linnet.kernel.sched.VirtualScheduler;
import dev.linnet.kernel.sysctl.Machine;
import dev.linnet.kernel.sysctl.SysctlValues;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.NetRandom;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkBuffPool;
import dev.linnet.net.core.skb.SkbChecksum;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.wire.Checksum;
import dev.linnet.wire.IpProto;
import dev.linnet.wire.Ipv4;
import dev.linnet.wire.Ipv6;
import dev.linnet.wire.Tcp;
import dev.linnet.wire.TcpOptions;
import dev.linnet.wire.Udp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterTry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Segmentation in software, checked by reading every segment with the wire library alone, and merging
/// on reception, which must be its exact inverse.
class GsoGroTest {
    private static final int SADDR = 0x0A000001;
    private static final int DADDR = 0x0A000002;

    private final SkBuffPool pool = new SkBuffPool();
    private final Catcher catcher = new Catcher();
    private final NetDevice dev = device(catcher, 0);

    private NetDevice device(NetDeviceOps ops, int features) {
        SysctlValues sysctl = SysctlValues.initial(Machine.ofMemory(1L << 30));
        NetNamespace net =
                new NetNamespace(
                        "host",
                        new VirtualScheduler(1),
                        pool,
                        new NetRandom(1),
                        sysctl,
                        new AtomicLong(1));
        PacketTypes.add(net, PacketTypes.ETH_P_IP, catcher.receiver);
        PacketTypes.add(net, PacketTypes.ETH_P_IPV6, catcher.receiver);
        NetDevice d =
                net.devices.register(
                        new NetDeviceConfig(
                                "dev0",
                                ops,
                                NetDevice.ARPHRD_NONE,
                                new byte[0],
                                0,
                                features | NetDevice.F_GRO,
                                1500));
        assertThat(net.devices.up(d)).isZero();
        return d;
    }

    /// Keeps what a device sends and what the network layer receives.
    private static final class Catcher extends NetDeviceOps {
        final List<SkBuff> got = new ArrayList<>();

        final PacketType receiver =
                new PacketType() {
                    @Override
                    public void rcv(SkBuff skb, NetDevice dev) {
                        got.add(skb);
                    }
                };

        @Override
        public int startXmit(SkBuff skb, NetDevice dev) {
            got.add(skb);
            return NETDEV_TX_OK;
        }

        List<SkBuff> take() {
            List<SkBuff> taken = List.copyOf(got);
            got.clear();
            return taken;
        }
    }

    @AfterEach
    @AfterTry
    void nothingIsLeft() {
        catcher.take().forEach(SkBuff::consume);
        assertThat(pool.outstanding()).isZero();
    }

    private static byte[] bytes(SkBuff skb) {
        byte[] bytes = new byte[skb.len];
        SkbOps.copyBits(skb, 0, bytes, 0, skb.len);
        return bytes;
    }

    // ---- making packets
    // ------------------------------------------------------------------------------

    /// A large TCP segment with timestamps as the stack would send it.
    private SkBuff tcp(boolean v6, byte[] payload, int mss, int flags, Random random) {
        int ip = v6 ? Ipv6.HEADER_BYTES : Ipv4.HEADER_BYTES;
        int header = Tcp.HEADER_BYTES + 12;
        SkBuff skb = start(ip + header, payload, random);
        byte[] b = skb.buf;
        int th = skb.data + ip;
        Tcp.put(b, th, 1000, 80, 0xFFFFFF00, 77, header, flags, 500);
        TcpOptions.putAlignedTimestamp(b, th + Tcp.HEADER_BYTES, 123, 456);
        network(skb, v6, IpProto.TCP, Ipv4.DF);
        SkbChecksum.setPartial(skb, Tcp.CHECK, pseudo(skb, v6, IpProto.TCP));
        skb.gsoSize = mss;
        skb.gsoSegs = (payload.length + mss - 1) / mss;
        skb.gsoType = v6 ? SkBuff.GSO_TCPV6 : SkBuff.GSO_TCPV4;
        return skb;
    }

    private SkBuff udp(boolean v6, byte[] payload, int size, Random random) {
        int ip = v6 ? Ipv6.HEADER_BYTES : Ipv4.HEADER_BYTES;
        SkBuff skb = start(ip + Udp.HEADER_BYTES, payload, random);
        Udp.put(skb.buf, skb.data + ip, 1000, 53, Udp.HEADER_BYTES + payload.length);
        network(skb, v6, IpProto.UDP, 0);
        SkbChecksum.setPartial(skb, Udp.CHECK, pseudo(skb, v6, IpProto.UDP));
        skb.gsoSize = size;
        skb.gsoSegs = (payload.length + size - 1) / size;
        skb.gsoType = SkBuff.GSO_UDP_L4;
        return skb;
    }

    /// Headers and some of the payload linear, the rest in fragments of random sizes.
    private SkBuff start(int headers, byte[] payload, Random random) {
        int inHead = random.nextBoolean() ? 0 : random.nextInt(payload.length + 1);
        SkBuff skb = SkBuff.alloc(pool, 0, 64 + headers + inHead);
        skb.reserve(64);
        int at = skb.put(headers + inHead);
        System.arraycopy(payload, 0, skb.buf, at + headers, inHead);
        int pos = inHead;
        while (pos < payload.length) {
            int n = Math.min(payload.length - pos, 1 + random.nextInt(4000));
            Page page = pool.alloc(0, PagePool.FRAG);
            System.arraycopy(payload, pos, page.data, 17, n);
            skb.addFrag(page, 17, n);
            pos += n;
        }
        return skb;
    }

    private void network(SkBuff skb, boolean v6, int protocol, int fragOff) {
        int nh = skb.data;
        skb.networkHeader = nh;
        skb.dev = dev;
        if (v6) {
            skb.protocol = PacketTypes.ETH_P_IPV6;
            skb.transportHeader = nh + Ipv6.HEADER_BYTES;
            Ipv6.put(skb.buf, nh, 3, 5, (skb.len - 40) & 0xFFFF, protocol, 64, 1, 2, 3, 4);
        } else {
            skb.protocol = PacketTypes.ETH_P_IP;
            skb.transportHeader = nh + Ipv4.HEADER_BYTES;
            int len = skb.len & 0xFFFF;
            Ipv4.put(skb.buf, nh, 8, len, 0xFFFE, fragOff, 64, protocol, SADDR, DADDR);
            Ipv4.sendCheck(skb.buf, nh);
        }
    }

    private static int pseudo(SkBuff skb, boolean v6, int protocol) {
        int len = skb.transportLen();
        return v6
                ? Checksum.pseudoV6(1, 2, 3, 4, len, protocol, 0)
                : Checksum.pseudoV4(SADDR, DADDR, len, protocol, 0);
    }

    private static byte[] random(Random random, int length) {
        byte[] payload = new byte[length];
        random.nextBytes(payload);
        return payload;
    }

    // ---- segmentation
    // --------------------------------------------------------------------------------

    private List<byte[]> segments(SkBuff skb) {
        assertThat(DevQueueXmit.xmit(skb, dev)).isZero();
        List<byte[]> packets = new ArrayList<>();
        for (SkBuff seg : catcher.take()) {
            assertThat(seg.ipSummed).isEqualTo(SkBuff.CHECKSUM_NONE);
            assertThat(seg.gsoSize).isZero();
            packets.add(bytes(seg));
            seg.consume();
        }
        return packets;
    }

    @Property(tries = 300)
    void tcpSegmentsAreWhatTcpWouldHaveSentOneByOne(
            @ForAll boolean v6,
            @ForAll @IntRange(min = 1, max = 64000) int length,
            @ForAll @IntRange(min = 500, max = 9000) int mss,
            @ForAll long seed) {
        Random random = new Random(seed);
        byte[] payload = random(random, length);
        int flags = Tcp.ACK | Tcp.PSH | Tcp.FIN | Tcp.CWR;
        List<byte[]> packets = segments(tcp(v6, payload, mss, flags, random));
        int ip = v6 ? 40 : 20;
        int count = (length + mss - 1) / mss;
        assertThat(packets).hasSize(count);
        for (int i = 0; i < count; i++) {
            byte[] p = packets.get(i);
            int expected = Math.min(mss, length - i * mss);
            assertThat(p).hasSize(ip + 32 + expected);
            checkNetwork(p, v6, i, IpProto.TCP);
            assertThat(Tcp.seq(p, ip)).isEqualTo(0xFFFFFF00 + i * mss);
            assertThat(Tcp.ackSeq(p, ip)).isEqualTo(77);
            assertThat(Tcp.window(p, ip)).isEqualTo(500);
            assertThat(TcpOptions.tsVal(p, ip + 22)).isEqualTo(123);
            int wanted = Tcp.ACK | (i == 0 ? Tcp.CWR : 0);
            wanted |= i == count - 1 ? Tcp.PSH | Tcp.FIN : 0;
            assertThat(Tcp.flags(p, ip)).isEqualTo(wanted);
            assertThat(Arrays.copyOfRange(p, ip + 32, p.length))
                    .isEqualTo(Arrays.copyOfRange(payload, i * mss, i * mss + expected));
        }
    }

    @Property(tries = 100)
    void udpSegmentsAreDatagrams(
            @ForAll boolean v6,
            @ForAll @IntRange(min = 2, max = 60000) int length,
            @ForAll @IntRange(min = 500, max = 1472) int size,
            @ForAll long seed) {
        Random random = new Random(seed);
        byte[] payload = random(random, length);
        List<byte[]> packets = segments(udp(v6, payload, size, random));
        int ip = v6 ? 40 : 20;
        assertThat(packets).hasSize((length + size - 1) / size);
        for (int i = 0; i < packets.size(); i++) {
            byte[] p = packets.get(i);
            checkNetwork(p, v6, i, IpProto.UDP);
            assertThat(Udp.len(p, ip)).isEqualTo(p.length - ip);
            assertThat(Udp.check(p, ip)).isNotZero();
            assertThat(Arrays.copyOfRange(p, ip + 8, p.length))
                    .isEqualTo(Arrays.copyOfRange(payload, i * size, i * size + p.length - ip - 8));
        }
    }

    private static void checkNetwork(byte[] p, boolean v6, int index, int protocol) {
        if (v6) {
            assertThat(Ipv6.payloadLen(p, 0)).isEqualTo(p.length - 40);
            int check = Checksum.transportV6(p, 40, p.length - 40, 1, 2, 3, 4, protocol);
            assertThat(check).isZero();
        } else {
            assertThat(Ipv4.totLen(p, 0)).isEqualTo(p.length);
            assertThat(Ipv4.id(p, 0)).isEqualTo(0xFFFE + index & 0xFFFF);
            assertThat(Ipv4.checksumOk(p, 0)).isTrue();
            int check = Checksum.transportV4(p, 20, p.length - 20, SADDR, DADDR, protocol);
            assertThat(check).isZero();
        }
    }

    @Test
    void accurateEcnCountsInEverySegment() {
        SkBuff skb = tcp(false, new byte[3000], 1000, Tcp.ACK | Tcp.CWR, new Random(1));
        skb.gsoType |= SkBuff.GSO_TCP_ACCECN;
        assertThat(segments(skb)).allMatch(p -> (Tcp.flags(p, 20) & Tcp.CWR) != 0);
    }

    @Test
    void aDeviceThatTakesLargePacketsGetsThemWhole() {
        NetDevice able = device(catcher, NetDevice.F_ALL);
        SkBuff skb = tcp(false, new byte[30000], 1000, Tcp.ACK, new Random(1));
        assertThat(DevQueueXmit.xmit(skb, able)).isZero();
        assertThat(catcher.got).containsExactly(skb);
        assertThat(skb.ipSummed).isEqualTo(SkBuff.CHECKSUM_PARTIAL);
    }

    @Test
    void aPacketWithoutPayloadOrWithABrokenHeaderIsDropped() {
        SkBuff empty = tcp(false, new byte[1], 1000, Tcp.ACK, new Random(1));
        SkbOps.trimHead(empty, 0);
        empty.trim(empty.len - 1);
        assertThat(DevQueueXmit.xmit(empty, dev)).isEqualTo(Qdisc.NET_XMIT_DROP);
        SkBuff broken = tcp(false, new byte[5000], 1000, Tcp.ACK, new Random(1));
        Tcp.headerBytes(broken.buf, broken.transportHeader, 8);
        assertThat(DevQueueXmit.xmit(broken, dev)).isEqualTo(Qdisc.NET_XMIT_DROP);
        assertThat(catcher.got).isEmpty();
    }

    @Test
    void aChecksumFieldOutsideThePacketIsRefused() {
        SkBuff skb = tcp(false, new byte[10], 1000, Tcp.ACK, new Random(1));
        skb.gsoSize = 0;
        skb.csumOffset = 20000;
        assertThat(DevQueueXmit.xmit(skb, dev)).isEqualTo(Qdisc.NET_XMIT_DROP);
    }

    // ---- merging
    // ---------------------------------------------------------------------------------------

    private SkBuff received(byte[] packet) {
        SkBuff skb = SkBuff.alloc(pool, 0, 64 + packet.length);
        skb.reserve(64);
        System.arraycopy(packet, 0, skb.buf, skb.put(packet.length), packet.length);
        skb.dev = dev;
        boolean v6 = Ipv4.version(packet, 0) == 6;
        skb.protocol = v6 ? PacketTypes.ETH_P_IPV6 : PacketTypes.ETH_P_IP;
        return skb;
    }

    @Property(tries = 200)
    void mergingUndoesSegmentation(
            @ForAll boolean v6,
            @ForAll @IntRange(min = 1, max = 60000) int length,
            @ForAll @IntRange(min = 500, max = 1460) int mss,
            @ForAll long seed) {
        Random random = new Random(seed);
        byte[] payload = random(random, length);
        int flags = Tcp.ACK | Tcp.PSH;
        List<byte[]> packets = segments(tcp(v6, payload, mss, flags, random));
        GroReceive gro = new GroReceive();
        packets.forEach(p -> gro.receive(received(p)));
        gro.flush();
        List<SkBuff> got = catcher.take();
        assertThat(got).hasSize(1);
        SkBuff merged = got.get(0);
        int headers = (v6 ? 40 : 20) + 32;
        byte[] whole = bytes(merged);
        assertThat(Arrays.copyOfRange(whole, headers, whole.length)).isEqualTo(payload);
        if (packets.size() > 1) {
            assertThat(merged.gsoSize).isEqualTo(mss);
            assertThat(merged.gsoSegs).isEqualTo(packets.size());
            List<byte[]> again = segments(merged);
            assertThat(again).usingRecursiveComparison().isEqualTo(packets);
        } else {
            merged.consume();
        }
    }

    /// What may stand between two segments of a stream so that they are not merged.
    private interface Change {
        void apply(byte[] packet);
    }

    private void assertNotMerged(String why, Change change) {
        List<byte[]> packets = segments(tcp(false, new byte[3000], 1000, Tcp.ACK, new Random(1)));
        byte[] second = packets.get(1);
        change.apply(second);
        Ipv4.sendCheck(second, 0);
        Tcp.check(second, 20, 0);
        Tcp.check(
                second,
                20,
                Checksum.transportV4(
                        second,
                        20,
                        second.length - 20,
                        Ipv4.saddr(second, 0),
                        Ipv4.daddr(second, 0),
                        IpProto.TCP));
        GroReceive gro = new GroReceive();
        gro.receive(received(packets.get(0)));
        gro.receive(received(second));
        gro.flush();
        List<SkBuff> got = catcher.take();
        assertThat(got).as(why).hasSize(2);
        boolean sameFlow = Tcp.source(second, 20) == 1000 && Ipv4.saddr(second, 0) == SADDR;
        if (sameFlow) {
            assertThat(bytes(got.get(0))).as(why).isEqualTo(packets.get(0));
            assertThat(bytes(got.get(1))).as(why).isEqualTo(second);
        }
        got.forEach(SkBuff::consume);
    }

    @Test
    void whatDiffersIsNotMerged() {
        assertNotMerged("nothing in between", p -> Tcp.seq(p, 20, Tcp.seq(p, 20) + 1));
        assertNotMerged("ACK", p -> Tcp.ackSeq(p, 20, 78));
        assertNotMerged("window", p -> Tcp.window(p, 20, 501));
        assertNotMerged("timestamp", p -> TcpOptions.putAlignedTimestamp(p, 40, 124, 456));
        assertNotMerged("RST", p -> Tcp.flags(p, 20, Tcp.ACK | Tcp.RST));
        assertNotMerged("URG", p -> Tcp.flags(p, 20, Tcp.ACK | Tcp.URG));
        assertNotMerged("ECE", p -> Tcp.flags(p, 20, Tcp.ACK | Tcp.ECE));
        assertNotMerged("CWR", p -> Tcp.flags(p, 20, Tcp.ACK | Tcp.CWR));
        assertNotMerged("TTL", p -> Ipv4.ttl(p, 0, 63));
        assertNotMerged("TOS", p -> Ipv4.tos(p, 0, 3));
        assertNotMerged("identification", p -> Ipv4.id(p, 0, 9));
        assertNotMerged("no DF", p -> Ipv4.fragOff(p, 0, 0));
        assertNotMerged("another port", p -> Tcp.source(p, 20, 1001));
        assertNotMerged("another address", p -> Ipv4.saddr(p, 0, SADDR + 1));
    }

    @Test
    void aSegmentWithAWrongChecksumReachesTcpAsItIs() {
        List<byte[]> packets = segments(tcp(false, new byte[2000], 1000, Tcp.ACK, new Random(1)));
        byte[] bad = packets.get(1);
        bad[60] ^= 1;
        GroReceive gro = new GroReceive();
        gro.receive(received(packets.get(0)));
        gro.receive(received(bad));
        gro.flush();
        List<SkBuff> got = catcher.take();
        assertThat(got).hasSize(2);
        assertThat(got).anyMatch(skb -> skb.ipSummed == SkBuff.CHECKSUM_NONE);
        got.forEach(SkBuff::consume);
    }

    @Test
    void aPushHandsOnAtOnceAndAcksAreNotHeld() {
        GroReceive gro = new GroReceive();
        int flags = Tcp.ACK | Tcp.PSH;
        List<byte[]> packets = segments(tcp(false, new byte[2000], 1000, flags, new Random(1)));
        gro.receive(received(packets.get(0)));
        assertThat(catcher.got).isEmpty();
        gro.receive(received(packets.get(1)));
        assertThat(catcher.got).hasSize(1);
        byte[] ack = Arrays.copyOf(packets.get(0), 52);
        Ipv4.totLen(ack, 0, 52);
        Ipv4.sendCheck(ack, 0);
        Tcp.check(ack, 20, 0);
        Tcp.check(ack, 20, Checksum.transportV4(ack, 20, 32, SADDR, DADDR, IpProto.TCP));
        gro.receive(received(ack));
        assertThat(catcher.got).hasSize(2);
    }
}
