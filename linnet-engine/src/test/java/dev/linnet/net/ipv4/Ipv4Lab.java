package dev.linnet.net.ipv4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.kernel.sched.VirtualScheduler;
import dev.linnet.kernel.sysctl.Machine;
import dev.linnet.kernel.sysctl.SysctlValues;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.NetRandom;
import dev.linnet.net.core.dev.EtherHeader;
import dev.linnet.net.core.dev.Loopback;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.NetDeviceConfig;
import dev.linnet.net.core.dev.NetDeviceOps;
import dev.linnet.net.core.dev.PacketTypes;
import dev.linnet.net.core.dev.SoftnetData;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkBuffPool;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.wire.In4Addr;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/// Hosts with IPv4 alone and devices made for tests, in virtual time on the calling thread.
final class Ipv4Lab {
    final VirtualScheduler scheduler;
    final SkBuffPool pool = new SkBuffPool();
    private final NetRandom random;
    private final AtomicLong inodes = new AtomicLong(1);
    private final List<NetNamespace> hosts = new ArrayList<>();

    Ipv4Lab(long seed) {
        this.scheduler = new VirtualScheduler(seed);
        this.random = new NetRandom(seed);
    }

    NetNamespace host(String name) {
        SysctlValues sysctl = SysctlValues.initial(Machine.ofMemory(1L << 30));
        NetNamespace net = new NetNamespace(name, scheduler, pool, random.fork(), sysctl, inodes);
        PacketTypes.add(net, PacketTypes.ETH_P_IP, new IpInput());
        Devinet.init(net);
        Arp.init(net);
        IpDefrag.init(net);
        IpMulticast.init(net);
        Icmp4.init(net);
        net.devices.up(Loopback.register(net));
        hosts.add(net);
        return net;
    }

    void sysctl(NetNamespace net, String name, String value) {
        assertThat(net.sysctl.write(name, value)).as(name).isZero();
    }

    void sleep(long ms) {
        scheduler.sleep(ms * 1_000_000L);
    }

    /// Takes all devices away; every packet must have found its end then.
    void close() {
        for (NetNamespace net : hosts) {
            net.devices.all().forEach(net.devices::unregister);
        }
        assertThat(pool.outstanding()).as("packets and pages in use").isZero();
        scheduler.close();
    }

    private static NetDevice register(NetNamespace net, NetDeviceConfig config, String cidr) {
        NetDevice dev = net.devices.register(config);
        assertThat(dev).isNotNull();
        assertThat(net.devices.up(dev)).isZero();
        if (!cidr.isEmpty()) {
            String[] parts = cidr.split("/");
            int prefix = Integer.parseInt(parts[1]);
            assertThat(Devinet.addAddress(dev, In4Addr.parse(parts[0]), prefix)).isZero();
        }
        return dev;
    }

    static byte[] bytes(SkBuff skb) {
        byte[] bytes = new byte[skb.len];
        SkbOps.copyBits(skb, 0, bytes, 0, skb.len);
        return bytes;
    }

    private static void receive(NetDevice dev, byte[] packet, int protocol) {
        SkBuff skb = SkBuff.alloc(dev.net.pool, 0, 64 + packet.length);
        skb.reserve(64);
        System.arraycopy(packet, 0, skb.buf, skb.put(packet.length), packet.length);
        skb.dev = dev;
        if (protocol != 0) {
            skb.protocol = protocol;
        } else {
            EtherHeader.typeTrans(skb, dev);
        }
        SoftnetData.netifRx(skb);
    }

    /// A device without a link layer, whose other end is the test.
    static final class Tun extends NetDeviceOps {
        final List<byte[]> sent = new ArrayList<>();
        final NetDevice dev;

        Tun(NetNamespace net, String name, String cidr, int mtu, int features) {
            this.dev =
                    register(
                            net,
                            new NetDeviceConfig(
                                    name,
                                    this,
                                    NetDevice.ARPHRD_NONE,
                                    new byte[0],
                                    NetDevice.IFF_POINTOPOINT
                                            | NetDevice.IFF_NOARP
                                            | NetDevice.IFF_MULTICAST,
                                    features,
                                    mtu),
                            cidr);
        }

        @Override
        public int startXmit(SkBuff skb, NetDevice device) {
            sent.add(bytes(skb));
            skb.consume();
            return NETDEV_TX_OK;
        }

        void inject(byte[] packet) {
            receive(dev, packet, PacketTypes.ETH_P_IP);
        }

        /// What was sent since the last call.
        List<byte[]> take() {
            List<byte[]> taken = List.copyOf(sent);
            sent.clear();
            return taken;
        }
    }

    /// An Ethernet device, one end of a cable.
    static final class Ether extends NetDeviceOps {
        final NetDevice dev;
        final List<byte[]> sent = new ArrayList<>();
        Predicate<byte[]> passes = frame -> true;
        private Ether peer = this;

        Ether(NetNamespace net, String name, String cidr, int mac) {
            this.dev =
                    register(
                            net,
                            new NetDeviceConfig(
                                    name,
                                    this,
                                    NetDevice.ARPHRD_ETHER,
                                    new byte[] {2, 0, 0, 0, 0, (byte) mac},
                                    NetDevice.IFF_BROADCAST | NetDevice.IFF_MULTICAST,
                                    NetDevice.F_SG,
                                    1500),
                            cidr);
        }

        void plugInto(Ether other) {
            peer = other;
            other.peer = this;
        }

        @Override
        public int startXmit(SkBuff skb, NetDevice device) {
            byte[] frame = bytes(skb);
            skb.consume();
            sent.add(frame);
            if (peer != this && passes.test(frame)) {
                receive(peer.dev, frame, 0);
            }
            return NETDEV_TX_OK;
        }

        void inject(byte[] frame) {
            receive(dev, frame, 0);
        }

        List<byte[]> take() {
            List<byte[]> taken = List.copyOf(sent);
            sent.clear();
            return taken;
        }
    }

    /// Runs code as soft-interrupt context would.
    static void inSoftirq(Runnable body) {
        SoftIrq irq = SoftIrq.current();
        irq.disable();
        try {
            body.run();
        } finally {
            irq.enable();
        }
    }
}
