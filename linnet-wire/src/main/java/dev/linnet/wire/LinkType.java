package dev.linnet.wire;

/// What the first byte of a captured packet is: the link-layer types of pcapng that Linnet writes
/// (numbers assigned by tcpdump.org).
public final class LinkType {

    /// An [Ethernet] header comes first.
    public static final int ETHERNET = 1;

    /// The packet starts with its IPv4 or IPv6 header; the version nibble tells which. TUN devices
    /// and loopback.
    public static final int RAW = 101;

    private LinkType() {}
}
