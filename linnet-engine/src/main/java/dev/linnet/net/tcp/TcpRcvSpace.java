package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.uapi.TcpOpt;
import dev.linnet.wire.Seq;
import dev.linnet.wire.Tcp;

/// How large the receive buffer and the advertised window are: they follow the size of the peer's
/// segments, the round trip time and the speed of the reader (`Dynamic Right-Sizing`).
final class TcpRcvSpace {
    /// Smallest segment that makes sense, bytes of payload (`TCP_MIN_MSS`).
    static final int MIN_MSS = 88;

    /// Denominator of `scalingRatio`, as a shift.
    private static final int RATIO_SHIFT = 8;

    private static final int RATIO_MAX = 255;

    /// Smallest receive buffer, bytes (`SOCK_MIN_RCVBUF`).
    private static final int MIN_RCVBUF = 2304;

    /// Flags that leave a segment worth measuring: only ACK and PSH may be set.
    private static final int REMNANT = Tcp.FIN | Tcp.URG | Tcp.SYN | Tcp.PSH;

    private TcpRcvSpace() {}

    // ---- the beginning ----------------------------------------------------------------------

    /// Settles buffers and window when a connection is established.
    @Kernel("tcp_init_buffer_space")
    static void initBufferSpace(TcpSock tp) {
        if (!tp.sndbufLocked) {
            TcpSndBuf.expand(tp);
        }
        TcpClock.mstampRefresh(tp);
        tp.rcvspaceTimeUs = tp.tcpMstamp;
        tp.rcvspaceSeq = tp.copiedSeq;
        clampToBuffer(tp);
        tp.rcvSsthresh = Math.min(tp.rcvSsthresh, tp.windowClamp);
        tp.sndCwndStamp = tp.net.clock.jiffies32();
        tp.rcvspaceSpace =
                Math.min(Math.min(tp.rcvSsthresh, tp.rcvWnd), TcpInput.INIT_CWND * tp.advmss);
    }

    /// Keeps the window below the buffer, with a part of it for the reader's delay (`tcp_app_win`).
    private static void clampToBuffer(TcpSock tp) {
        int appWin = tp.net.sysctl.get(TcpSysctls.APP_WIN);
        int maxWin = TcpWindowSelect.fullSpace(tp);
        if (tp.windowClamp >= maxWin) {
            tp.windowClamp = maxWin;
            if (appWin != 0 && maxWin > 4 * tp.advmss) {
                tp.windowClamp = Math.max(maxWin - (maxWin >> appWin), 4 * tp.advmss);
            }
        }
        if (appWin != 0 && tp.windowClamp > 2 * tp.advmss && tp.windowClamp + tp.advmss > maxWin) {
            tp.windowClamp = Math.max(2 * tp.advmss, maxWin - tp.advmss);
        }
    }

    /// Guesses the size of the peer's segments before any has come.
    @Kernel("tcp_initialize_rcv_mss")
    static void initializeRcvMss(TcpSock tp) {
        int hint = Math.min(tp.advmss, tp.mssCache);
        hint = Math.min(hint, tp.rcvWnd / 2);
        hint = Math.min(hint, TcpOpt.TCP_MSS_DEFAULT);
        tp.ackRcvMss = Math.max(hint, MIN_MSS);
    }

    // ---- the peer's segments ----------------------------------------------------------------

    /// Follows the size of the peer's segments, and what share of a packet's memory is payload. The
    /// header was taken off.
    @Kernel("tcp_measure_rcv_mss")
    @HotPath
    static void measureRcvMss(TcpSock tp, SkBuff skb) {
        int lastSize = tp.ackLastSegSize;
        tp.ackLastSegSize = 0;
        int len = skb.gsoSize != 0 ? skb.gsoSize : skb.len;
        if (len >= tp.ackRcvMss) {
            fullSized(tp, skb, len);
        } else {
            smallSized(tp, skb, len, lastSize);
        }
    }

    @HotPath
    private static void fullSized(TcpSock tp, SkBuff skb, int len) {
        if (len != tp.ackRcvMss) {
            measureRatio(tp, skb);
        }
        tp.ackRcvMss = Math.min(len, tp.advmss);
        if ((skb.cb.tcpFlags & Tcp.PSH) != 0) {
            // Likely the end of a write: the reader's next read acknowledges it.
            tp.ackPending |= InetConnectionSock.ICSK_ACK_PUSHED;
        }
    }

