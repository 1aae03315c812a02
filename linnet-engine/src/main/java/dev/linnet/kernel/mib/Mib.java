package dev.linnet.kernel.mib;

/// A counter: one row of one of the enums below. Linux counts it with a macro such as
/// `NET_INC_STATS`, here it is [MibCounters#inc(int, Mib)].
public sealed interface Mib
        permits IpMib,
                Ip6Mib,
                IcmpMib,
                Icmp6Mib,
                TcpMib,
                TcpExt,
                UdpMib,
                UdpLiteMib,
                Udp6Mib,
                UdpLite6Mib {
    /// The place of the counter in a stripe of [MibCounters].
    int index();

    /// The line or prefix under which it is shown.
    MibGroup group();

    /// Its name in the file, such as `TCPLossProbes`.
    String text();

    /// What it counts, in a few words.
    String meaning();

    /// Its name in the output of `nstat`: that of the group and its own, `TcpExtTCPLossProbes`.
    default String nstatName() {
        return group().prefix() + text();
    }
}
