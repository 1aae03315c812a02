package dev.linnet.net.core.dev;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.time.Clock;
import dev.linnet.kernel.time.HrTimer;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.uapi.TcpState;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// The fair queue with pacing (`fq`, `net/sched/sch_fq.c`): every sock is a flow of its own, flows take
/// turns by deficit round robin, new ones first, and no packet leaves before its time, be that the
/// departure time that TCP wrote on it or what the flow's rate gives. Socks whose packets come here pace
/// themselves no more (`SK_PACING_FQ`).
///
/// Not here: the three bands of priorities and the CE threshold.
public final class Fq extends DrainedQdisc {
    /// Flows without packets for so long are forgotten, jiffies.
    private static final long IDLE_JIFFIES = 3 * Clock.HZ;

    /// So many flows are kept before idle ones are looked for.
    private static final int MANY_FLOWS = 256;

    private static final long NSEC_PER_SEC = 1_000_000_000L;

    private final FqConfig config;
    private final NetDevice dev;
    private final HrTimer watchdog;
    private final IdentityHashMap<Sock, FqFlow> flows = new IdentityHashMap<>();
    private final FqFlow[] orphans;
    private final ArrayDeque<FqFlow> newFlows = new ArrayDeque<>();
    private final ArrayDeque<FqFlow> oldFlows = new ArrayDeque<>();
    private final PriorityQueue<FqFlow> throttled = new PriorityQueue<>();
    private int packets;

    public Fq(NetDevice dev, FqConfig config) {
        this.dev = dev;
        this.config = config;
        this.orphans = new FqFlow[config.orphanMask() + 1];
        this.watchdog = dev.net.timers.hrTimer(owner -> ((Fq) owner).onTime(), this);
    }

    private void onTime() {
        run(dev);
    }

    // ---- in ---------------------------------------------------------------------------------

    @Override
    @Kernel("fq_enqueue")
    @Nullable DropReason offer(SkBuff skb, NetDevice device) {
        if (packets >= config.limit()) {
            return DropReason.QDISC_OVERLIMIT;
        }
        long horizon = dev.net.clock.nowNs() + config.horizonNs();
        if (FqFlow.departureNs(skb) > horizon) {
            if (config.horizonDrop()) {
                return DropReason.FQ_HORIZON_LIMIT;
            }
            skb.tstampNs = horizon;
        }
        FqFlow flow = classify(skb);
        if (flow.queue.qlen() >= config.flowLimit()) {
            return DropReason.FQ_FLOW_LIMIT;
        }
        flow.add(skb);
        packets++;
        if (!flow.listed) {
            flow.listed = true;
            newFlows.addLast(flow);
            if (jiffies() - flow.idleSince > config.refillJiffies()) {
                flow.credit = Math.max(flow.credit, config.quantum());
            }
        }
        return null;
    }

    /// The flow of a packet: that of its sock, if that is connected; else one of those by hash.
    @Kernel("fq_classify")
    private FqFlow classify(SkBuff skb) {
        Sock sk = skb.sk;
        if (sk == null || sk.state == TcpState.TCP_LISTEN || sk.state == TcpState.TCP_CLOSE) {
            int slot = skb.hash & config.orphanMask();
            FqFlow flow = orphans[slot];
            if (flow == null) {
                flow = new FqFlow(config.initialQuantum());
                orphans[slot] = flow;
            }
            return flow;
        }
        if (config.pacing()) {
            sk.pacingStatus = Sock.SK_PACING_FQ;
        }
        FqFlow flow = flows.get(sk);
        if (flow == null) {
            if (flows.size() >= MANY_FLOWS) {
                forgetIdle();
            }
            flow = new FqFlow(config.initialQuantum());
            flow.idleSince = jiffies();
            flows.put(sk, flow);
        }
        return flow;
    }

    @Kernel("fq_gc")
    private void forgetIdle() {
        long now = jiffies();
        flows.values().removeIf(flow -> !flow.listed && now - flow.idleSince > IDLE_JIFFIES);
    }

    private long jiffies() {
        return dev.net.clock.jiffies();
    }

    // ---- out --------------------------------------------------------------------------------

