package dev.linnet.net.ipv6;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.kernel.sched.VirtualScheduler;
import dev.linnet.kernel.sysctl.Machine;
import dev.linnet.kernel.sysctl.SysctlValues;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.NetRandom;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.dev.EtherHeader;
import dev.linnet.net.core.dev.Flow;
import dev.linnet.net.core.dev.Loopback;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.NetDeviceConfig;
import dev.linnet.net.core.dev.NetDeviceOps;
import dev.linnet.net.core.dev.PacketTypes;
import dev.linnet.net.core.dev.RouteMetrics;
import dev.linnet.net.core.dev.SoftnetData;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkBuffPool;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.core.sock.IpcmCookie;
import dev.linnet.net.core.sock.PingDeliver;
import dev.linnet.uapi.IpProto;
import dev.linnet.uapi.SocketType;
import dev.linnet.wire.Icmpv6;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Ipv6;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/// Hosts with IPv6 alone and devices made for tests, in virtual time on the calling thread.
final class Ipv6Lab {
    final VirtualScheduler scheduler;
    final SkBuffPool pool = new SkBuffPool();
    private final NetRandom random;
    private final AtomicLong inodes = new AtomicLong(1);
    private final List<NetNamespace> hosts = new ArrayList<>();

    Ipv6Lab(long seed) {
        this.scheduler = new VirtualScheduler(seed);
        this.random = new NetRandom(seed);
    }

    NetNamespace host(String name) {
        SysctlValues sysctl = SysctlValues.initial(Machine.ofMemory(1L << 30));
        NetNamespace net = new NetNamespace(name, scheduler, pool, random.fork(), sysctl, inodes);
        PacketTypes.add(net, PacketTypes.ETH_P_IPV6, new Ip6Input());
        Addrconf.init(net);
        Icmp6.init(net);
        net.devices.up(Loopback.register(net));
        hosts.add(net);
        return net;
    }

    static void sysctl(NetNamespace net, String name, String value) {
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

    private static NetDevice register(NetNamespace net, NetDeviceConfig config) {
        NetDevice dev = net.devices.register(config);
        assertThat(dev).isNotNull();
        assertThat(net.devices.up(dev)).isZero();
        return dev;
    }

    /// Gives a device an address that it may use at once.
    static void address(NetDevice dev, String cidr) {
        String[] parts = cidr.split("/");
        In6Addr a = In6Addr.parse(parts[0]);
        int prefixLen = Integer.parseInt(parts[1]);
        assertThat(Addrconf.addAddress(dev, a.hi(), a.lo(), prefixLen, true)).isZero();
    }

    static void route(NetNamespace net, String cidr, String via, NetDevice dev) {
        String[] parts = cidr.split("/");
        In6Addr dst = In6Addr.parse(parts[0]);
        In6Addr gw = In6Addr.parse(via);
        int len = Integer.parseInt(parts[1]);
        int err =
                Ip6Fib.addRoute(
                        net, dst.hi(), dst.lo(), len, gw.hi(), gw.lo(), dev, 0, RouteMetrics.NONE);
        assertThat(err).isZero();
    }

    static Inet6IfAddr find(NetDevice dev, String text) {
        In6Addr a = In6Addr.parse(text);
        return Inet6Dev.of(dev).find(a.hi(), a.lo());
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

        Tun(NetNamespace net, String name, int mtu) {
            int flags = NetDevice.IFF_POINTOPOINT | NetDevice.IFF_NOARP | NetDevice.IFF_MULTICAST;
            NetDeviceConfig config =
                    new NetDeviceConfig(
                            name,
                            this,
                            NetDevice.ARPHRD_NONE,
                            new byte[0],
                            flags,
                            NetDevice.F_SG,
                            mtu);
            this.dev = register(net, config);
        }

        @Override
        public int startXmit(SkBuff skb, NetDevice device) {
            sent.add(bytes(skb));
            skb.consume();
            return NETDEV_TX_OK;
        }

        void inject(byte[] packet) {
            receive(dev, packet, PacketTypes.ETH_P_IPV6);
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
        private final List<Ether> peers = new ArrayList<>();

        Ether(NetNamespace net, String name, int mac) {
            this(net, name, mac, 1500);
        }

        Ether(NetNamespace net, String name, int mac, int mtu) {
            NetDeviceConfig config =
                    new NetDeviceConfig(
                            name,
                            this,
                            NetDevice.ARPHRD_ETHER,
                            new byte[] {2, 0, 0, 0, 0, (byte) mac},
                            NetDevice.IFF_BROADCAST | NetDevice.IFF_MULTICAST,
                            NetDevice.F_SG,
                            mtu);
            this.dev = register(net, config);
        }

        /// Both are on one wire from now on.
        void plugInto(Ether other) {
            peers.add(other);
            other.peers.add(this);
        }

        @Override
        public int startXmit(SkBuff skb, NetDevice device) {
            byte[] frame = bytes(skb);
            skb.consume();
            sent.add(frame);
            if (passes.test(frame)) {
                peers.forEach(peer -> receive(peer.dev, frame, 0));
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

    // ---- echo
    // ------------------------------------------------------------------------------------

    /// Sends an echo request with `bytes` of data; 0 or `-errno`.
    static int ping(NetNamespace net, String to, int bytes, int oif) {
        InetSock sk = TestSock.datagram(net, SocketType.SOCK_RAW, IpProto.IPPROTO_ICMPV6);
        return ping(sk, to, bytes, oif);
    }

    static int ping(InetSock sk, String to, int bytes, int oif) {
        NetNamespace net = sk.net;
        In6Addr dst = In6Addr.parse(to);
        Flow fl = new Flow();
        fl.daddrHi = dst.hi();
        fl.daddrLo = dst.lo();
        fl.oif = oif;
        int[] err = new int[1];
        DstEntry rt = Ip6Route.output(net, fl, err);
        if (rt == null) {
            return err[0];
        }
        int n = 8 + bytes;
        SkBuff skb = SkBuff.alloc(net.pool, 0, 128 + n);
        skb.reserve(128);
        int at = skb.put(n);
        for (int i = 8; i < n; i++) {
            skb.buf[at + i] = (byte) i;
        }
        Icmpv6.put(skb.buf, at, Icmpv6.ECHO_REQUEST, 0, 0x0001_0002);
        Icmpv6.sendCheck(skb.buf, at, n, fl.saddrHi, fl.saddrLo, dst.hi(), dst.lo());
        return Ip6Output.sendDatagram(
                sk, skb, IpProto.IPPROTO_ICMPV6, fl, rt, new IpcmCookie().init(sk));
    }

    /// Notes the echo replies, and errors about echo requests, that come to a host.
    static List<String> listen(NetNamespace net) {
        List<String> heard = new ArrayList<>();
        PingDeliver.install(
                net,
                new PingDeliver() {
                    @Override
                    protected boolean deliver(SkBuff skb, boolean ipv6) {
                        int n = skb.networkHeader;
                        long hi = Ipv6.saddrHi(skb.buf, n);
                        String from = In6Addr.format(hi, Ipv6.saddrLo(skb.buf, n));
                        heard.add("reply " + from + " " + (skb.len - Icmpv6.HEADER_BYTES));
                        return true;
                    }

                    @Override
                    protected void err(SkBuff skb, boolean ipv6, int type, int code, int info) {
                        heard.add("error " + type + "/" + code + " " + info);
                    }
                });
        return heard;
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
