package dev.linnet.net.ipv4;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.Rtn;
import dev.linnet.wire.In4Addr;

/// What an IPv4 address means to a namespace.
public final class InetAddrType {
    private InetAddrType() {}

    /// One of [Rtn]'s kinds (`inet_addr_type_table`).
    ///
    /// @param ifindex unused: IPv4 addresses belong to the host, not to an interface
    @Kernel("__inet_dev_addr_type")
    public static int of(NetNamespace net, int addr, int ifindex) {
        if (In4Addr.isZeronet(addr) || In4Addr.isLimitedBroadcast(addr)) {
            return Rtn.BROADCAST;
        }
        if (In4Addr.isMulticast(addr)) {
            return Rtn.MULTICAST;
        }
        FibInfo info = FibTable.OF.of(net).lookupLocal(addr);
        return info == null ? Rtn.UNICAST : info.type;
    }
}
