package dev.linnet.net.ipv6;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.Conf6Sysctls;
import dev.linnet.kernel.sysctl.Ipv6Sysctls;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.RouteMetrics;
import dev.linnet.net.core.dev.Rtn;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.wire.Ipv6;
import org.jspecify.annotations.Nullable;

/// A resolved IPv6 route (`struct rt6_info`), for packets that are sent and for ones received.
public final class Rt6Info extends DstEntry {
    /// Largest packet: payload and header (`IP6_MAX_MTU`).
    private static final int MAX_MTU = 0xFFFF + Ipv6.HEADER_BYTES;

    /// Largest payload; as an MSS it means "whatever the path carries".
    private static final int MAXPLEN = 0xFFFF;

    private static final int TCP_HEADER = 20;

    /// Kind of the destination, one of [Rtn].
    public final int type;

    /// The interface that the destination belongs to; differs from [#dev] for an address of this
    /// host, which is reached over the loopback device (`rt6i_idev`).
    public final NetDevice owner;

    /// Next hop, or unspecified for a destination on the link.
    public final long gwHi;

    public final long gwLo;

    /// Bits of the prefix that the route is for; 128 when it is for one destination.
    final int prefixLen;

    private final RouteMetrics metrics;

    /// What was learnt about the path to this very destination, or null.
    private final @Nullable Rt6Exception exception;

    Rt6Info(NetDevice dev, Fib6Info from, @Nullable Rt6Exception exception) {
        super(dev);
        this.type = from.type;
        this.owner = from.dev;
        this.gwHi = exception != null && exception.redirected() ? exception.gwHi() : from.gwHi;
        this.gwLo = exception != null && exception.redirected() ? exception.gwLo() : from.gwLo;
        this.prefixLen = exception == null ? from.prefixLen : 128;
        this.metrics = from.metrics;
        this.exception = exception;
    }

    /// A route straight to a device, for packets that name their interface (`icmp6_dst_alloc`).
    Rt6Info(NetDevice dev, int type) {
        super(dev);
        this.type = type;
        this.owner = dev;
        this.gwHi = 0;
        this.gwLo = 0;
        this.prefixLen = 128;
        this.metrics = RouteMetrics.NONE;
        this.exception = null;
    }

    /// True if the destination is one of ours.
    @HotPath
    public boolean isLocal() {
        return type == Rtn.LOCAL;
    }

    @HotPath
    public boolean hasGateway() {
        return (gwHi | gwLo) != 0;
    }

    @Override
    @Kernel("ip6_mtu")
    @HotPath
    public int mtu() {
        Rt6Exception e = exception;
        if (e != null && e.pmtu() != 0 && !e.expired(dev.net.clock.jiffies())) {
            return e.pmtu();
        }
        int mtu = metrics.get(RouteMetrics.RTAX_MTU);
        if (mtu == 0) {
            Inet6Dev idev = Inet6Dev.of(dev);
            mtu = idev == null ? Ipv6.MIN_MTU : idev.mtu();
        }
        return Math.min(mtu, MAX_MTU);
    }

    @Override
    @Kernel("ip6_default_advmss")
    public int advmss() {
        int advmss = metrics.get(RouteMetrics.RTAX_ADVMSS);
        if (advmss != 0) {
            return advmss;
        }
        int min = dev.net.sysctl.get(Ipv6Sysctls.ROUTE_MIN_ADV_MSS);
        int mss = Math.max(mtu() - Ipv6.HEADER_BYTES - TCP_HEADER, min);
        return mss > MAXPLEN - TCP_HEADER ? MAXPLEN : mss;
    }

    @Override
    public int metric(int rtax) {
        return metrics.get(rtax);
    }

    @Override
    public boolean metricLocked(int rtax) {
        return metrics.isLocked(rtax);
    }

    /// Hop limit of packets to here: the route's, else that of the interface
    /// (`ip6_dst_hoplimit`).
    @Kernel("ip6_dst_hoplimit")
    @HotPath
    public int hopLimit() {
        int hops = metrics.get(RouteMetrics.RTAX_HOPLIMIT);
        if (hops != 0) {
            return hops;
        }
        Inet6Dev idev = Inet6Dev.of(dev);
        return idev == null
                ? dev.net.sysctl.ipv6All().get(Conf6Sysctls.HOP_LIMIT)
                : idev.cnf.get(Conf6Sysctls.HOP_LIMIT);
    }

    /// Learns the path MTU to the peer of a connected sock; other destinations are named with
    /// [Ip6Pmtu#update].
    @Override
    @Kernel("ip6_rt_update_pmtu")
    public void updatePmtu(@Nullable Sock sk, int mtu) {
        if (sk != null) {
            Ip6Pmtu.update(this, sk.daddrHi, sk.daddrLo, mtu);
        }
    }

    @Override
    @HotPath
    public int output(SkBuff skb) {
        return Ip6Output.output(skb, this);
    }

    @Override
    @HotPath
    public void input(SkBuff skb) {
        switch (type) {
            case Rtn.LOCAL -> Ip6Input.input(skb);
            case Rtn.MULTICAST -> Ip6Input.mcInput(skb);
            default -> Ip6Forward.forward(skb, this);
        }
    }
}