    @Override
    @Kernel("fq_dequeue")
    @Nullable SkBuff poll(NetDevice device) {
        long now = dev.net.clock.nowNs();
        unthrottle(now);
        while (true) {
            boolean fresh = !newFlows.isEmpty();
            FqFlow flow = (fresh ? newFlows : oldFlows).peekFirst();
            if (flow == null) {
                awaitThrottled();
                return null;
            }
            SkBuff skb = take(fresh, flow, now);
            if (skb != null) {
                return skb;
            }
        }
    }

    /// The next packet of the flow at the head of a list; null if the flow went elsewhere instead.
    private @Nullable SkBuff take(boolean fresh, FqFlow flow, long now) {
        ArrayDeque<FqFlow> list = fresh ? newFlows : oldFlows;
        if (flow.credit <= 0) {
            flow.credit += config.quantum();
            list.removeFirst();
            oldFlows.addLast(flow);
            return null;
        }
        SkBuff skb = flow.queue.peek();
        if (skb == null) {
            emptied(fresh, flow);
            return null;
        }
        long due = Math.max(FqFlow.departureNs(skb), flow.timeNextPacketNs);
        if (now < due) {
            list.removeFirst();
            flow.timeNextPacketNs = due;
            throttled.add(flow);
            return null;
        }
        flow.queue.dequeue();
        packets--;
        flow.credit -= skb.len;
        if (config.pacing()) {
            pace(flow, skb, now);
        }
        return skb;
    }

    /// A new flow goes through the old ones once, so that many new ones do not starve those.
    private void emptied(boolean fresh, FqFlow flow) {
        (fresh ? newFlows : oldFlows).removeFirst();
        if (fresh && !oldFlows.isEmpty()) {
            oldFlows.addLast(flow);
        } else {
            flow.listed = false;
            flow.idleSince = jiffies();
        }
    }

    /// Sets when the next packet of the flow may go: by the flow's largest rate and, for packets
    /// without a departure time, by the sock's.
    private void pace(FqFlow flow, SkBuff skb, long now) {
        long rate = config.maxRate();
        long bytes = skb.len;
        if (FqFlow.departureNs(skb) == 0) {
            Sock sk = skb.sk;
            if (sk != null && Long.compareUnsigned(sk.pacingRate, rate) < 0) {
                rate = sk.pacingRate;
            }
            if (Long.compareUnsigned(rate, config.lowRateThreshold()) <= 0) {
                flow.credit = 0;
            } else {
                bytes = Math.max(bytes, config.quantum());
                if (flow.credit > 0) {
                    return;
                }
            }
        }
        if (rate == -1L) {
            return;
        }
        long delay = rate == 0 ? NSEC_PER_SEC : Long.divideUnsigned(bytes * NSEC_PER_SEC, rate);
        delay = Math.min(delay, NSEC_PER_SEC); // the rate may change meanwhile
        if (flow.timeNextPacketNs != 0) {
            delay -= Math.min(delay / 2, now - flow.timeNextPacketNs);
        }
        flow.timeNextPacketNs = now + delay;
    }

    @Kernel("fq_check_throttled")
    private void unthrottle(long now) {
        FqFlow flow = throttled.peek();
        while (flow != null && flow.timeNextPacketNs <= now) {
            throttled.remove();
            oldFlows.addLast(flow);
            flow = throttled.peek();
        }
    }

    private void awaitThrottled() {
        FqFlow first = throttled.peek();
        if (first != null) {
            watchdog.start(first.timeNextPacketNs);
        }
    }

    // ---- the rest ---------------------------------------------------------------------------

    @Override
    @Kernel("fq_reset")
    void purge() {
        watchdog.cancel();
        flows.values().forEach(flow -> flow.queue.purge(DropReason.QDISC_DROP));
        for (FqFlow flow : orphans) {
            if (flow != null) {
                flow.queue.purge(DropReason.QDISC_DROP);
            }
        }
        flows.clear();
        Arrays.fill(orphans, null);
        newFlows.clear();
        oldFlows.clear();
        throttled.clear();
        packets = 0;
    }

    @Override
    int waiting() {
        return packets;
    }
}
