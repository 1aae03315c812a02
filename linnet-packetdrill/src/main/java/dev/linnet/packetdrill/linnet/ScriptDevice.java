package dev.linnet.packetdrill.linnet;

import dev.linnet.kernel.mm.Page;
import dev.linnet.kernel.mm.PagePool;
import dev.linnet.kernel.sched.Scheduler;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.kernel.sched.Waiter;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.NetDeviceConfig;
import dev.linnet.net.core.dev.NetDeviceOps;
import dev.linnet.net.core.dev.PacketTypes;
import dev.linnet.net.core.dev.SoftnetData;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.packetdrill.target.Target.Captured;
import dev.linnet.stack.Host;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The device `tun0` of a script: what the stack sends is kept with its time, what the script sends
/// is received.
final class ScriptDevice extends NetDeviceOps {
    private static final int TUN_HEADROOM = 64;
    private static final int SHARED_INFO = 320;
    private static final int SK_BUFF = 256;
    private static final int SMALL_HEAD = 576;
    private static final int LARGEST_CLASS = 8192;
    private static final int PAGE = 4096;
    private static final int HEADROOM = 64;

    private final Scheduler scheduler;
    private final ArrayDeque<Captured> sent = new ArrayDeque<>();
    private final NetDevice dev;

    /// packetdrill's packet socket holds a clone of what it sent, so that the stack cannot merge it
    /// with other data.
    private final List<Page> sniffed = new ArrayList<>();

    private @Nullable Waiter waiting;

    ScriptDevice(Host host, Scheduler scheduler, int mtu) {
        this.scheduler = scheduler;
        this.dev =
                host.addDevice(
                        new NetDeviceConfig(
                                "tun0",
                                this,
                                NetDevice.ARPHRD_NONE,
                                new byte[0],
                                NetDevice.IFF_POINTOPOINT
                                        | NetDevice.IFF_NOARP
                                        | NetDevice.IFF_MULTICAST,
                                NetDevice.F_ALL,
                                mtu));
    }

    @Override
    public int startXmit(SkBuff skb, NetDevice device) {
        byte[] datagram = new byte[skb.len];
        SkbOps.copyBits(skb, 0, datagram, 0, skb.len);
        skb.consume();
        sent.add(new Captured(datagram, scheduler.clock().realNs() / 1000));
        Waiter waiter = waiting;
        if (waiter != null) {
            scheduler.unpark(waiter);
        }
        return NETDEV_TX_OK;
    }

    /// The next packet that the stack sent, waiting for it until a time of the monotonic clock.
    @Nullable Captured next(long deadlineNs) {
        while (sent.isEmpty()) {
            Waiter waiter = scheduler.newWaiter();
            waiting = waiter;
            Scheduler.Wake wake = scheduler.park(waiter, deadlineNs);
            waiting = null;
            if (wake != Scheduler.Wake.WOKEN && sent.isEmpty()) {
                return null;
            }
        }
        return sent.remove();
    }

    void receive(byte[] datagram, int segmentBytes) {
        int stripe = SoftIrq.current().stripe;
        Page page = dev.net.pool.alloc(stripe, PagePool.classFor(HEADROOM + datagram.length));
        System.arraycopy(datagram, 0, page.data, HEADROOM, datagram.length);
        SkBuff skb = SkBuff.build(dev.net.pool, stripe, page, HEADROOM, datagram.length);
        skb.truesize = truesize(datagram.length);
        page.get();
        sniffed.add(page);
        boolean v6 = datagram[0] >>> 4 == 6;
        skb.dev = dev;
        skb.macHeader = skb.data;
        skb.protocol = v6 ? PacketTypes.ETH_P_IPV6 : PacketTypes.ETH_P_IP;
        if (segmentBytes > 0) {
            skb.gsoSize = segmentBytes;
            skb.gsoType = v6 ? SkBuff.GSO_TCPV6 : SkBuff.GSO_TCPV4;
            int headers = v6 ? 60 : 40;
            skb.gsoSegs = (datagram.length - headers + segmentBytes - 1) / segmentBytes;
        }
        SoftnetData.netifRx(skb);
    }

    void close() {
        sniffed.forEach(Page::put);
        sniffed.clear();
    }

    /// What a packet of a TUN device costs in Linux: headroom and shared info, in a memory class or in
    /// whole pages, and the packet itself. Receive buffers, and so windows, are measured with it.
    private static int truesize(int bytes) {
        int size = (bytes + TUN_HEADROOM + 63 & ~63) + SHARED_INFO;
        if (size <= SMALL_HEAD) {
            return SMALL_HEAD + SK_BUFF;
        }
        int memory =
                size <= LARGEST_CLASS
                        ? Integer.highestOneBit(size - 1) * 2
                        : (size + PAGE - 1) / PAGE * PAGE;
        return memory + SK_BUFF;
    }
}
