package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.wire.Ecn;
import dev.linnet.wire.Tcp;
import dev.linnet.wire.TcpOptions;

/// Accurate ECN (RFC 9768): the three flags AE, CWR, ECE are a counter of packets that came with a
/// mark, an option carries counters of bytes.
final class TcpAccEcn {
    /// Largest value of the counter in the header (ACE, three bits).
    static final int ACE_MAX = 7;

    /// So many marks that no ACK has told of are told at once (section 3.2.2.5.1).
    private static final int ACE_MAX_DELTA = 6;

    /// An option must come once per so many bytes with one codepoint, as a bit mask of the counter.
    private static final int BYTES_MASK = 0xFFC0_0000;

    /// Without any option after so many bytes sent, its counters may have wrapped unseen.
    private static final int MAX_BYTES_WITHOUT_OPTION = (1 << 23) - 1;

    /// Shift for the smallest share of marked bytes that makes a wrap of the counter likely.
    private static final int SAFETY_SHIFT = 1;

    private TcpAccEcn() {}

    /// The counter field in header flags.
    @Kernel("tcp_accecn_ace")
    @HotPath
    static int ace(int flags) {
        return (flags & Tcp.ACE_MASK) >> 6;
    }

    /// The header flags of a counter value.
    @HotPath
    static int aceFlags(int ace) {
        return (ace & ACE_MAX) << 6;
    }

    /// True if a SYN asks for accurate ECN: any combination but "none" and that of RFC 3168.
    @Kernel("tcp_accecn_syn_requested")
    static boolean synRequested(int flags) {
        int ace = ace(flags);
        return ace != 0 && ace != 3;
    }

    // ---- handshake (section 3.1) ------------------------------------------------------------

    /// Flags that tell the peer with which codepoint its SYN or SYN-ACK arrived (table 2).
    @Kernel("tcp_accecn_reflector_flags")
    static int reflectorFlags(int codepoint) {
        int ace =
                switch (codepoint) {
                    case Ecn.ECT_1 -> 3;
                    case Ecn.ECT_0 -> 4;
                    case Ecn.CE -> 6;
                    default -> 2;
                };
        return aceFlags(ace);
    }

    /// The codepoint that such flags stand for.
    @Kernel("tcp_accecn_extract_syn_ect")
    private static int reflected(int ace) {
        return switch (ace) {
            case 3 -> Ecn.ECT_1;
            case 4 -> Ecn.ECT_0;
            case 6 -> Ecn.CE;
            default -> (ace & 1) != 0 ? Ecn.ECT_1 : Ecn.NOT_ECT;
        };
    }

    /// The SYN-ACK answers our offer of accurate ECN: with it, with RFC 3168, or with nothing.
    static void rcvSynack(TcpSock tp, SkBuff skb, int ace) {
        switch (ace) {
            case 0, 7 -> TcpEcn.setMode(tp, 0);
            case 1, 5 -> TcpEcn.setMode(tp, TcpEcn.MODE_RFC3168);
            default -> {
                TcpEcn.setMode(tp, TcpEcn.MODE_ACCECN);
                AccEcnState st = tp.accecn;
                st.synEctRcv = Ecn.of(skb.cb.ipDsfield);
                if (tp.rxOpt.accecn != 0 && st.sawOption < AccEcnState.OPT_COUNTER_SEEN) {
                    sawOption(st, optionInit(skb, tp.rxOpt.accecn));
                    st.optDemand = 2;
                }
                if (Ecn.isCe(skb.cb.ipDsfield) && validFeedback(tp, ace, st.synEctSnt)) {
                    st.receivedCe++;
                    st.receivedCePending++;
                }
            }
        }
    }

