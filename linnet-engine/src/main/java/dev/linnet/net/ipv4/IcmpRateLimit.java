package dev.linnet.net.ipv4;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.IcmpMib;
import dev.linnet.kernel.sysctl.IpSysctls;
import dev.linnet.kernel.time.Clock;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.Pernet;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.wire.Icmp;
import dev.linnet.wire.In6Addr;

/// How many ICMP messages a namespace sends: `icmp_msgs_per_sec` to all hosts together,
/// `icmp_ratelimit` to each. IPv6's messages share the first limit.
public final class IcmpRateLimit {
    public static final Pernet<IcmpRateLimit> OF = new Pernet<>(IcmpRateLimit::new);

    /// The bucket is filled at most every fiftieth of a second.
    private static final long FILL_JIFFIES = Clock.HZ / 50;

    private final NetNamespace net;
    private long credit;
    private long stamp;

    private IcmpRateLimit(NetNamespace net) {
        this.net = net;
        this.stamp = net.clock.jiffies() - Clock.HZ;
    }

    /// True for types that no limit holds for (`icmp_ratemask`); path MTU discovery must work.
    @Kernel("icmpv4_mask_allow")
    boolean unlimited(int type, int code) {
        return type > Icmp4.NR_ICMP_TYPES
                || (type == Icmp.DEST_UNREACH && code == Icmp.FRAG_NEEDED)
                || (net.sysctl.get(IpSysctls.ICMP_RATEMASK) >>> type & 1) == 0;
    }

    /// True if the namespace may send another message; [#consume] then takes its credit
    /// (`icmp_global_allow`).
    @Kernel("icmp_global_allow")
    public synchronized boolean globalAllow() {
        if (credit > 0) {
            return true;
        }
        long now = net.clock.jiffies();
        long delta = Math.min(now - stamp, Clock.HZ);
        long more = net.sysctl.get(IpSysctls.ICMP_MSGS_PER_SEC) * delta / Clock.HZ;
        if (delta < FILL_JIFFIES || more == 0) {
            return false;
        }
        stamp = now;
        credit = Math.min(credit + more, net.sysctl.get(IpSysctls.ICMP_MSGS_BURST));
        return true;
    }

    /// Takes the credit of one message, on average: a random amount hides from others how much is
    /// left (`icmp_global_consume`).
    @Kernel("icmp_global_consume")
    public synchronized void consume() {
        credit -= net.random.below(3);
    }

    /// As [#globalAllow], counting what is held back (`icmpv4_global_allow`).
    @Kernel("icmpv4_global_allow")
    boolean globalAllowCounted() {
        if (globalAllow()) {
            return true;
        }
        net.mib.inc(IcmpMib.RATELIMITGLOBAL);
        return false;
    }

    /// True if a message of a limited type may go to this host now (`icmpv4_xrlim_allow`).
    @Kernel("icmpv4_xrlim_allow")
    boolean hostAllow(NetDevice out, int daddr) {
        if (out.isLoopback()) {
            return true;
        }
        InetPeers.Peer peer = InetPeers.OF.of(net).get(0, In6Addr.mapV4(daddr));
        int timeout = net.sysctl.get(IpSysctls.ICMP_RATELIMIT);
        if (!peer.xrlimAllow(net.clock.jiffies(), timeout)) {
            net.mib.inc(IcmpMib.RATELIMITHOST);
            return false;
        }
        consume();
        return true;
    }
}
