package dev.linnet.sim;

import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.kernel.time.HrTimer;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.Eth;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.NetDeviceOps;
import dev.linnet.net.core.dev.SoftnetData;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.wire.Ethernet;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// One way of a [Link], or from a host to a [Switch], and the driver of the interface at its beginning. Its monitor
/// guards its queue; packets are delivered outside of it, in soft-interrupt context.
public final class LinkDirection extends NetDeviceOps {
    private record InFlight(long atNs, long order, SkBuff skb) implements Comparable<InFlight> {
        @Override
        public int compareTo(InFlight other) {
            int byTime = Long.compare(atNs, other.atNs);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final NetNamespace net;
    private final SplittableRandom random;
    private final HrTimer timer;
    private final PriorityQueue<InFlight> inFlight = new PriorityQueue<>();
    private LinkConfig config;

    /// The interfaces at the other end: one of a cable, any number of a switch. Replaced, never changed.
    private volatile NetDevice[] peers = {};

    private long orders;

    /// When the sender's side of the wire is free again.
    private long busyUntilNs;

    private long sent;
    private long lost;
    private boolean cut;

    LinkDirection(NetNamespace net, LinkConfig config, long seed) {
        this.net = net;
        this.config = config;
        this.random = new SplittableRandom(seed);
        this.timer = net.timers.hrTimer(LinkDirection::expire, this);
    }

    void leadsTo(NetDevice... devs) {
        peers = devs;
    }

    /// Packets that entered this direction.
    public synchronized long sent() {
        return sent;
    }

    /// Packets that it lost: by chance, by a full queue, by a cut.
    public synchronized long lost() {
        return lost;
    }

    /// Cuts the wire (every packet is lost) or mends it.
    public synchronized void cut(boolean isCut) {
        cut = isCut;
    }

    /// Changes what happens to packets from now on; the MTU stays.
    public synchronized void configure(LinkConfig newConfig) {
        config = newConfig;
    }

    @Override
    public int startXmit(SkBuff skb, NetDevice dev) {
        skb.orphan();
        skb.dst = null;
        if (config.perfect() && !cut) {
            synchronized (this) {
                sent++;
            }
            deliver(skb);
            return NETDEV_TX_OK;
        }
        SkBuff copy = null;
        boolean drop;
        synchronized (this) {
            sent++;
            drop = cut || random.nextDouble() < config.loss();
            if (!drop && config.duplicate() > 0 && random.nextDouble() < config.duplicate()) {
                copy = skb.clone(SoftIrq.current().stripe);
            }
            drop = drop || !enqueue(skb);
            if (drop) {
                lost++;
            }
            if (copy != null && !enqueue(copy)) {
                lost++;
            } else {
                copy = null;
            }
        }
        if (drop) {
            skb.drop(DropReason.QDISC_DROP);
        }
        if (copy != null) {
            copy.drop(DropReason.QDISC_DROP);
        }
        return NETDEV_TX_OK;
    }

    /// Puts a packet on the wire; false if the queue in front of it is full.
    private boolean enqueue(SkBuff skb) {
        long now = net.clock.nowNs();
        long leaves = now;
        if (config.rateBps() > 0) {
            long busyNs = Math.max(0, busyUntilNs - now);
            long waiting = busyNs * config.rateBps() / 8_000_000_000L;
            if (waiting > (long) config.limit() * config.mtu()) {
                return false;
            }
            busyUntilNs = Math.max(busyUntilNs, now) + skb.len * 8_000_000_000L / config.rateBps();
            leaves = busyUntilNs;
        }
        if (config.corrupt() > 0 && random.nextDouble() < config.corrupt()) {
            corrupt(skb);
        }
        boolean overtakes = config.reorder() > 0 && random.nextDouble() < config.reorder();
        long delay = overtakes ? 0 : config.delayNs() + jitter();
        inFlight.add(new InFlight(leaves + delay, orders++, skb));
        InFlight first = inFlight.peek();
        if (first != null && first.skb == skb) {
            timer.start(first.atNs);
        }
        return true;
    }

    private long jitter() {
        if (config.jitterNs() == 0) {
            return 0;
        }
        long j = random.nextLong(-config.jitterNs(), config.jitterNs() + 1);
        return Math.max(j, -config.delayNs());
    }

    /// Turns one bit, in a copy of the bytes: others may share them.
    private void corrupt(SkBuff skb) {
        int stripe = SoftIrq.current().stripe;
        if (skb.mayPull(skb.len)) {
            SkbOps.unshareHead(skb, stripe);
            int bit = random.nextInt(skb.len * 8);
            skb.buf[skb.data + bit / 8] ^= (byte) (1 << bit % 8);
            skb.ipSummed = SkBuff.CHECKSUM_NONE;
        }
    }

    private static void expire(Object owner) {
        ((LinkDirection) owner).deliverDue();
    }

    private void deliverDue() {
        SkBuff skb;
        while ((skb = takeDue()) != null) {
            deliver(skb);
        }
    }

    private synchronized @Nullable SkBuff takeDue() {
        InFlight first = inFlight.peek();
        if (first == null) {
            return null;
        }
        if (first.atNs > net.clock.nowNs()) {
            timer.start(first.atNs);
            return null;
        }
        inFlight.remove();
        return first.skb;
    }

    /// Hands a packet to whom its destination address names; to all, if it is for many or for nobody here.
    private void deliver(SkBuff skb) {
        NetDevice[] to = peers;
        if (to.length == 0 || !skb.mayPull(Ethernet.HEADER_BYTES)) {
            skb.drop(DropReason.DEV_HDR);
            return;
        }
        int only = to.length == 1 ? 0 : indexOf(to, Ethernet.dest(skb.buf, skb.data));
        if (only >= 0) {
            deliver(skb, to[only]);
            return;
        }
        for (int i = 1; i < to.length; i++) {
            deliver(skb.clone(SoftIrq.current().stripe), to[i]);
        }
        deliver(skb, to[0]);
    }

    private static int indexOf(NetDevice[] devs, long mac) {
        for (int i = 0; i < devs.length; i++) {
            if (devs[i].mac() == mac) {
                return i;
            }
        }
        return -1;
    }

    private static void deliver(SkBuff skb, NetDevice to) {
        if (Eth.typeTrans(skb, to)) {
            SoftnetData.netifRx(skb);
        } else {
            skb.drop(DropReason.DEV_HDR);
        }
    }

    @Override
    public void stop(NetDevice dev) {
        while (true) {
            SkBuff skb;
            synchronized (this) {
                InFlight first = inFlight.poll();
                if (first == null) {
                    timer.cancel();
                    return;
                }
                skb = first.skb;
            }
            skb.drop(DropReason.DEV_READY);
        }
    }
}
