package dev.linnet.wire.pcapng;

/// An interface of a capture file.
///
/// @param name its name, such as `eth0`; empty if the file gives none
/// @param linkType how its packets start: [LinkType#ETHERNET], [LinkType#RAW] or another number of
///     the registry, 0..65535
/// @param snaplen bytes kept of each packet; 0 is all
public record PcapngInterface(String name, int linkType, int snaplen) {

    /// @throws IllegalArgumentException if `linkType` or `snaplen` is out of range
    public PcapngInterface {
        if (linkType < 0 || linkType > 0xffff) {
            throw new IllegalArgumentException("link type " + linkType + " is not within 0..65535");
        }
        if (snaplen < 0) {
            throw new IllegalArgumentException("negative snaplen " + snaplen);
        }
    }

    /// How many bytes of a packet of `len` are kept.
    int captured(int len) {
        return snaplen == 0 ? len : Math.min(len, snaplen);
    }
}
