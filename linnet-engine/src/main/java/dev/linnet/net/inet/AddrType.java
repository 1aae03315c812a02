package dev.linnet.net.inet;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.Rtn;
import dev.linnet.net.ipv4.InetAddrType;
import dev.linnet.net.ipv6.Ipv6AddrType;
import dev.linnet.wire.In6Addr;

/// What an address means to a namespace, for both families.
public final class AddrType {
    private AddrType() {}

    /// Classifies an address as one of [Rtn]'s kinds; `UNSPEC` for the unspecified address of either
    /// family.
    ///
    /// @param ifindex interface that a link-local address belongs to, or 0
    @Kernel({"inet_addr_type_table", "ipv6_chk_addr"})
    public static int of(NetNamespace net, long hi, long lo, int ifindex) {
        if (isAny(hi, lo)) {
            return Rtn.UNSPEC;
        }
        return In6Addr.isV4Mapped(hi, lo)
                ? InetAddrType.of(net, (int) lo, ifindex)
                : Ipv6AddrType.of(net, hi, lo, ifindex);
    }

    /// True for `::`, for `0.0.0.0` and for its mapped form.
    public static boolean isAny(long hi, long lo) {
        return hi == 0 && (lo == 0 || lo == In6Addr.mapV4(0));
    }
}
