package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.uapi.TcpState;

/// `TCP_TX_DELAY`: each packet of a connection leaves so much later than TCP sends it, as if its path
/// were longer. The `fq` queueing discipline obeys; without one only the estimates know.
final class TcpTxDelay {
    private TcpTxDelay() {}

    /// Changes the delay; sock locked. A live connection's round trip is expected to change as much.
    @Kernel("tcp_enable_tx_delay")
    static void set(TcpSock tp, int micros) {
        int delta = micros - tp.txDelayUs;
        tp.txDelayUs = micros;
        if (delta != 0 && tp.state == TcpState.TCP_ESTABLISHED) {
            tp.rtt.shift(delta, (int) tp.net.clock.jiffies());
            TcpRttSample.setRto(tp);
            TcpPacing.updatePacingRate(tp);
        }
    }

    /// Puts off the departure of a packet, whose time of sending is set.
    @Kernel("tcp_add_tx_delay")
    @HotPath
    static void add(TcpSock tp, SkBuff skb) {
        skb.tstampNs += tp.txDelayUs * 1000L;
    }
}