    private static void measureRatio(TcpSock tp, SkBuff skb) {
        int ratio = (int) Math.min(((long) skb.len << RATIO_SHIFT) / skb.truesize, RATIO_MAX);
        int old = tp.scalingRatio;
        tp.scalingRatio = Math.max(ratio, 1);
        if (old != tp.scalingRatio) {
            setWindowClamp(tp, TcpWindowSelect.winFromSpace(tp, tp.rcvbuf));
            tp.rcvspaceSpace = Math.min(tp.rcvspaceSpace, tp.windowClamp);
        }
    }

    /// A smaller segment than usual: if two in a row have the same size, headers counted (SACK blocks
    /// come and go), the peer's segments have become smaller.
    private static void smallSized(TcpSock tp, SkBuff skb, int len, int lastSize) {
        byte[] b = skb.buf;
        int th = skb.transportHeader;
        int whole = len + Tcp.headerBytes(b, th);
        boolean pushed = (Tcp.flags(b, th) & REMNANT) != 0;
        if (whole >= TcpOpt.TCP_MSS_DEFAULT + Tcp.HEADER_BYTES
                || (whole >= MIN_MSS + Tcp.HEADER_BYTES && !pushed)) {
            int size = whole - tp.tcpHeaderLen;
            tp.ackLastSegSize = size;
            if (size == lastSize) {
                tp.ackRcvMss = size;
                return;
            }
        }
        if ((tp.ackPending & InetConnectionSock.ICSK_ACK_PUSHED) != 0) {
            tp.ackPending |= InetConnectionSock.ICSK_ACK_PUSHED2;
        }
        tp.ackPending |= InetConnectionSock.ICSK_ACK_PUSHED;
    }

    /// What the payload of a received segment costs in memory: without the packet's own header page
    /// where the payload lies in others.
    @Kernel("truesize_adjust")
    @HotPath
    static int payloadTruesize(SkBuff skb) {
        if (skb.headlen() != 0) {
            return skb.truesize;
        }
        int payload = skb.truesize - SkBuff.OVERHEAD - skb.headTruesize();
        return payload < skb.len ? skb.truesize : payload;
    }

    // ---- the window grows -------------------------------------------------------------------

    /// Lets the window grow with data of `len` bytes that cost `truesize`, as long as the buffer
    /// could hold a window full of such data.
    @Kernel("tcp_grow_window")
    @HotPath
    static void growWindow(TcpSock tp, int len, int truesize) {
        int room = Math.min(tp.windowClamp, TcpWindowSelect.space(tp)) - tp.rcvSsthresh;
        if (room <= 0 || TcpMemory.underPressure(tp)) {
            return;
        }
        int step =
                TcpWindowSelect.winFromSpace(tp, truesize) <= len
                        ? 2 * tp.advmss
                        : cautiousStep(tp, len, truesize);
        if (step != 0) {
            tp.rcvSsthresh += Math.min(room, Math.max(step, 2 * len));
            tp.ackQuick |= 1;
        }
    }

    /// Data that costs much memory: the window grows only while it is small against the largest
    /// buffer, the smaller the worse the ratio is.
    @Kernel("__tcp_grow_window")
    private static int cautiousStep(TcpSock tp, int len, int truesize) {
        int cost = TcpWindowSelect.winFromSpace(tp, truesize) >> 1;
        int window = TcpWindowSelect.winFromSpace(tp, rmemMax(tp)) >> 1;
        while (tp.rcvSsthresh <= window) {
            if (cost <= len) {
                return 2 * tp.ackRcvMss;
            }
            cost >>= 1;
            window >>= 1;
        }
        return 0;
    }

    /// The buffer is full: makes it as large as what is in it, within `tcp_rmem`; if that does not
    /// help, the window shrinks.
    @Kernel("tcp_clamp_window")
    static void clampWindow(TcpSock tp) {
        tp.ackQuick = 0;
        int max = rmemMax(tp);
        if (tp.rcvbuf < max && !tp.rcvbufLocked && TcpMemory.plenty(tp)) {
            tp.rcvbuf = Math.min(tp.rmemAlloc(), max);
        }
        if (tp.rmemAlloc() > tp.rcvbuf) {
            tp.rcvSsthresh = Math.min(tp.windowClamp, 2 * tp.advmss);
        }
    }

    /// Sets the upper bound of the window; what the window may grow to now follows.
    @Kernel("tcp_set_window_clamp")
    static void setWindowClamp(TcpSock tp, int val) {
        int old = tp.windowClamp;
        int now = Math.max(val, MIN_RCVBUF / 2);
        tp.windowClamp = now;
        if (now < old) {
            tp.rcvSsthresh = Math.min(tp.rcvSsthresh, now);
        } else if (now > old) {
            tp.rcvSsthresh = Math.max(Math.min(tp.rcvWnd, now), tp.rcvSsthresh);
        }
    }

