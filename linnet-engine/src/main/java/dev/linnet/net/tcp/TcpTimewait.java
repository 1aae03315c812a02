package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.kernel.time.Clock;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.net.core.sock.InetTimewaitSock;
import dev.linnet.net.inet.InetHashtables;
import dev.linnet.net.inet.InetTimewaitDeathRow;
import dev.linnet.uapi.TcpState;
import dev.linnet.wire.Ecn;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Seq;
import dev.linnet.wire.Tcp;
import org.jspecify.annotations.Nullable;

/// Connections in TIME-WAIT, and orphans in FIN-WAIT-2, of which only an [InetTimewaitSock] is left.
final class TcpTimewait {
    /// `TCP_TIMEWAIT_LEN`, jiffies.
    static final int LEN = 60 * Clock.HZ;

    /// What a segment leads to (`enum tcp_tw_status`).
    private enum Status {
        SUCCESS,
        RST,
        ACK,

        /// For a segment outside of the window or an old one: without an ECN mark.
        ACK_OOW,

        SYN
    }

    private TcpTimewait() {}

    // ---- into TIME-WAIT
    // -----------------------------------------------------------------------------

    /// Replaces a connection's sock by a remain and ends the sock; locked.
    ///
    /// @param state `TCP_TIME_WAIT` or `TCP_FIN_WAIT2`
    /// @param timeoJiffies how long at least; in TIME-WAIT a minute always
    @Kernel("tcp_time_wait")
    static void timeWait(TcpSock tp, TcpState state, int timeoJiffies) {
        InetTimewaitDeathRow row = InetTimewaitDeathRow.OF.of(tp.net);
        InetTimewaitSock tw = row.alloc(tp);
        if (tw == null) {
            tp.net.mib.inc(TcpExt.TCPTIMEWAITOVERFLOW);
        } else {
            fill(tw, tp, state);
            int rto = (tp.rto << 2) - (tp.rto >> 1);
            int timeo = state == TcpState.TCP_TIME_WAIT ? LEN : Math.max(timeoJiffies, rto);
            row.hashdanceSchedule(tw, tp, timeo);
        }
        TcpMetrics.updateMetrics(tp);
        TcpClose.done(tp);
    }

    private static void fill(InetTimewaitSock tw, TcpSock tp, TcpState state) {
        tw.substate = state;
        tw.rcvWscale = tp.rxOpt.rcvWscale;
        tw.rcvNxt = tp.rcvNxt;
        tw.sndNxt = tp.sndNxt;
        tw.rcvWnd = tp.receiveWindow();
        tw.tsRecent = tp.rxOpt.tsRecent;
        tw.tsRecentStamp = tp.rxOpt.tsRecentStamp;
        tw.tstampOk = tp.rxOpt.tstampOk;
        tw.tsOffset = tp.tsoffset;
        tw.entryStampMs = (int) (tp.net.clock.nowNs() / 1_000_000);
        tw.mark = tp.mark;
        tw.priority = tp.priority;
        tw.txDelay = tp.txDelayUs;
        tw.tos = tp.ipv4() ? tp.tos : Math.max(0, tp.tclass);
        tw.flowLabel = tp.flowLabel;
        TcpMd5Key key = TcpMd5.lookup(tp);
        tw.md5Key = key == null ? null : key.key();
    }

    /// How long an orphan stays in FIN-WAIT-2, jiffies: at least 3.5 RTO.
    @Kernel("tcp_fin_time")
    static int finTime(TcpSock tp) {
        int timeout = tp.linger2 != 0 ? tp.linger2 : tp.net.sysctl.get(TcpSysctls.FIN_TIMEOUT);
        return Math.max(timeout, (tp.rto << 2) - (tp.rto >> 1));
    }

    // ---- segments
    // --------------------------------------------------------------------------------------

    /// Receives a segment for a remain; takes ownership.
    static void rcv(InetTimewaitSock tw, SkBuff skb) {
        int[] isn = new int[1];
        Status status = stateProcess(tw, skb, isn);
        if (status == Status.SYN) {
            TcpSock listener = listener(tw.net, skb);
            if (listener != null) {
                InetTimewaitDeathRow.OF.of(tw.net).deschedule(tw);
                TcpRcv.synAfterTimewait(listener, skb, isn[0]);
                return;
            }
            status = Status.ACK;
        }
        if (status == Status.ACK || status == Status.ACK_OOW) {
            TcpReply.timewaitAck(tw, skb, status == Status.ACK ? tw.tos : tw.tos & ~Ecn.MASK);
        } else if (status == Status.RST) {
            TcpReply.sendReset(null, skb);
            InetTimewaitDeathRow.OF.of(tw.net).deschedule(tw);
        }
        skb.consume();
    }

