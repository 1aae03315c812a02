package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.mib.TcpMib;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.Pernet;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.uapi.TcpState;
import dev.linnet.wire.Seq;
import dev.linnet.wire.Tcp;
import org.jspecify.annotations.Nullable;

/// Decides whether a segment may be processed at all: timestamps, window, resets, SYNs (RFC 9293
/// section 3.10.7.4 steps 1 to 4, RFC 5961, RFC 7323).
final class TcpValidate {
    /// Challenge ACKs of one namespace: how many may still be sent in this second.
    private static final class Challenges {
        int second;
        int left;
    }

    private static final Pernet<Challenges> CHALLENGES = new Pernet<>(net -> new Challenges());

    private TcpValidate() {}

    /// True if the segment may go on. Otherwise it was answered as it deserves and ended.
    ///
    /// @param synInErrs count a SYN as an error
    @Kernel("tcp_validate_incoming")
    static boolean incoming(TcpSock tp, SkBuff skb, boolean synInErrs) {
        int flags = Tcp.flags(skb.buf, skb.transportHeader);
        boolean rst = (flags & Tcp.RST) != 0;
        boolean syn = (flags & Tcp.SYN) != 0;
        if (TcpOptionsIn.parseFast(tp, skb) && tp.rxOpt.sawTstamp && !rst) {
            DropReason stale = staleTimestamp(tp, skb, flags);
            if (stale != null) {
                refuseStale(tp, skb, syn, synInErrs, stale);
                return false;
            }
        }
        DropReason outside = sequence(tp, skb.cb.seq, skb.cb.endSeq, flags);
        if (outside != null) {
            refuseOutside(tp, skb, flags, synInErrs, outside);
            return false;
        }
        if (rst) {
            acceptReset(tp, skb);
            return false;
        }
        if (syn && !crossedSynAck(tp, skb, flags)) {
            challengeSyn(tp, skb, synInErrs);
            return false;
        }
        return true;
    }

    // ---- timestamps -------------------------------------------------------------------------

    /// Why the segment's timestamp is too old, or null. Reordering makes old pure ACKs; those that
    /// change nothing are let through for a while, since they may be duplicates that count.
    @Kernel({"tcp_paws_discard", "tcp_disordered_ack_check"})
    private static @Nullable DropReason staleTimestamp(TcpSock tp, SkBuff skb, int flags) {
        TcpOptionsReceived rx = tp.rxOpt;
        if (TcpPaws.check(rx, TcpPaws.WINDOW, tp.net.clock)) {
            return null;
        }
        int seq = skb.cb.seq;
        boolean pureAck = (flags & Tcp.ACK) != 0 && seq == skb.cb.endSeq;
        if (!pureAck) {
            return DropReason.TCP_RFC7323_PAWS;
        }
        if (Seq.before(seq, tp.rcvNxt)) {
            return DropReason.TCP_RFC7323_PAWS_ACK;
        }
        int window = Tcp.window(skb.buf, skb.transportHeader) << rx.sndWscale;
        boolean harmless =
                seq == tp.rcvNxt
                        && skb.cb.ackSeq == tp.sndUna
                        && !TcpAck.mayUpdateWindow(tp, skb.cb.ackSeq, seq, window)
                        && rx.tsRecent - rx.rcvTsval <= replayWindow(tp);
        return harmless ? null : DropReason.TCP_RFC7323_PAWS;
    }

    /// How old the timestamp of a duplicate ACK may be: about one timeout (in ms, the unit of the
    /// timestamps, with a fifth to spare).
    @Kernel("tcp_tsval_replay")
    private static int replayWindow(TcpSock tp) {
        return (int) (tp.rto * 1200L / 1000);
    }

    private static void refuseStale(
            TcpSock tp, SkBuff skb, boolean syn, boolean synInErrs, DropReason reason) {
        if (syn) {
            challengeSyn(tp, skb, synInErrs);
            return;
        }
        if (reason == DropReason.TCP_RFC7323_PAWS_ACK) {
            tp.net.mib.inc(TcpExt.PAWS_OLD_ACK);
        } else {
            tp.net.mib.inc(TcpExt.PAWSESTABREJECTED);
            if (!oowRateLimited(tp, skb, TcpExt.TCPACKSKIPPEDPAWS)) {
                sendDupack(tp, skb);
            }
        }
        TcpInput.drop(tp, skb, reason);
    }

    // ---- window -----------------------------------------------------------------------------

