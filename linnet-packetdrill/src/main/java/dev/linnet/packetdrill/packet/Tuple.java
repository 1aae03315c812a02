package dev.linnet.packetdrill.packet;

/// The addresses and ports of a packet; ports are 0 where the transport has none.
public record Tuple(IpAddress source, int sourcePort, IpAddress destination, int destinationPort) {
    /// The same connection seen from the other end.
    public Tuple reversed() {
        return new Tuple(destination, destinationPort, source, sourcePort);
    }
}
