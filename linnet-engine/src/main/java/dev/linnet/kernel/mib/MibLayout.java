package dev.linnet.kernel.mib;

import java.util.List;
import java.util.stream.Stream;

/// Where the counters of each enum begin in a stripe. The numbers stand here and not in the enums, so
/// that none of them has to be loaded to count in another; a test finds overlaps.
final class MibLayout {
    static final int TCP = 0;
    static final int TCP_EXT = 16;
    static final int IP = 160;
    static final int IP6 = 200;
    static final int ICMP = 236;
    static final int ICMP6 = 244;
    static final int UDP = 250;
    static final int UDP_LITE = 260;
    static final int UDP6 = 270;
    static final int UDP_LITE6 = 280;

    /// Counters of a stripe.
    static final int SIZE = 288;

    private MibLayout() {}

    /// All counters in the order of the files: snmp, netstat, snmp6.
    static List<Mib> all() {
        return Stream.<Mib[]>of(
                        IpMib.values(),
                        IcmpMib.values(),
                        TcpMib.values(),
                        UdpMib.values(),
                        UdpLiteMib.values(),
                        TcpExt.values(),
                        Ip6Mib.values(),
                        Icmp6Mib.values(),
                        Udp6Mib.values(),
                        UdpLite6Mib.values())
                .flatMap(Stream::of)
                .toList();
    }
}
