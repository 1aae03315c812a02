package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.wire.OptionList;
import dev.linnet.wire.Tcp;
import dev.linnet.wire.TcpOptions;
import org.jspecify.annotations.Nullable;

/// The options of segments of an established connection. What a segment carries is planned first,
/// because the room for data depends on it; the plan is an int:
///
///     bits 0-5  bytes of all options       bit 6  timestamps     bit 7  MD5 signature
///     bits 8-10 SACK blocks                bit 11 accurate ECN   bits 12-13 its counters
@HotPath
final class TcpOptionsOut {
    /// Most bytes of options in a header.
    static final int MAX_BYTES = Tcp.MAX_HEADER_BYTES - Tcp.HEADER_BYTES;

    /// Bytes of options with the paddings that align them.
    static final int TIMESTAMP_ALIGNED = 12;

    static final int MD5SIG_ALIGNED = 20;
    static final int SACK_BASE_ALIGNED = 4;
    static final int WSCALE_ALIGNED = 4;
    static final int SACK_PERM_ALIGNED = 4;

    private static final int BYTES_MASK = 0x3F;
    private static final int TIMESTAMP = 1 << 6;
    private static final int MD5 = 1 << 7;
    private static final int SACK_SHIFT = 8;
    private static final int SACK_MASK = 7;
    private static final int ACCECN = 1 << 11;
    private static final int ACCECN_SHIFT = 12;
    private static final int ACCECN_MASK = 3;

    /// `tcp_ecn_option`: send counters whenever there is room.
    private static final int ECN_OPTION_FULL = 2;

    private TcpOptionsOut() {}

    /// Plans the options of the next segment.
    @Kernel("tcp_established_options")
    static int established(TcpSock tp) {
        int bytes = 0;
        int plan = 0;
        if (tp.md5 != null && TcpMd5.lookup(tp) != null) {
            plan |= MD5;
            bytes += MD5SIG_ALIGNED;
        }
        if (tp.rxOpt.tstampOk) {
            plan |= TIMESTAMP;
            bytes += TIMESTAMP_ALIGNED;
        }
        int wanted = tp.rxOpt.numSacks + (tp.rxOpt.dsack ? 1 : 0);
        int blocks = sackBlocksThatFit(wanted, MAX_BYTES - bytes);
        if (blocks < 0) {
            return plan | bytes;
        }
        bytes += blocks == 0 ? 0 : SACK_BASE_ALIGNED + blocks * TcpOptions.SACK_BLOCK_BYTES;
        if (accEcnDue(tp)) {
            int fit =
                    AccEcnFit.fit(
                            blocks,
                            tp.accecn.minlen,
                            MAX_BYTES - bytes,
                            blocks > 0 ? AccEcnFit.SAVED_BY_SACK : 0);
            if (fit != AccEcnFit.NONE) {
                blocks = AccEcnFit.sackBlocks(fit);
                bytes += AccEcnFit.bytes(fit);
                plan |= ACCECN | AccEcnFit.counters(fit) << ACCECN_SHIFT;
            }
        }
        return plan | blocks << SACK_SHIFT | bytes;
    }

    /// Blocks that fit into the room, or -1 if some are wanted and not one fits.
    static int sackBlocksThatFit(int wanted, int room) {
        if (wanted == 0) {
            return 0;
        }
        int fit = (room - SACK_BASE_ALIGNED) / TcpOptions.SACK_BLOCK_BYTES;
        return fit < 1 ? -1 : Math.min(wanted, fit);
    }

    private static boolean accEcnDue(TcpSock tp) {
        if (!TcpEcn.modeAccEcn(tp)) {
            return false;
        }
        int option = tp.net.sysctl.get(TcpSysctls.ECN_OPTION);
        AccEcnState accecn = tp.accecn;
        return option != 0
                && accecn.sawOption != AccEcnState.OPT_NOT_SEEN
                && (accecn.failMode & AccEcnState.OPT_FAIL_SEND) == 0
                && (option >= ECN_OPTION_FULL || accecn.optDemand > 0 || accEcnBeaconDue(tp));
    }

