package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.wire.Ethernet;
import dev.linnet.wire.Ipv6;

/// The flow label of the peer's segments: a new one on old data says that the peer had a timeout.
final class TcpFlowLabel {
    private TcpFlowLabel() {}

    /// Remembers the label of a segment with data.
    @Kernel("tcp_save_lrcv_flowlabel")
    static void save(TcpSock tp, SkBuff skb) {
        if (skb.protocol == Ethernet.P_IPV6) {
            tp.ackLrcvFlowlabel = Ipv6.flowLabel(skb.buf, skb.networkHeader);
        }
    }

    /// True if a segment has another label than the one before.
    static boolean changed(TcpSock tp, SkBuff skb) {
        return skb.protocol == Ethernet.P_IPV6
                && tp.ackLrcvFlowlabel != Ipv6.flowLabel(skb.buf, skb.networkHeader);
    }
}
