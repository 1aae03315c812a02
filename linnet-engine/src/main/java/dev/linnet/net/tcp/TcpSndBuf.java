package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.net.core.sock.Socket;

/// The size of the send buffer, and the writers who wait for room in it.
final class TcpSndBuf {
    /// What a packet's headers and the shared info cost, and the packet itself.
    private static final int HEADERS = TcpTransmit.MAX_TCP_HEADER + 320;

    private static final int SKB = 256;

    private TcpSndBuf() {}

    /// Makes the buffer large enough for the congestion control's number of windows.
    @Kernel("tcp_sndbuf_expand")
    static void expand(TcpSock tp) {
        int mss = Math.max(tp.rxOpt.mssClamp, tp.mssCache) + HEADERS;
        int perMss = Integer.highestOneBit(mss - 1) * 2 + SKB;
        int segs = Math.max(TcpInput.INIT_CWND, tp.sndCwnd);
        segs = Math.max(segs, tp.reordering + 1);
        long wanted = (long) tp.caOps.sndbufExpand(tp) * segs * perMss;
        if (tp.sndbuf < wanted) {
            tp.sndbuf = (int) Math.min(wanted, tp.net.sysctl.get(TcpSysctls.WMEM, 2));
        }
    }

    /// An ACK may have made room: tells the writer who waits.
    @Kernel("tcp_check_space")
    @HotPath
    static void checkSpace(TcpSock tp) {
        Socket socket = tp.socket;
        if (socket == null || !socket.nospace) {
            return;
        }
        newSpace(tp);
        if (!socket.nospace) {
            TcpChrono.stop(tp, TcpChrono.SNDBUF_LIMITED);
        }
    }

    @Kernel("tcp_new_space")
    private static void newSpace(TcpSock tp) {
        // A full congestion window needs no larger buffer, and it is no time for one when memory is
        // short.
        if (!tp.sndbufLocked && TcpMemory.plenty(tp) && tp.packetsInFlight() < tp.sndCwnd) {
            expand(tp);
            tp.sndCwndStamp = tp.net.clock.jiffies32();
        }
        tp.writeSpace();
    }
}
