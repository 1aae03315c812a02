package dev.linnet.net.core.skb;

import dev.linnet.kernel.trace.DropReason;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/// How many packets of a stack died of what, and who wants to hear of it.
public final class DropCounters {
    /// Hears of each packet that dies, before it is freed; must not keep it, block or throw.
    @FunctionalInterface
    public interface Listener {
        void dropped(SkBuff skb, DropReason reason);
    }

    private final AtomicLongArray counts = new AtomicLongArray(DropReason.values().length);
    private volatile @Nullable Listener listener;

    void dropped(SkBuff skb, DropReason reason) {
        counts.incrementAndGet(reason.ordinal());
        Listener l = listener;
        if (l != null) {
            l.dropped(skb, reason);
        }
    }

    /// Packets that died of `reason` since boot.
    public long count(DropReason reason) {
        return counts.get(reason.ordinal());
    }

    /// Sets the one listener, or none.
    public void listen(@Nullable Listener l) {
        listener = l;
    }
}