    /// The ACK that completes the handshake tells how our SYN-ACK arrived.
    @Kernel("tcp_accecn_third_ack")
    static void thirdAck(TcpSock tp, SkBuff skb, int sentEct) {
        int ace = ace(Tcp.flags(skb.buf, skb.transportHeader));
        switch (ace) {
            // All cleared: somebody on the path does that.
            case 0 -> tp.accecn.failMode |= AccEcnState.ACE_FAIL_RECV;
            case 1, 5, 7 -> {
                // Unused so far, and allowed.
            }
            default -> {
                boolean pureAck = skb.cb.seq == skb.cb.endSeq && skb.cb.sacked == 0;
                if (pureAck
                        && validFeedback(tp, ace, sentEct)
                        && reflected(ace) == Ecn.CE
                        && tp.deliveredCe == 0) {
                    tp.deliveredCe++;
                }
            }
        }
    }

    /// False, and no more trust in the field, if the codepoint changed on the way as no router may.
    @Kernel("tcp_accecn_validate_syn_feedback")
    private static boolean validFeedback(TcpSock tp, int ace, int sentEct) {
        if (!tp.net.sysctl.get(TcpSysctls.ECN_FALLBACK)) {
            return true;
        }
        int arrived = reflected(ace);
        boolean valid =
                arrived == sentEct
                        || (sentEct != Ecn.NOT_ECT && arrived != Ecn.NOT_ECT && sentEct != Ecn.CE);
        if (!valid) {
            tp.accecn.failMode |= AccEcnState.ACE_FAIL_RECV;
        }
        return valid;
    }

    // ---- sending ----------------------------------------------------------------------------

    /// Puts the counter into a header, unless the packet's own flags reflect the SYN-ACK's codepoint.
    @Kernel("tcp_accecn_set_ace")
    @HotPath
    static void send(TcpSock tp, SkBuff skb, int th) {
        if ((tp.accecn.failMode & AccEcnState.ACE_FAIL_RECV) == 0) {
            TcpEcn.xmit(tp);
        } else {
            TcpEcn.dontXmit(tp);
        }
        if ((skb.cb.tcpFlags & Tcp.ACE_MASK) != 0) {
            return;
        }
        int flags = Tcp.flags(skb.buf, th) & ~Tcp.ACE_MASK;
        int counter = tp.accecn.receivedCe + AccEcnState.CEP_INIT_OFFSET;
        Tcp.flags(skb.buf, th, flags | aceFlags(counter));
        tp.accecn.receivedCePending = 0;
    }

    // ---- receiving --------------------------------------------------------------------------

    /// Bytes of payload of a segment with its header at `transportHeader`.
    static int payload(SkBuff skb) {
        return skb.transportLen() - Tcp.headerBytes(skb.buf, skb.transportHeader);
    }

    /// Counts a packet that came in, with or without data (section 3.2.2.5).
    @Kernel("tcp_ecn_received_counters")
    @HotPath
    static void received(TcpSock tp, SkBuff skb, int payload) {
        AccEcnState st = tp.accecn;
        int codepoint = Ecn.of(skb.cb.ipDsfield);
        boolean ce = codepoint == Ecn.CE;
        if (codepoint != Ecn.NOT_ECT) {
            if (!TcpEcn.modeRfc3168(tp)) {
                tp.ecnFlags |= TcpEcn.SEEN;
            }
            int segs = ce ? Math.max(1, skb.gsoSegs) : 0;
            st.receivedCe += segs;
            st.receivedCePending = Math.min(st.receivedCePending + segs, 15);
            if (payload > 0) {
                countBytes(st, codepoint, payload);
            }
        }
        boolean edge = st.prevEcnfield != codepoint;
        if (edge || ce) {
            st.prevEcnfield = codepoint;
            if (TcpEcn.modeAccEcn(tp)) {
                if (edge) {
                    tp.ackPending |= InetConnectionSock.ICSK_ACK_NOW;
                }
                // Two options make clear which codepoint the later data had.
                st.optDemand = 2;
            }
        }
    }

