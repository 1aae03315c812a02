package dev.linnet.packetdrill;

import java.util.Arrays;

/// Which IP a script runs over, and through which kind of socket.
public enum IpMode {
    /// IPv4 sockets, IPv4 packets.
    IPV4("ipv4"),
    /// IPv6 sockets that carry IPv4.
    IPV4_MAPPED_IPV6("ipv4-mapped-ipv6"),
    /// IPv6 sockets, IPv6 packets.
    IPV6("ipv6");

    private final String label;

    IpMode(String label) {
        this.label = label;
    }

    /// The name in options and reports.
    public String label() {
        return label;
    }

    /// True if the packets are IPv6.
    public boolean packetsAreV6() {
        return this == IPV6;
    }

    /// True if the sockets are IPv6.
    public boolean socketsAreV6() {
        return this != IPV4;
    }

    /// The mode with this label.
    ///
    /// @throws IllegalArgumentException if there is none
    public static IpMode of(String label) {
        return Arrays.stream(values())
                .filter(mode -> mode.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("bad --ip_version: " + label));
    }

    @Override
    public String toString() {
        return label;
    }
}
