package dev.linnet.net.ipv6;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.wire.In6Addr;

/// How far an address reaches, and what follows from it (RFC 4007, `ipv6_addr_type`).
public final class Ipv6Scope {
    /// Scopes, in the numbers of RFC 4291 section 2.7.
    static final int NODE_LOCAL = 1;

    static final int LINK_LOCAL = 2;
    static final int SITE_LOCAL = 5;
    static final int GLOBAL = 14;

    private Ipv6Scope() {}

    /// The scope of an address; the loopback address counts as link-local
    /// (`ipv6_addr_src_scope`).
    @Kernel("ipv6_addr_src_scope")
    static int of(long hi, long lo) {
        if (In6Addr.isMulticast(hi)) {
            return In6Addr.multicastScope(hi);
        }
        if (In6Addr.isLinkLocal(hi) || In6Addr.isLoopback(hi, lo)) {
            return LINK_LOCAL;
        }
        return isSiteLocal(hi) ? SITE_LOCAL : GLOBAL;
    }

    /// Whether in `fec0::/10` (deprecated by RFC 3879).
    static boolean isSiteLocal(long hi) {
        return hi >>> 54 == 0xfec0 >>> 6;
    }

    /// Whether an address means something only together with an interface
    /// (`rt6_need_strict`).
    @Kernel("rt6_need_strict")
    @HotPath
    static boolean needsInterface(long hi, long lo) {
        return In6Addr.isMulticast(hi) || In6Addr.isLinkLocal(hi) || In6Addr.isLoopback(hi, lo);
    }

    /// Whether a socket address with this address carries a scope id
    /// (`__ipv6_addr_needs_scope_id`).
    @Kernel("__ipv6_addr_needs_scope_id")
    public static boolean needsScopeId(long hi) {
        if (In6Addr.isMulticast(hi)) {
            int scope = In6Addr.multicastScope(hi);
            return scope == NODE_LOCAL || scope == LINK_LOCAL;
        }
        return In6Addr.isLinkLocal(hi);
    }

    /// Whether this is a solicited-node group, `ff02::1:ff00:0/104`.
    @Kernel("ipv6_addr_is_solict_mult")
    static boolean isSolicitedNode(long hi, long lo) {
        return hi == In6Addr.LINK_LOCAL_MULTICAST_HI && lo >>> 24 == 0x1_ffL;
    }
}
