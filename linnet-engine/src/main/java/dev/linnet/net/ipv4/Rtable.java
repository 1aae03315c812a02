package dev.linnet.net.ipv4;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.RouteSysctls;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.RouteMetrics;
import dev.linnet.net.core.dev.Rtn;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.Sock;
import org.jspecify.annotations.Nullable;

/// A resolved IPv4 route (`struct rtable`): for packets that are sent, or for ones received.
public final class Rtable extends DstEntry {
    private static final int IP_MAX_MTU = 0xFFFF;
    private static final int TCP_MIN_MSS_DEFAULT_HEADERS = 40;

    /// Kind of the destination, one of [Rtn].
    public final int type;

    /// Next hop, or 0 for a destination on the link.
    public final int gateway;

    /// True for a received packet's route.
    public final boolean isInput;

    private final RouteMetrics metrics;

    /// What was learnt about the path to this very destination, or null.
    private final @Nullable PmtuException exception;

    Rtable(
            NetDevice dev,
            int type,
            int gateway,
            boolean isInput,
            RouteMetrics metrics,
            @Nullable PmtuException exception) {
        super(dev);
        this.type = type;
        this.gateway = gateway;
        this.isInput = isInput;
        this.metrics = metrics;
        this.exception = exception;
    }

    /// True if the destination is one of ours.
    public boolean isLocal() {
        return type == Rtn.LOCAL;
    }

    @Override
    @Kernel("ipv4_mtu")
    @HotPath
    public int mtu() {
        PmtuException e = exception;
        if (e != null && !e.expired(dev.net.clock.jiffies())) {
            return Math.min(e.pmtu, IP_MAX_MTU);
        }
        int mtu = metrics.get(RouteMetrics.RTAX_MTU);
        if (mtu == 0) {
            mtu = dev.mtu;
        }
        return Math.min(mtu, IP_MAX_MTU);
    }

    @Override
    @Kernel("ipv4_default_advmss")
    public int advmss() {
        int advmss = metrics.get(RouteMetrics.RTAX_ADVMSS);
        if (advmss != 0) {
            return advmss;
        }
        int min = dev.net.sysctl.get(RouteSysctls.MIN_ADV_MSS);
        int mss = Math.max(mtu() - TCP_MIN_MSS_DEFAULT_HEADERS, min);
        return Math.min(mss, IP_MAX_MTU - TCP_MIN_MSS_DEFAULT_HEADERS);
    }

    @Override
    public int metric(int rtax) {
        return metrics.get(rtax);
    }

    @Override
    public boolean metricLocked(int rtax) {
        return metrics.isLocked(rtax) || (rtax == RouteMetrics.RTAX_MTU && pmtuLocked());
    }

    /// Packets to here must not carry DF: the learnt MTU is below the smallest allowed one
    /// (`ip_mtu_locked`).
    public boolean pmtuLocked() {
        PmtuException e = exception;
        return metrics.isLocked(RouteMetrics.RTAX_MTU)
                || (e != null && e.locked && !e.expired(dev.net.clock.jiffies()));
    }

    /// Not used for IPv4: the quoted packet names the destination, see [PmtuExceptions#update].
    @Override
    public void updatePmtu(@Nullable Sock sk, int mtu) {}

    @Override
    @HotPath
    public int output(SkBuff skb) {
        return IpOutput.output(skb, this);
    }

    @Override
    @HotPath
    public void input(SkBuff skb) {
        if (isLocal() || type == Rtn.BROADCAST || type == Rtn.MULTICAST) {
            IpInput.localDeliver(skb);
        } else {
            IpForward.forward(skb, this);
        }
    }
}
