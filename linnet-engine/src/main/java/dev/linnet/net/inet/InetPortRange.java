package dev.linnet.net.inet;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.IpSysctls;
import dev.linnet.net.core.sock.InetSock;

/// From which ports the stack chooses for a socket: `net.ipv4.ip_local_port_range`, narrowed by
/// `IP_LOCAL_PORT_RANGE`.
///
/// @param low first port
/// @param high last port
/// @param local the socket narrowed it
public record InetPortRange(int low, int high, boolean local) {
    @Kernel({"inet_sk_get_local_port_range", "inet_get_local_port_range"})
    public static InetPortRange of(InetSock sk) {
        int low = sk.net.sysctl.get(IpSysctls.LOCAL_PORT_RANGE, 0);
        int high = sk.net.sysctl.get(IpSysctls.LOCAL_PORT_RANGE, 1);
        int own = sk.localPortRange;
        if (own == 0) {
            return new InetPortRange(low, high, false);
        }
        int ownLow = own & 0xFFFF;
        int ownHigh = own >>> 16;
        // A bound outside the namespace's range does not count.
        return new InetPortRange(
                low <= ownLow && ownLow <= high ? ownLow : low,
                low <= ownHigh && ownHigh <= high ? ownHigh : high,
                true);
    }
}
