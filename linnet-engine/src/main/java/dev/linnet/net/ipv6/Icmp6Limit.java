package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.Icmp6Mib;
import dev.linnet.kernel.mib.IcmpMib;
import dev.linnet.kernel.sysctl.Ipv6Sysctls;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.Pernet;
import dev.linnet.net.core.dev.Flow;
import dev.linnet.net.ipv4.IcmpRateLimit;
import dev.linnet.net.ipv4.InetPeers;
import dev.linnet.wire.Icmpv6;

/// How many ICMPv6 messages a namespace sends (RFC 4443 section 2.4 f): together with IPv4's
/// `icmp_msgs_per_sec`, and `icmp.ratelimit` to each host.
final class Icmp6Limit {
    static final Pernet<Icmp6Limit> OF = new Pernet<>(Icmp6Limit::new);

    private final NetNamespace net;

    private Icmp6Limit(NetNamespace net) {
        this.net = net;
    }

    /// Whether messages of a type are limited: errors that `icmp.ratemask` names. Path MTU discovery
    /// must work, and answers are as many as questions.
    @Kernel("icmpv6_mask_allow")
    boolean holdsFor(int type) {
        return Icmpv6.isError(type)
                && type != Icmpv6.PKT_TOOBIG
                && net.sysctl.get(Ipv6Sysctls.ICMP_RATEMASK, type);
    }

    /// Whether the namespace may send another message.
    @Kernel("icmpv6_global_allow")
    boolean globalAllow() {
        if (IcmpRateLimit.OF.of(net).globalAllow()) {
            return true;
        }
        net.mib.inc(IcmpMib.RATELIMITGLOBAL);
        return false;
    }

    /// Whether a message may go to a host now; wider prefixes get more.
    @Kernel("icmpv6_xrlim_allow")
    boolean hostAllow(Rt6Info rt, Flow fl) {
        if (!rt.dev.isLoopback()) {
            int timeout = net.sysctl.get(Ipv6Sysctls.ICMP_RATELIMIT);
            if (rt.prefixLen < 128) {
                timeout >>= (128 - rt.prefixLen) >> 5;
            }
            InetPeers.Peer peer = InetPeers.OF.of(net).get(fl.daddrHi, fl.daddrLo);
            if (!peer.xrlimAllow(net.clock.jiffies(), timeout)) {
                net.mib.inc(Icmp6Mib.RATELIMITHOST);
                return false;
            }
        }
        IcmpRateLimit.OF.of(net).consume();
        return true;
    }
}