    @HotPath
    private static void countBytes(AccEcnState st, int codepoint, int payload) {
        int before = st.receivedEcnBytes[codepoint - 1];
        int after = before + payload;
        st.addReceived(codepoint, payload);
        // Counters are sent in the order ECT(1), CE, ECT(0); the last ones may be left out.
        int needed = codepoint == Ecn.ECT_1 ? 1 : codepoint == Ecn.CE ? 2 : 3;
        st.minlen = Math.max(st.minlen, needed);
        if (((after ^ before) & BYTES_MASK) != 0) {
            st.optDemand = Math.max(st.optDemand, 1);
        }
    }

    /// Reads the feedback of an ACK: how many of the segments that it delivered were marked.
    @Kernel("tcp_accecn_process")
    @HotPath
    static void process(TcpSock tp, SkBuff skb, AckedState st) {
        if (!TcpEcn.modeAccEcn(tp)) {
            return;
        }
        int delta = marked(tp, skb, st, tp.delivered - st.priorDelivered);
        if (delta > 0) {
            tp.deliveredCe += delta;
            st.ecnCount = delta;
            st.flag |= TcpAck.FLAG_ECE;
            if (tp.predFlags != 0) {
                TcpFastPath.on(tp);
            }
        }
    }

    @Kernel("__tcp_accecn_process")
    @HotPath
    private static int marked(TcpSock tp, SkBuff skb, AckedState st, int delivered) {
        // An overtaken ACK says nothing new.
        if (!st.has(TcpAck.FLAG_FORWARD_PROGRESS | TcpAck.FLAG_TS_PROGRESS)) {
            return 0;
        }
        int ceBytesBefore = tp.accecn.deliveredEcnBytes[Ecn.CE - 1];
        boolean bytesKnown = processOption(tp, skb, st);
        if ((!st.has(TcpAck.FLAG_SLOWPATH) && delivered <= ACE_MAX)
                || st.has(TcpAck.FLAG_SYN_ACKED)) {
            return 0;
        }
        if (tp.accecn.receivedCePending >= ACE_MAX_DELTA) {
            tp.ackPending |= InetConnectionSock.ICSK_ACK_NOW;
        }
        int ace = ace(Tcp.flags(skb.buf, skb.transportHeader)) - AccEcnState.CEP_INIT_OFFSET;
        int delta = ace - tp.deliveredCe & ACE_MAX;
        if (delivered <= ACE_MAX) {
            return delta;
        }
        // The counter may have wrapped: at worst as often as the segments allow.
        int safe = delivered - (delivered - delta & ACE_MAX);
        if (!bytesKnown) {
            return safe;
        }
        int ceBytes = tp.accecn.deliveredEcnBytes[Ecn.CE - 1] - ceBytesBefore;
        return ceBytes == 0 ? delta : byBytes(tp, st, delivered, delta, safe, ceBytes);
    }

    /// Decides by the number of marked bytes how often the counter of packets has wrapped.
    private static int byBytes(
            TcpSock tp, AckedState st, int delivered, int delta, int safe, int ceBytes) {
        boolean orderly =
                tp.rxOpt.sackEnabled()
                        || tp.caState == TcpCong.CA_OPEN
                        || tp.caState == TcpCong.CA_CWR;
        if (delivered >= 2 * (ACE_MAX + 1) && orderly) {
            if (st.deliveredBytes <= ceBytes) {
                return safe;
            }
            long estimate =
                    ((long) ceBytes * delivered + st.deliveredBytes - 1) / st.deliveredBytes;
            return (int) Math.min(safe, delta + (estimate & ~ACE_MAX));
        }
        if (ceBytes > (long) delta * tp.mssCache) {
            return safe;
        }
        return ceBytes < (long) safe * tp.mssCache >> SAFETY_SHIFT ? delta : safe;
    }

    // ---- the option (section 3.2.3) ---------------------------------------------------------

