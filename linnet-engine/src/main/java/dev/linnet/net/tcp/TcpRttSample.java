package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.kernel.time.Clock;
import dev.linnet.net.core.sock.RequestSock;

/// Round trip samples out of ACKs, and the retransmission timeout that follows (RFC 6298).
final class TcpRttSample {
    /// No sample.
    static final long NONE = -1;

    private TcpRttSample() {}

    /// Takes the samples of an ACK (`tcp_ack_update_rtt`); true if there was one.
    ///
    /// @param seqRttUs of data acknowledged that was sent once, or [#NONE]
    /// @param sackRttUs of data sacked that was sent once, or [#NONE]
    /// @param caRttUs of the last data of either, for the congestion control
    @Kernel("tcp_ack_update_rtt")
    @HotPath
    static boolean ackUpdateRtt(
            TcpSock tp, int flag, long seqRttUs, long sackRttUs, long caRttUs, RateSample rs) {
        long seqRtt = seqRttUs < 0 ? sackRttUs : seqRttUs;
        long caRtt = caRttUs;
        if (seqRtt < 0
                && tp.rxOpt.sawTstamp
                && tp.rxOpt.rcvTsecr != 0
                && (flag & TcpAck.FLAG_ACKED) != 0) {
            // RFC 7323 section 4: only an ACK for new data makes its echo a sample.
            seqRtt = tsoptUs(tp, 1);
            caRtt = seqRtt;
        }
        rs.rttUs = caRtt;
        if (seqRtt < 0) {
            return false;
        }
        updateRttMin(tp, caRtt, flag);
        int sample = (int) Math.min(seqRtt, Integer.MAX_VALUE >> 4);
        tp.rtt.update(sample, tp.sndUna, tp.sndNxt, rtoMinUs(tp));
        TcpCallBpf.rtt(tp, seqRtt, tp.rtt.srttUs >>> 3);
        setRto(tp);
        // RFC 6298 section 5.7: backoff ends with a valid sample only.
        tp.backoff = 0;
        return true;
    }

    /// The age of the echoed timestamp, us, at least `min` ticks; -1 if it makes no sense.
    @Kernel("tcp_rtt_tsopt_us")
    @HotPath
    static int tsoptUs(TcpSock tp, int min) {
        int ticks = TcpClock.tsVal(tp) - tp.rxOpt.rcvTsecr;
        if (ticks < 0 || ticks >= Integer.MAX_VALUE / 1000) {
            return -1;
        }
        return Math.max(ticks, min) * 1000;
    }

    /// Adds a sample to the minimum of the last `tcp_min_rtt_wlen` seconds. A delayed ACK that is
    /// slower than the minimum would become the minimum some day, so it is left out.
    @Kernel("tcp_update_rtt_min")
    @HotPath
    static void updateRttMin(TcpSock tp, long rttUs, int flag) {
        if ((flag & TcpAck.FLAG_ACK_MAYBE_DELAYED) != 0 && rttUs > tp.rtt.minRttUs()) {
            return;
        }
        int window = tp.net.sysctl.get(TcpSysctls.MIN_RTT_WLEN) * Clock.HZ;
        long sample = rttUs == 0 ? Clock.jiffiesToUsecs(1) : rttUs;
        tp.rtt.updateMin(window, tp.net.clock.jiffies32(), sample);
    }

    /// Floor of the variation, us (`tcp_rto_min_us`).
    @Kernel("tcp_rto_min_us")
    @HotPath
    static int rtoMinUs(TcpSock tp) {
        return (int) Clock.jiffiesToUsecs(TcpTimer.rtoMin(tp));
    }

    /// Sets the timeout from the estimator.
    @Kernel("tcp_set_rto")
    @HotPath
    static void setRto(TcpSock tp) {
        tp.rto = (int) Clock.usecsToJiffies(tp.rtt.rtoUs());
        boundRto(tp);
    }

    @Kernel("tcp_bound_rto")
    @HotPath
    static void boundRto(TcpSock tp) {
        tp.rto = Math.min(tp.rto, TcpTimer.rtoMax(tp));
    }

    /// The first sample of a passive connection: from its SYN-ACK, if that was sent once.
    @Kernel("tcp_synack_rtt_meas")
    static void synackRttMeas(TcpSock tp, RequestSock req) {
        long rtt = NONE;
        if (req.numRetrans == 0 && req.sntSynackUs != 0) {
            rtt = tp.net.clock.nowUs() - req.sntSynackUs;
        }
        AckedState scratch = AckedState.take();
        ackUpdateRtt(tp, TcpAck.FLAG_SYN_ACKED, rtt, NONE, rtt, scratch.rate);
        scratch.release();
    }
}