    // ---- the reader's speed -----------------------------------------------------------------

    /// The user has read: once per round trip, the buffer grows if he read more than ever.
    @Kernel("tcp_rcv_space_adjust")
    @HotPath
    static void rcvSpaceAdjust(TcpSock tp) {
        TcpClock.mstampRefresh(tp);
        long elapsed = tp.tcpMstamp - tp.rcvspaceTimeUs;
        if (tp.rcvRttEstUs == 0 || elapsed < tp.rcvRttEstUs >> 3) {
            return;
        }
        int waiting = tp.rcvNxt - tp.copiedSeq;
        int copied = tp.copiedSeq - tp.rcvspaceSeq - waiting;
        if (copied > tp.rcvspaceSpace) {
            growRcvbuf(tp, copied);
        }
        tp.rcvspaceSeq = tp.copiedSeq;
        tp.rcvspaceTimeUs = tp.tcpMstamp;
    }

    /// Makes the buffer large enough for a sender that doubles its rate from `perRtt` bytes in each
    /// round trip, and for what lies out of order.
    @Kernel("tcp_rcvbuf_grow")
    static void growRcvbuf(TcpSock tp, int perRtt) {
        int old = tp.rcvspaceSpace;
        tp.rcvspaceSpace = perRtt;
        if (!tp.net.sysctl.get(TcpSysctls.MODERATE_RCVBUF) || tp.rcvbufLocked || old == 0) {
            return;
        }
        long win = 2L * perRtt;
        win += 2 * (win * (perRtt - old) / old);
        SkBuff last = tp.oooLastSkb;
        if (!tp.outOfOrderQueue.isEmpty() && last != null) {
            win += last.cb.endSeq - tp.rcvNxt;
        }
        int wanted = TcpWindowSelect.spaceFromWin(tp, (int) Math.min(win, Integer.MAX_VALUE >> 1));
        int rcvbuf = Math.min(wanted < 0 ? Integer.MAX_VALUE : wanted, rmemMax(tp));
        if (rcvbuf > tp.rcvbuf) {
            tp.rcvbuf = rcvbuf;
            tp.windowClamp = TcpWindowSelect.winFromSpace(tp, rcvbuf);
        }
    }

    private static int rmemMax(TcpSock tp) {
        return tp.net.sysctl.get(TcpSysctls.RMEM, 2);
    }

    // ---- round trip time, seen by the receiver ----------------------------------------------

    /// Adds a sample. Without timestamps a sample is the time for a window of data, which is too large
    /// if the sender had nothing to send: only smaller ones count.
    @Kernel("tcp_rcv_rtt_update")
    @HotPath
    private static void rttUpdate(TcpSock tp, int sampleUs, boolean windowDependent) {
        int old = tp.rcvRttEstUs;
        int sample8 = sampleUs << 3;
        if (old == 0 || sample8 < old) {
            tp.rcvRttEstUs = sample8;
        } else if (!windowDependent && tp.rcvNxt == tp.copiedSeq) {
            // A reader who is behind makes the peer wait for the window.
            tp.rcvRttEstUs = old - (old >> 3) + sampleUs;
        }
    }

    /// Measures how long a window of data takes.
    @Kernel("tcp_rcv_rtt_measure")
    @HotPath
    static void rcvRttMeasure(TcpSock tp) {
        if (tp.rcvRttTimeUs != 0) {
            if (Seq.before(tp.rcvNxt, tp.rcvRttSeq)) {
                return;
            }
            long elapsed = Math.max(1, tp.tcpMstamp - tp.rcvRttTimeUs);
            rttUpdate(tp, (int) Math.min(elapsed, Integer.MAX_VALUE >> 3), true);
        }
        tp.rcvRttSeq = tp.rcvNxt + tp.rcvWnd;
        tp.rcvRttTimeUs = tp.tcpMstamp;
    }

    /// Measures by the timestamp that the peer echoes in a full segment.
    @Kernel("tcp_rcv_rtt_measure_ts")
    @HotPath
    static void rcvRttMeasureTs(TcpSock tp, SkBuff skb) {
        int tsecr = tp.rxOpt.rcvTsecr;
        if (tsecr == tp.rcvRttLastTsecr) {
            return;
        }
        tp.rcvRttLastTsecr = tsecr;
        if (skb.cb.endSeq - skb.cb.seq >= tp.ackRcvMss) {
            int sample = TcpRttSample.tsoptUs(tp, 0);
            if (sample > 0) {
                rttUpdate(tp, Math.min(sample, Integer.MAX_VALUE >> 3), false);
            }
        }
    }
}