    /// True if it is time for an accurate ECN option that nothing else asks for: a few of them are
    /// sent in each round trip (`tcp_ecn_option_beacon`).
    @Kernel("tcp_accecn_option_beacon_check")
    static boolean accEcnBeaconDue(TcpSock tp) {
        if (!TcpEcn.modeAccEcn(tp)) {
            return false;
        }
        int beacon = tp.net.sysctl.get(TcpSysctls.ECN_OPTION_BEACON);
        long since = Math.max(tp.tcpMstamp - tp.accecn.optTstampUs, 0);
        return beacon != 0 && since * beacon >= tp.rtt.srttUs >>> 3;
    }

    /// Bytes of all options of a plan, a multiple of 4.
    static int bytes(int plan) {
        return plan & BYTES_MASK;
    }

    /// SACK blocks of a plan.
    static int sackBlocks(int plan) {
        return plan >>> SACK_SHIFT & SACK_MASK;
    }

    /// Writes the options of a plan behind the header at `th`.
    @Kernel("tcp_options_write")
    static void write(TcpSock tp, int plan, SkBuff out, int th) {
        byte[] b = out.buf;
        int p = th + Tcp.HEADER_BYTES;
        int end = p + bytes(plan);
        if ((plan & MD5) != 0) {
            p = TcpOptions.putMd5Sig(b, TcpOptions.putNops(b, p, 2));
        }
        if ((plan & TIMESTAMP) != 0) {
            int tsVal = TcpClock.skbTsVal(out) + tp.tsoffset;
            p = TcpOptions.putAlignedTimestamp(b, p, tsVal, tp.rxOpt.tsRecent);
        }
        if ((plan & ACCECN) != 0) {
            p = writeAccEcn(tp, plan >>> ACCECN_SHIFT & ACCECN_MASK, b, p);
        }
        int blocks = sackBlocks(plan);
        if (blocks > 0) {
            p = writeSacks(tp, blocks, b, p, th);
        }
        TcpOptions.putNops(b, p, end - p);
        if ((plan & MD5) != 0) {
            sign(tp, out, th);
        }
    }

    /// The report of a duplicate first (RFC 2883), then the blocks that are held.
    private static int writeSacks(TcpSock tp, int blocks, byte[] b, int at, int start) {
        int p = TcpOptions.putNops(b, at, 2 - (at - start) & 3);
        p = TcpOptions.putSackHead(b, p, blocks);
        int left = blocks;
        if (tp.rxOpt.dsack) {
            p = TcpOptions.putSackBlock(b, p, tp.dsackStart, tp.dsackEnd);
            tp.rxOpt.dsack = false;
            left--;
        }
        SackBlocks held = tp.selectiveAcks();
        for (int i = 0; i < left; i++) {
            p = TcpOptions.putSackBlock(b, p, held.start[i], held.end[i]);
        }
        return p;
    }

    private static int writeAccEcn(TcpSock tp, int counters, byte[] b, int at) {
        AccEcnState accecn = tp.accecn;
        int p = AccEcnFit.write(b, at, counters, accecn.receivedEcnBytes);
        accecn.minlen = 0;
        accecn.optTstampUs = tp.tcpMstamp;
        if (accecn.optDemand > 0) {
            accecn.optDemand--;
        }
        return p;
    }

    /// Fills the MD5 signature, which is the first option, over everything else in the segment.
    static void sign(TcpSock tp, SkBuff out, int th) {
        @Nullable TcpMd5Key key = TcpMd5.lookup(tp);
        int option = th + Tcp.HEADER_BYTES + 2;
        assert key != null && OptionList.kind(out.buf, option) == TcpOptions.MD5SIG;
        TcpMd5.hashSkb(
                out.buf, option + 2, key, tp.saddrHi, tp.saddrLo, tp.daddrHi, tp.daddrLo, out);
    }
}
