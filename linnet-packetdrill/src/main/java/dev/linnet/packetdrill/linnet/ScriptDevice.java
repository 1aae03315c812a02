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
import dev.linnet.net.core.skb.SkbZerocopy;
import dev.linnet.packetdrill.target.Target.Captured;
import dev.linnet.stack.Host;
import java.util.ArrayDeque;
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

    private final Scheduler scheduler;
    private final NetDevice dev;

    /// What passed the device and was not looked at yet, as in packetdrill's packet socket.
    private final ArrayDeque<Sniffed> sniffed = new ArrayDeque<>();

    private @Nullable Waiter waiting;

    /// A packet that the stack sent; or the page of one that it received, which is shared, so that
    /// nothing can be merged into it, until the socket is read.
    @SuppressWarnings("ArrayRecordComponent")
    private record Sniffed(@Nullable Captured sent, @Nullable Page received) {}

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
        SkbZerocopy.dataCopied(skb);
        skb.consume();
        long usecs = scheduler.clock().realNs() / 1000;
        sniffed.add(new Sniffed(new Captured(datagram, usecs), null));
        Waiter waiter = waiting;
        if (waiter != null) {
            scheduler.unpark(waiter);
        }
        return NETDEV_TX_OK;
    }

    /// The next packet that the stack sent, waiting for it until a time of the monotonic clock.
    @Nullable Captured next(long deadlineNs) {
        while (true) {
            Captured first = firstSent();
            if (first != null) {
                return first;
            }
            Waiter waiter = scheduler.newWaiter();
            waiting = waiter;
            Scheduler.Wake wake = scheduler.park(waiter, deadlineNs);
            waiting = null;
            if (wake != Scheduler.Wake.WOKEN && sniffed.isEmpty()) {
                return null;
            }
        }
    }

    private @Nullable Captured firstSent() {
        while (!sniffed.isEmpty()) {
            Sniffed first = sniffed.remove();
            if (first.sent != null) {
                return first.sent;
            }
            if (first.received != null) {
                first.received.put();
            }
        }
        return null;
    }

    void receive(byte[] datagram, int segmentBytes) {
        int stripe = SoftIrq.current().stripe;
        int cost = memory(datagram.length);
        int room = cost - SHARED_INFO;
        Page page = dev.net.pool.alloc(stripe, PagePool.classFor(room));
        // What is more than a page has its end in pages of its own, and no room behind it.
        boolean linear = TUN_HEADROOM + datagram.length < PAGE;
        int at = page.data.length - (linear ? room - TUN_HEADROOM : datagram.length);
        System.arraycopy(datagram, 0, page.data, at, datagram.length);
        SkBuff skb = SkBuff.build(dev.net.pool, stripe, page, at, datagram.length);
        skb.truesize = cost + SK_BUFF;
        skb.headFrag = false;
        page.get();
        sniffed.add(new Sniffed(null, page));
        boolean v6 = datagram[0] >>> 4 == 6;
        skb.dev = dev;
        skb.macHeader = skb.data;
        skb.protocol = v6 ? PacketTypes.ETH_P_IPV6 : PacketTypes.ETH_P_IP;
        if (segmentBytes > 0) {
            skb.gsoSize = segmentBytes;
            skb.gsoType = v6 ? SkBuff.GSO_TCPV6 : SkBuff.GSO_TCPV4;
            // As for a packet of a TUN device: how many segments it stands for was never counted.
            skb.gsoSegs = 0;
        }
        SoftnetData.netifRx(skb);
    }

    void close() {
        while (firstSent() != null) {
            // Nobody waits for it any more.
        }
    }

    /// What the data of a packet of a TUN device takes in Linux: headroom and shared info, in a memory
    /// class or in whole pages. Receive buffers, and so windows, are measured with it.
    private static int memory(int bytes) {
        int size = (bytes + TUN_HEADROOM + 63 & ~63) + SHARED_INFO;
        if (size <= SMALL_HEAD) {
            return SMALL_HEAD;
        }
        return size <= LARGEST_CLASS
                ? Integer.highestOneBit(size - 1) * 2
                : (size + PAGE - 1) / PAGE * PAGE;
    }
}
