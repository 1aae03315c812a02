package dev.linnet.net.core.skb;

import dev.linnet.kernel.HotPath;
import dev.linnet.wire.Tcp;
import dev.linnet.wire.Udp;

/// Lengths of the headers that every segment of a large packet will have.
public final class SegmentHeader {
    private SegmentHeader() {}

    /// Bytes of the transport header of a packet that is to be segmented
    /// (`skb_gso_transport_seglen` without the payload).
    @HotPath
    public static int transportBytes(SkBuff skb) {
        return (skb.gsoType & (SkBuff.GSO_TCPV4 | SkBuff.GSO_TCPV6)) != 0
                ? Tcp.headerBytes(skb.buf, skb.transportHeader)
                : Udp.HEADER_BYTES;
    }
}
