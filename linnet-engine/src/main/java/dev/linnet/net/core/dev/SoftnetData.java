package dev.linnet.net.core.dev;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkBuffHead;
import java.util.function.Supplier;

/// Packets that a thread has yet to receive (`struct softnet_data`), in order of arrival.
public final class SoftnetData extends SoftIrq.Vector {
    /// `net.core.netdev_max_backlog`.
    private static final int MAX_BACKLOG = 1000;

    private static final Supplier<SoftnetData> MAKER = SoftnetData::new;

    private final SkBuffHead inputPktQueue = new SkBuffHead();

    /// Hands a packet from a device to the stack: it is received on this thread, at once or when the
    /// thread leaves its present section (`netif_rx`). The caller has set `dev` and `protocol`.
    @Kernel({"netif_rx", "enqueue_to_backlog"})
    @HotPath
    public static void netifRx(SkBuff skb) {
        SoftIrq irq = SoftIrq.current();
        SoftnetData sd = irq.netRx(MAKER);
        if (sd.inputPktQueue.qlen() >= MAX_BACKLOG) {
            NetDevice dev = skb.dev;
            assert dev != null;
            dev.stats.rxDropped.increment();
            skb.drop(DropReason.CPU_BACKLOG);
            return;
        }
        sd.inputPktQueue.queueTail(skb);
        irq.poke();
    }

    @Override
    protected boolean pending() {
        return !inputPktQueue.isEmpty();
    }

    @Override
    @Kernel({"net_rx_action", "process_backlog"})
    @HotPath
    protected void run() {
        SkBuff skb;
        while ((skb = inputPktQueue.dequeue()) != null) {
            NetRx.receive(skb);
        }
    }
}
