package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.sysctl.NetCoreSysctls;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.dev.RouteMetrics;
import dev.linnet.net.core.sock.InetConnectionSock;

/// The window that we offer to the peer. Every function on a sock is called with its lock owned.
final class TcpWindowSelect {
    /// The largest window of a peer that takes the field as signed.
    private static final int MAX_TCP_WINDOW = 32767;

    /// Largest shift (RFC 7323 section 2.3).
    private static final int MAX_WSCALE = 14;

    private static final int MAX_UNSCALED = 0xFFFF;

    /// Memory to payload is a fraction of 256ths.
    private static final int RATIO_SHIFT = 8;

    private TcpWindowSelect() {}

    /// What a SYN or SYN-ACK offers.
    ///
    /// @param rcvWnd window in bytes
    /// @param windowClamp largest window that can be expressed and is wanted
    /// @param rcvWscale shift of our windows, 0 without scaling
    record InitialWindow(int rcvWnd, int windowClamp, int rcvWscale) {}

    /// Decides what to offer at the start of a connection.
    ///
    /// @param space bytes of payload that the receive buffer holds
    /// @param mss what the peer will send at most in a segment
    /// @param windowClamp limit of the user or the route, 0 for none
    /// @param wscaleOk windows may be scaled
    /// @param initRcvWnd limit of the route in segments (`RTAX_INITRWND`), 0 for none
    @Kernel("tcp_select_initial_window")
    static InitialWindow selectInitialWindow(
            NetNamespace net,
            int space,
            int mss,
            int windowClamp,
            boolean wscaleOk,
            int initRcvWnd) {
        int clamp = windowClamp == 0 ? MAX_UNSCALED << MAX_WSCALE : windowClamp;
        int room = Math.min(clamp, Math.max(space, 0));
        if (room > mss) {
            room -= room % mss;
        }
        int window = signedWindows(net) ? Math.min(room, MAX_TCP_WINDOW) : room;
        if (initRcvWnd != 0) {
            window = (int) Math.min(window, (long) initRcvWnd * mss);
        }
        int wscale = wscaleOk ? wscaleFor(net, room, clamp) : 0;
        return new InitialWindow(window, Math.min(MAX_UNSCALED << wscale, clamp), wscale);
    }

    /// Segments that the first window holds at most: what a program says, or the route; 0 for no limit.
    static int initRcvWnd(TcpSock tp, DstEntry dst) {
        int asked = TcpCallBpf.rwndInit(tp);
        return asked != 0 ? asked : dst.metric(RouteMetrics.RTAX_INITRWND);
    }

    /// The shift that lets the buffer grow to its largest.
    private static int wscaleFor(NetNamespace net, int room, int clamp) {
        long most = Math.max(room, net.sysctl.get(TcpSysctls.RMEM, 2));
        most = Math.max(most, net.sysctl.get(NetCoreSysctls.RMEM_MAX));
        most = Math.min(most, clamp);
        int log2 = 63 - Long.numberOfLeadingZeros(Math.max(most, 1));
        return Math.clamp(log2 - 15, 0, MAX_WSCALE);
    }

    private static boolean signedWindows(NetNamespace net) {
        return net.sysctl.get(TcpSysctls.WORKAROUND_SIGNED_WINDOWS);
    }

    /// The window field of the segment that is being sent; notes in the sock what is offered now. An
    /// offer is never taken back (RFC 9293 section 3.8.6), unless `tcp_shrink_window` says so.
    @Kernel("tcp_select_window")
    @HotPath
    static int selectWindow(TcpSock tp) {
        int oldWin = tp.rcvWnd;
        if ((tp.ackPending & InetConnectionSock.ICSK_ACK_NOMEM) != 0) {
            tp.predFlags = 0;
            tp.rcvWnd = 0;
            tp.rcvWup = tp.rcvNxt;
            return 0;
        }
        int wscale = tp.rxOpt.rcvWscale;
        int curWin = tp.receiveWindow();
        int newWin = rawSelectWindow(tp);
        if (newWin < curWin && !mayShrink(tp)) {
            if (newWin == 0) {
                tp.net.mib.inc(TcpExt.TCPWANTZEROWINDOWADV);
            }
            newWin = align(curWin, wscale);
        }
        tp.rcvWnd = newWin;
        tp.rcvWup = tp.rcvNxt;
        boolean signed = wscale == 0 && signedWindows(tp.net);
        newWin = Math.min(newWin, signed ? MAX_TCP_WINDOW : MAX_UNSCALED << wscale) >> wscale;
        countZeroes(tp, oldWin, newWin);
        return newWin;
    }