    /// Takes over the peer's byte counters; true if they are known for what this ACK delivered. An
    /// ACK without the option goes on with the only codepoint that counted lately.
    @Kernel("tcp_accecn_process_option")
    @HotPath
    private static boolean processOption(TcpSock tp, SkBuff skb, AckedState ack) {
        AccEcnState st = tp.accecn;
        if ((st.failMode & AccEcnState.OPT_FAIL_RECV) != 0) {
            return false;
        }
        if (!ack.has(TcpAck.FLAG_SLOWPATH) || tp.rxOpt.accecn == 0) {
            return withoutOption(tp, ack.deliveredBytes);
        }
        if (st.sawOption < AccEcnState.OPT_COUNTER_SEEN) {
            sawOption(st, optionInit(skb, tp.rxOpt.accecn));
        }
        byte[] b = skb.buf;
        int p = skb.transportHeader + tp.rxOpt.accecn;
        boolean ect1First = (b[p] & 0xFF) == TcpOptions.ACCECN1;
        int estimate = st.estEcnfield;
        boolean known = estimate != 0;
        boolean ambiguous = false;
        boolean changed = false;
        int counters = Math.min(TcpOptions.accEcnCounters(b, p), 3);
        for (int i = 0; i < counters; i++) {
            int codepoint = fieldCodepoint(i, ect1First);
            int delta = take(st, codepoint, TcpOptions.accEcnCounter(b, p, i));
            ambiguous |= delta < 0;
            if (delta != 0 && codepoint != estimate) {
                ambiguous |= changed;
                st.estEcnfield = changed ? st.estEcnfield : codepoint;
                changed = true;
            }
        }
        if (ambiguous) {
            st.estEcnfield = 0;
        }
        return known && !ambiguous;
    }

    private static boolean withoutOption(TcpSock tp, int deliveredBytes) {
        AccEcnState st = tp.accecn;
        if (st.sawOption == AccEcnState.OPT_NOT_SEEN) {
            if (tp.bytesSent >= MAX_BYTES_WITHOUT_OPTION) {
                sawOption(st, AccEcnState.OPT_FAIL_SEEN);
            }
            return false;
        }
        if (st.estEcnfield == 0) {
            return false;
        }
        st.addDelivered(st.estEcnfield, deliveredBytes);
        return true;
    }

    /// Codepoint of counter `i`: the two kinds of the option differ in their order.
    @Kernel("tcp_accecn_optfield_to_ecnfield")
    private static int fieldCodepoint(int i, boolean ect1First) {
        if (i == 1) {
            return Ecn.CE;
        }
        return (i == 0) == ect1First ? Ecn.ECT_1 : Ecn.ECT_0;
    }

    /// Where the counter of a codepoint starts (section 3.2.1).
    @Kernel("tcp_accecn_field_init_offset")
    static int initOffset(int codepoint) {
        return codepoint == Ecn.CE ? 0 : AccEcnState.OPT_INIT_OFFSET;
    }

    /// Brings one counter to its 24-bit value on the wire; returns by how much it changed.
    @Kernel("tcp_update_ecn_bytes")
    private static int take(AccEcnState st, int codepoint, int wire) {
        int value = wire - initOffset(codepoint);
        int delta = value - st.deliveredEcnBytes[codepoint - 1] << 8 >> 8;
        st.addDelivered(codepoint, delta);
        return delta;
    }

    /// What the first option of the peer tells about the path: a first counter of 0 was zeroed.
    @Kernel("tcp_accecn_option_init")
    private static int optionInit(SkBuff skb, int offset) {
        byte[] b = skb.buf;
        int p = skb.transportHeader + offset;
        if (TcpOptions.accEcnCounters(b, p) == 0) {
            return AccEcnState.OPT_EMPTY_SEEN;
        }
        return TcpOptions.accEcnCounter(b, p, 0) == 0
                ? AccEcnState.OPT_FAIL_SEEN
                : AccEcnState.OPT_COUNTER_SEEN;
    }

    @Kernel("tcp_accecn_saw_opt_fail_recv")
    private static void sawOption(AccEcnState st, int saw) {
        st.sawOption = saw;
        if (saw == AccEcnState.OPT_FAIL_SEEN) {
            st.failMode |= AccEcnState.OPT_FAIL_RECV;
        }
    }
}