    /// Why a segment is outside the receive window, or null. What begins inside it but ends beyond
    /// is taken only while nothing waits for the reader. A FIN needs no room: some peers send it to a
    /// closed window, and would do so for ever.
    @Kernel("tcp_sequence")
    @HotPath
    private static @Nullable DropReason sequence(TcpSock tp, int seq, int endSeq, int flags) {
        if (Seq.before(endSeq, tp.rcvWup)) {
            return DropReason.TCP_OLD_SEQUENCE;
        }
        int edge = tp.rcvNxt + tp.receiveWindow();
        if (!Seq.after((flags & Tcp.FIN) != 0 ? endSeq - 1 : endSeq, edge)) {
            return null;
        }
        if (Seq.after(seq, edge)) {
            return DropReason.TCP_INVALID_SEQUENCE;
        }
        return tp.receiveQueue.isEmpty() ? null : DropReason.TCP_INVALID_END_SEQUENCE;
    }

    private static void refuseOutside(
            TcpSock tp, SkBuff skb, int flags, boolean synInErrs, DropReason reason) {
        if ((flags & Tcp.RST) != 0) {
            if (resetCheck(tp, skb)) {
                takeReset(tp, skb);
                return;
            }
        } else if ((flags & Tcp.SYN) != 0) {
            challengeSyn(tp, skb, synInErrs);
            return;
        } else {
            if (reason != DropReason.TCP_OLD_SEQUENCE) {
                tp.net.mib.inc(TcpExt.BEYOND_WINDOW);
            }
            if (!oowRateLimited(tp, skb, TcpExt.TCPACKSKIPPEDSEQ)) {
                sendDupack(tp, skb);
            }
        }
        TcpInput.drop(tp, skb, reason);
    }

    // ---- resets -----------------------------------------------------------------------------

    /// A reset in the window counts at exactly the next sequence number only; elsewhere it is asked
    /// for once more (RFC 5961 section 3.2). Peers that answer SACKed data with a reset send it at
    /// the end of the highest block.
    private static void acceptReset(TcpSock tp, SkBuff skb) {
        if (skb.cb.seq == tp.rcvNxt || resetCheck(tp, skb) || atSackEdge(tp, skb.cb.seq)) {
            takeReset(tp, skb);
            return;
        }
        if (tp.synFastopen && tp.dataSegsIn == 0 && tp.state == TcpState.TCP_ESTABLISHED) {
            TcpFastOpen.activeDisable(tp);
        }
        sendChallengeAck(tp);
        TcpInput.drop(tp, skb, DropReason.TCP_RESET);
    }

    private static void takeReset(TcpSock tp, SkBuff skb) {
        TcpInput.reset(tp, skb);
        skb.consume();
    }

    /// Some peers count their FIN wrongly when they reset after it.
    @Kernel("tcp_reset_check")
    private static boolean resetCheck(TcpSock tp, SkBuff skb) {
        return skb.cb.seq == tp.rcvNxt - 1
                && switch (tp.state) {
                    case TCP_CLOSE_WAIT, TCP_LAST_ACK, TCP_CLOSING -> true;
                    default -> false;
                };
    }

    private static boolean atSackEdge(TcpSock tp, int seq) {
        if (!tp.rxOpt.sackEnabled() || tp.rxOpt.numSacks == 0) {
            return false;
        }
        SackBlocks sacks = tp.selectiveAcks();
        int highest = sacks.end[0];
        for (int i = 1; i < tp.rxOpt.numSacks; i++) {
            highest = Seq.max(highest, sacks.end[i]);
        }
        return seq == highest;
    }

    // ---- SYNs -------------------------------------------------------------------------------

    /// The SYN-ACK of a peer whose SYN crossed ours; it completes the handshake.
    private static boolean crossedSynAck(TcpSock tp, SkBuff skb, int flags) {
        return tp.state == TcpState.TCP_SYN_RECV
                && tp.socket != null
                && (flags & Tcp.ACK) != 0
                && skb.cb.seq + 1 == skb.cb.endSeq
                && skb.cb.endSeq == tp.rcvNxt
                && skb.cb.ackSeq == tp.sndNxt;
    }