    @HotPath
    private static void countZeroes(TcpSock tp, int oldWin, int newWin) {
        if (newWin == 0) {
            tp.predFlags = 0;
            if (oldWin != 0) {
                tp.net.mib.inc(TcpExt.TCPTOZEROWINDOWADV);
            }
        } else if (oldWin == 0) {
            tp.net.mib.inc(TcpExt.TCPFROMZEROWINDOWADV);
        }
    }

    private static boolean mayShrink(TcpSock tp) {
        return tp.rxOpt.rcvWscale != 0 && tp.net.sysctl.get(TcpSysctls.SHRINK_WINDOW);
    }

    /// The window that memory allows now, bytes, without regard to what was offered before. Against
    /// silly windows (RFC 1122 section 4.2.3.3) it opens by whole segments or half of the buffer.
    @Kernel("__tcp_select_window")
    @HotPath
    static int rawSelectWindow(TcpSock tp) {
        int allowed = fullSpace(tp);
        int full = Math.min(tp.windowClamp, allowed);
        int mss = Math.min(tp.ackRcvMss, full);
        if (mss <= 0) {
            return 0;
        }
        boolean shrinks = mayShrink(tp);
        int wscale = tp.rxOpt.rcvWscale;
        int free = space(tp);
        if (shrinks) {
            free = roundDown(free, wscale);
        }
        if (free < full >> 1) {
            tp.ackQuick = 0;
            if (TcpMemory.underPressure(tp)) {
                adjustRcvSsthresh(tp);
            }
            free = roundDown(free, wscale);
            if (free < allowed >> 4 || free < mss || shrinks && free < 1 << wscale) {
                return 0;
            }
        }
        if (free > tp.rcvSsthresh) {
            free = shrinks ? align(tp.rcvSsthresh, wscale) : tp.rcvSsthresh;
        }
        if (shrinks) {
            return free;
        }
        return wscale != 0 ? align(free, wscale) : wholeSegments(tp.rcvWnd, free, mss, full);
    }

    /// Without scaling the offer is a multiple of the segment size, and stays what it is as long as it
    /// is within a segment of the free space.
    static int wholeSegments(int offered, int free, int mss, int full) {
        if (offered <= free - mss || offered > free) {
            return free - free % mss;
        }
        if (mss == full && free > offered + (full >> 1)) {
            return free;
        }
        return offered;
    }

    private static int align(int window, int wscale) {
        int unit = 1 << wscale;
        return window + unit - 1 & -unit;
    }

    private static int roundDown(int window, int wscale) {
        return window & -(1 << wscale);
    }

    /// Bytes of payload that fit into what is free of the receive buffer.
    @Kernel("tcp_space")
    @HotPath
    static int space(TcpSock tp) {
        return winFromSpace(tp, tp.rcvbuf - tp.lock.backlogLen() - tp.rmemAlloc());
    }

    /// Bytes of payload that fit into the whole receive buffer.
    @Kernel("tcp_full_space")
    @HotPath
    static int fullSpace(TcpSock tp) {
        return winFromSpace(tp, tp.rcvbuf);
    }

    /// Payload that `space` bytes of memory hold, by the ratio seen so far.
    @Kernel("tcp_win_from_space")
    @HotPath
    static int winFromSpace(TcpSock tp, int space) {
        return (int) ((long) space * tp.scalingRatio >> RATIO_SHIFT);
    }

    /// Memory that `win` bytes of payload need; the inverse of [#winFromSpace].
    @Kernel("tcp_space_from_win")
    @HotPath
    static int spaceFromWin(TcpSock tp, int win) {
        long space = ((long) win << RATIO_SHIFT) / tp.scalingRatio;
        return (int) Math.min(space, Integer.MAX_VALUE);
    }

    /// Memory is short: the offered window is to shrink towards four segments.
    @Kernel("tcp_adjust_rcv_ssthresh")
    @HotPath
    static void adjustRcvSsthresh(TcpSock tp) {
        tp.rcvSsthresh = Math.min(tp.rcvSsthresh, 4 * tp.advmss);
    }
}