    @Kernel("inet_lookup_listener")
    private static @Nullable TcpSock listener(NetNamespace net, SkBuff skb) {
        InetConnectionSock sk =
                InetHashtables.OF
                        .of(net)
                        .listeners
                        .lookup(
                                TcpSegment.saddrHi(skb),
                                TcpSegment.saddrLo(skb),
                                TcpSegment.source(skb),
                                TcpSegment.daddrHi(skb),
                                TcpSegment.daddrLo(skb),
                                TcpSegment.dest(skb),
                                skb.skbIif,
                                skb);
        return (TcpSock) sk;
    }

    @Kernel("tcp_timewait_state_process")
    private static Status stateProcess(InetTimewaitSock tw, SkBuff skb, int[] isn) {
        TcpOptionsReceived opt = new TcpOptionsReceived();
        boolean paws = false;
        if (TcpSegment.headerBytes(skb) > Tcp.HEADER_BYTES && tw.tsRecentStamp != 0) {
            TcpOptionsIn.parse(tw.net, skb, opt, false, null);
            if (opt.sawTstamp) {
                opt.tsRecent = tw.tsRecent;
                opt.tsRecentStamp = tw.tsRecentStamp;
                paws = TcpPaws.reject(opt, TcpSegment.has(skb, Tcp.RST), tw.net.clock);
            }
        }
        synchronized (tw) {
            return tw.substate == TcpState.TCP_FIN_WAIT2
                    ? finWait2(tw, skb, opt, paws)
                    : timeWait(tw, skb, opt, paws, isn);
        }
    }

    /// The peer's FIN has not come: the rules of the full state, as far as an orphan follows them.
    private static Status finWait2(
            InetTimewaitSock tw, SkBuff skb, TcpOptionsReceived opt, boolean paws) {
        int seq = skb.cb.seq;
        int endSeq = skb.cb.endSeq;
        if (paws || !TcpMinisocks.inWindow(skb, tw.rcvNxt, tw.rcvNxt + tw.rcvWnd)) {
            return ackUnlessLimited(tw, skb, TcpExt.TCPACKSKIPPEDFINWAIT2);
        }
        if (TcpSegment.has(skb, Tcp.RST)) {
            InetTimewaitDeathRow.OF.of(tw.net).deschedule(tw);
            return Status.SUCCESS;
        }
        if (TcpSegment.has(skb, Tcp.SYN) && !Seq.before(seq, tw.rcvNxt)) {
            return Status.RST;
        }
        if (!TcpSegment.has(skb, Tcp.ACK) || !Seq.after(endSeq, tw.rcvNxt) || endSeq == seq) {
            return Status.SUCCESS;
        }
        if (!TcpSegment.has(skb, Tcp.FIN) || endSeq != tw.rcvNxt + 1) {
            return Status.RST; // data that nobody will read
        }
        tw.substate = TcpState.TCP_TIME_WAIT;
        tw.rcvNxt = endSeq;
        if (opt.sawTstamp) {
            tw.entryStampMs = (int) (tw.net.clock.nowNs() / 1_000_000);
            storeTsRecent(tw, opt);
        }
        InetTimewaitDeathRow.OF.of(tw.net).reschedule(tw, LEN);
        return Status.ACK;
    }

    private static void storeTsRecent(InetTimewaitSock tw, TcpOptionsReceived opt) {
        tw.tsRecent = opt.rcvTsval;
        tw.tsRecentStamp = TcpPaws.seconds(tw.net.clock);
    }