    /// A SYN on an open connection is never believed, the peer is asked (RFC 5961 section 4.2).
    private static void challengeSyn(TcpSock tp, SkBuff skb, boolean inErrs) {
        if (inErrs) {
            tp.net.mib.inc(TcpMib.INERRS);
        }
        tp.net.mib.inc(TcpExt.TCPSYNCHALLENGE);
        sendChallengeAck(tp, true);
        TcpInput.drop(tp, skb, DropReason.TCP_INVALID_SYN);
    }

    // ---- answers ----------------------------------------------------------------------------

    /// Sends an ACK for a segment that was refused, with a DSACK if it was old data.
    @Kernel("tcp_send_dupack")
    private static void sendDupack(TcpSock tp, SkBuff skb) {
        int seq = skb.cb.seq;
        if (skb.cb.endSeq != seq && Seq.before(seq, tp.rcvNxt)) {
            tp.net.mib.inc(TcpExt.DELAYEDACKLOST);
            TcpAckOut.enterQuickackMode(tp, TcpAckOut.TCP_MAX_QUICKACKS);
            if (tp.rxOpt.sackEnabled() && tp.net.sysctl.get(TcpSysctls.DSACK)) {
                TcpSackSend.rcvSpuriousRetrans(tp, skb);
                TcpSackSend.set(tp, seq, Seq.min(skb.cb.endSeq, tp.rcvNxt));
            }
        }
        TcpAckOut.sendAck(tp);
    }

    /// True if an ACK for this out-of-window segment must wait; counts that, and notes the time when
    /// not.
    @Kernel("tcp_oow_rate_limited")
    static boolean oowRateLimited(TcpSock tp, SkBuff skb, TcpExt mib) {
        if (oowExempt(skb)) {
            return false;
        }
        if (oowRateLimited(tp.net, mib, tp.lastOowAckTime)) {
            return true;
        }
        tp.lastOowAckTime = tp.net.clock.jiffies32();
        return false;
    }

    /// True if a segment can be no part of an ACK loop, so that no rate limit holds: data.
    static boolean oowExempt(SkBuff skb) {
        return skb.cb.seq != skb.cb.endSeq && (skb.cb.tcpFlags & Tcp.SYN) == 0;
    }

    /// True if the last answer, at `lastOowAckTime` (jiffies32, 0 for none), is too recent for
    /// another one; counts that. The caller notes the time when it answers.
    @Kernel("__tcp_oow_rate_limited")
    static boolean oowRateLimited(NetNamespace net, TcpExt mib, int lastOowAckTime) {
        if (lastOowAckTime == 0) {
            return false;
        }
        int elapsed = net.clock.jiffies32() - lastOowAckTime;
        if (elapsed >= 0 && elapsed < net.sysctl.get(TcpSysctls.INVALID_RATELIMIT)) {
            net.mib.inc(mib);
            return true;
        }
        return false;
    }

    /// Sends a challenge ACK within the limits of the connection and of the namespace (RFC 5961
    /// section 7). The namespace's number per second is random, so that an outsider learns nothing
    /// by counting.
    static void sendChallengeAck(TcpSock tp) {
        sendChallengeAck(tp, false);
    }

    /// As above.
    ///
    /// @param reflect tell with accurate ECN how the SYN arrived
    @Kernel("tcp_send_challenge_ack")
    private static void sendChallengeAck(TcpSock tp, boolean reflect) {
        NetNamespace net = tp.net;
        if (oowRateLimited(net, TcpExt.TCPACKSKIPPEDCHALLENGE, tp.lastOowAckTime)) {
            return;
        }
        tp.lastOowAckTime = net.clock.jiffies32();
        if (!takeChallenge(net)) {
            return;
        }
        net.mib.inc(TcpExt.TCPCHALLENGEACK);
        if (reflect) {
            TcpAckOut.sendAckReflectEct(tp);
        } else {
            TcpAckOut.sendAck(tp);
        }
    }

    /// True if one more challenge ACK may be sent in this second.
    static boolean takeChallenge(NetNamespace net) {
        int limit = net.sysctl.get(TcpSysctls.CHALLENGE_ACK_LIMIT);
        if (limit == Integer.MAX_VALUE) {
            return true;
        }
        Challenges challenges = CHALLENGES.of(net);
        synchronized (challenges) {
            int second = TcpPaws.seconds(net.clock);
            if (second != challenges.second) {
                challenges.second = second;
                challenges.left = (limit + 1) / 2 + (limit == 0 ? 0 : net.random.below(limit));
            }
            if (challenges.left <= 0) {
                return false;
            }
            challenges.left--;
            return true;
        }
    }
}
