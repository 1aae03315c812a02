package dev.linnet.tun;

import dev.linnet.host.TunQueue;
import dev.linnet.host.VnetHeader;
import dev.linnet.kernel.mm.Page;
import dev.linnet.kernel.mm.PagePool;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.dev.Eth;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.PacketTypes;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkBuffPool;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Receives from one queue of a TUN device on a thread of its own: reads what is there, a burst at a
/// time, and carries each burst through the stack, so that what it causes (ACKs above all) is sent
/// once for the burst.
final class TunReceiver implements Runnable {
    private static final int BURST = 64;
    private static final long IDLE_NS = 1_000_000_000L;

    /// Room in front of a packet for what is prepended when it is forwarded.
    private static final int HEADROOM = 64;

    /// Packets up to this size are copied, so that small ones do not hold a large page.
    private static final int COPYBREAK = 2048;

    private final TunQueue queue;
    private final NetDevice dev;
    private final SkBuffPool pool;
    private final boolean vnetHeader;
    private final boolean tap;

    /// Where packets go.
    private final Consumer<SkBuff> receiver;

    private volatile boolean stopped;
    private @Nullable Thread thread;
    private @Nullable Page page;

    private TunReceiver(
            TunQueue queue,
            NetDevice dev,
            boolean vnetHeader,
            boolean tap,
            Consumer<SkBuff> receiver) {
        this.receiver = receiver;
        this.queue = queue;
        this.dev = dev;
        this.pool = dev.net.pool;
        this.vnetHeader = vnetHeader;
        this.tap = tap;
    }

    static TunReceiver start(
            TunQueue queue,
            NetDevice dev,
            boolean vnetHeader,
            boolean tap,
            Consumer<SkBuff> receiver) {
        TunReceiver made = new TunReceiver(queue, dev, vnetHeader, tap, receiver);
        Thread thread =
                Thread.ofPlatform().daemon(true).name("linnet-rx-" + dev.name).unstarted(made);
        made.thread = thread;
        thread.start();
        return made;
    }

    /// Ends the thread and waits for it.
    void stop() {
        stopped = true;
        queue.wakeUp();
        Thread t = thread;
        boolean interrupted = false;
        while (t != null && t.isAlive()) {
            try {
                t.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void run() {
        SoftIrq irq = SoftIrq.current();
        while (!stopped && queue.isOpen()) {
            if (burst(irq) == 0) {
                queue.awaitReadable(IDLE_NS);
            }
        }
        if (page != null) {
            page.put();
            page = null;
        }
    }

    /// Reads and carries up to a burst of packets; how many there were.
    private int burst(SoftIrq irq) {
        int n = 0;
        irq.disable();
        try {
            while (n < BURST && !stopped) {
                SkBuff skb = read(irq.stripe);
                if (skb == null) {
                    break;
                }
                n++;
                receive(skb);
            }
        } finally {
            irq.enable();
        }
        return n;
    }

    private @Nullable SkBuff read(int stripe) {
        Page into = page;
        if (into == null) {
            into = pool.alloc(stripe, PagePool.JUMBO);
            page = into;
        }
        int len = queue.read(into.data, HEADROOM, into.data.length - HEADROOM);
        if (len <= 0) {
            return null;
        }
        if (len > COPYBREAK) {
            page = null;
            return SkBuff.build(pool, stripe, into, HEADROOM, len);
        }
        SkBuff skb = SkBuff.alloc(pool, stripe, HEADROOM + len);
        skb.reserve(HEADROOM);
        System.arraycopy(into.data, HEADROOM, skb.buf, skb.put(len), len);
        return skb;
    }

    private void receive(SkBuff skb) {
        skb.dev = dev;
        if (vnetHeader && !takeVnetHeader(skb)) {
            dev.stats.rxErrors.increment();
            skb.drop(DropReason.DEV_HDR);
            return;
        }
        if (tap ? !Eth.typeTrans(skb, dev) : !setProtocol(skb)) {
            dev.stats.rxErrors.increment();
            skb.drop(DropReason.UNHANDLED_PROTO);
            return;
        }
        receiver.accept(skb);
    }

    /// Reads what the machine left undone and takes the header off (`virtio_net_hdr_to_skb`).
    private static boolean takeVnetHeader(SkBuff skb) {
        if (skb.len < VnetHeader.SIZE) {
            return false;
        }
        int at = skb.data;
        int packet = skb.pull(VnetHeader.SIZE);
        int flags = VnetHeader.flags(skb.buf, at);
        if ((flags & VnetHeader.F_NEEDS_CSUM) != 0) {
            skb.ipSummed = SkBuff.CHECKSUM_PARTIAL;
            skb.csumStart = packet + VnetHeader.csumStart(skb.buf, at);
            skb.csumOffset = VnetHeader.csumOffset(skb.buf, at);
            if (skb.csumStart + skb.csumOffset + 2 > skb.tail) {
                return false;
            }
        } else if ((flags & VnetHeader.F_DATA_VALID) != 0) {
            skb.ipSummed = SkBuff.CHECKSUM_UNNECESSARY;
        }
        int gso = VnetHeader.gsoType(skb.buf, at);
        if (gso != VnetHeader.GSO_NONE) {
            skb.gsoSize = VnetHeader.gsoSize(skb.buf, at);
            skb.gsoType = skbGsoType(gso);
            int payload = skb.len - VnetHeader.headerLength(skb.buf, at);
            skb.gsoSegs = skb.gsoSize == 0 ? 0 : (payload + skb.gsoSize - 1) / skb.gsoSize;
            return skb.gsoSize != 0 && skb.gsoType != 0;
        }
        return true;
    }

    private static int skbGsoType(int vnet) {
        int ecn = (vnet & VnetHeader.GSO_ECN) != 0 ? SkBuff.GSO_TCP_ECN : 0;
        return switch (vnet & ~VnetHeader.GSO_ECN) {
            case VnetHeader.GSO_TCPV4 -> SkBuff.GSO_TCPV4 | ecn;
            case VnetHeader.GSO_TCPV6 -> SkBuff.GSO_TCPV6 | ecn;
            case VnetHeader.GSO_UDP_L4 -> SkBuff.GSO_UDP_L4;
            default -> 0;
        };
    }

    /// A TUN device carries bare IP packets: the version tells which.
    private static boolean setProtocol(SkBuff skb) {
        if (skb.len == 0) {
            return false;
        }
        skb.macHeader = skb.data;
        skb.networkHeader = skb.data;
        switch (skb.buf[skb.data] >>> 4 & 0xF) {
            case 4 -> skb.protocol = PacketTypes.ETH_P_IP;
            case 6 -> skb.protocol = PacketTypes.ETH_P_IPV6;
            default -> {
                return false;
            }
        }
        return true;
    }
}
