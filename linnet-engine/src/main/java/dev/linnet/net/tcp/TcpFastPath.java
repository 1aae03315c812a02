package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.Tcp;

/// Header prediction (Van Jacobson): the third word of the header (length, flags, window) that the
/// next segment has if nothing happens. A segment that has it, at the expected sequence number,
/// needs no further checks.
final class TcpFastPath {
    /// What of the word is compared: all but the reserved bits and PSH.
    private static final int COMPARED = ~(0x0E00_0000 | Tcp.PSH << 16);

    private TcpFastPath() {}

    /// Predicts the next segment with the peer's window in header units.
    @Kernel("__tcp_fast_path_on")
    @HotPath
    static void on(TcpSock tp, int window) {
        int ace =
                TcpEcn.modeAccEcn(tp)
                        ? tp.deliveredCe + AccEcnState.CEP_INIT_OFFSET & TcpAccEcn.ACE_MAX
                        : 0;
        tp.predFlags = tp.tcpHeaderLen << 26 | ace << 22 | Tcp.ACK << 16 | window;
    }

    /// Predicts the next segment with the window as it is.
    @Kernel("tcp_fast_path_on")
    @HotPath
    static void on(TcpSock tp) {
        on(tp, tp.sndWnd >>> tp.rxOpt.sndWscale);
    }

    /// Predicts the next segment if nothing speaks against it: no gap, no urgent data, room to
    /// receive.
    @Kernel("tcp_fast_path_check")
    @HotPath
    static void check(TcpSock tp) {
        if (tp.outOfOrderQueue.isEmpty()
                && tp.rcvWnd != 0
                && tp.rmemAlloc() < tp.rcvbuf
                && tp.urgData == 0) {
            on(tp);
        }
    }

    /// True if the header at `th` is the predicted one.
    @HotPath
    static boolean hit(TcpSock tp, byte[] b, int th) {
        return (Bytes.u32(b, th + Tcp.DOFF_FLAGS) & COMPARED) == tp.predFlags;
    }
}
