package dev.linnet.net.core.dev;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.Sock;
import org.jspecify.annotations.Nullable;

/// A cached decision of where packets to a destination go (`struct dst_entry`): IPv4's `Rtable` or
/// IPv6's `Rt6Info`. Immutable but for its PMTU, safe from any thread.
public abstract class DstEntry {
    public final NetDevice dev;

    /// The namespace's route generation when this was made.
    private final long genid;

    private volatile boolean obsolete;

    protected DstEntry(NetDevice dev) {
        this.dev = dev;
        this.genid = dev.net.routeGenid();
    }

    /// True while the decision still holds (`dst_check`).
    public final boolean valid() {
        return !obsolete && genid == dev.net.routeGenid();
    }

    /// Makes all who cached it look up again.
    public final void invalidate() {
        obsolete = true;
    }

    /// Largest packet to this destination in bytes: the learnt path MTU, the route's, or the
    /// device's (`dst_mtu`).
    @Kernel("dst_mtu")
    public abstract int mtu();

    /// MSS to advertise to this destination, without options (`dst_metric_advmss`).
    @Kernel("dst_metric_advmss")
    public abstract int advmss();

    /// A route metric (`RTAX_*` number), 0 where it is not set.
    public abstract int metric(int rtax);

    /// True if the route forbids to change a metric (`mtu lock`).
    public abstract boolean metricLocked(int rtax);

    /// Learns a smaller path MTU (ICMP "fragmentation needed", "packet too big").
    public abstract void updatePmtu(@Nullable Sock sk, int mtu);

    /// Hears that packets do not arrive (`dst_negative_advice`): the next check may pick another
    /// route.
    public void negativeAdvice() {}

    /// Sends a packet whose network header is complete (`dst_output`); takes ownership. 0, a
    /// positive congestion notice, or `-errno`.
    public abstract int output(SkBuff skb);

    /// Receives or forwards a packet for which this was found (`dst_input`); takes ownership.
    public abstract void input(SkBuff skb);
}