    private static Status timeWait(
            InetTimewaitSock tw, SkBuff skb, TcpOptionsReceived opt, boolean paws, int[] isn) {
        InetTimewaitDeathRow row = InetTimewaitDeathRow.OF.of(tw.net);
        boolean rst = TcpSegment.has(skb, Tcp.RST);
        boolean bare = skb.cb.seq == skb.cb.endSeq;
        if (!paws && skb.cb.seq == tw.rcvNxt && (bare || rst)) {
            // RFC 1337 describes how a late reset can end TIME-WAIT too early.
            if (rst && !tw.net.sysctl.get(TcpSysctls.RFC1337)) {
                row.deschedule(tw);
                return Status.SUCCESS;
            }
            if (!rst) {
                row.reschedule(tw, LEN);
            }
            if (opt.sawTstamp) {
                storeTsRecent(tw, opt);
            }
            return Status.SUCCESS;
        }
        if (!paws && reopens(tw, skb, opt)) {
            int next = tw.sndNxt + 65535 + 2;
            isn[0] = next == 0 ? 1 : next;
            return Status.SYN;
        }
        if (paws) {
            tw.net.mib.inc(TcpExt.PAWS_TW_REJECTED);
        }
        if (rst) {
            return Status.SUCCESS;
        }
        // A SYN without ACK may be a new connection's, with a sequence number below ours: its
        // coming must not prolong what is in its way.
        if (paws || TcpSegment.has(skb, Tcp.ACK)) {
            row.reschedule(tw, LEN);
        }
        return ackUnlessLimited(tw, skb, TcpExt.TCPACKSKIPPEDTIMEWAIT);
    }

    /// A SYN that is newer than the old connection, by its sequence number or its timestamp, may
    /// open a new one (RFC 1122 section 4.2.2.13, RFC 6191).
    private static boolean reopens(InetTimewaitSock tw, SkBuff skb, TcpOptionsReceived opt) {
        int flags = TcpSegment.flags(skb) & (Tcp.SYN | Tcp.RST | Tcp.ACK);
        return flags == Tcp.SYN
                && (Seq.after(skb.cb.seq, tw.rcvNxt)
                        || (opt.sawTstamp && tw.tsRecent - opt.rcvTsval < 0));
    }

    @Kernel("tcp_timewait_check_oow_rate_limit")
    private static Status ackUnlessLimited(InetTimewaitSock tw, SkBuff skb, TcpExt mib) {
        if (!TcpValidate.oowExempt(skb)) {
            if (TcpValidate.oowRateLimited(tw.net, mib, tw.lastOowAckTime)) {
                return Status.SUCCESS;
            }
            tw.lastOowAckTime = tw.net.clock.jiffies32();
        }
        return Status.ACK_OOW;
    }

    // ---- reuse by a connecting sock
    // ----------------------------------------------------------------------

    /// True if a connecting sock may take over the quadruple of a remain: timestamps tell the two
    /// connections' segments apart (RFC 6191). The new sequence numbers continue the old ones.
    @Kernel("tcp_twsk_unique")
    static boolean unique(TcpSock tp, InetTimewaitSock tw, boolean auto) {
        if (tw.tsRecentStamp == 0) {
            return false;
        }
        if (auto) {
            int entered = (int) (tp.net.clock.nowNs() / 1_000_000) - tw.entryStampMs;
            long delay = tp.net.sysctl.get(TcpSysctls.TW_REUSE_DELAY);
            if (!reuseAllowed(tp, tw) || entered < (int) delay) {
                return false;
            }
        }
        if (!tp.repair) {
            int seq = tw.sndNxt + 65535 + 2;
            tp.writeSeq = seq == 0 ? 1 : seq;
            tp.rxOpt.tsRecent = tw.tsRecent;
            tp.rxOpt.tsRecentStamp = tw.tsRecentStamp;
        }
        return true;
    }

    /// `net.ipv4.tcp_tw_reuse`: 0 never, 1 always, 2 over loopback only.
    private static boolean reuseAllowed(TcpSock tp, InetTimewaitSock tw) {
        int knob = tp.net.sysctl.get(TcpSysctls.TW_REUSE);
        if (knob == 0 || tw.substate == TcpState.TCP_FIN_WAIT2) {
            return false;
        }
        return knob != 2 || overLoopback(tp, tw);
    }

    private static boolean overLoopback(TcpSock tp, InetTimewaitSock tw) {
        NetDevice bound = tp.net.devices.byIndex(tw.boundDevIf);
        return (bound != null && bound.isLoopback())
                || loopback(tw.daddrHi, tw.daddrLo)
                || loopback(tw.rcvSaddrHi, tw.rcvSaddrLo);
    }

    private static boolean loopback(long hi, long lo) {
        boolean v4 = In6Addr.isV4Mapped(hi, lo);
        return v4 ? (int) lo >>> 24 == 127 : In6Addr.isLoopback(hi, lo);
    }
}
