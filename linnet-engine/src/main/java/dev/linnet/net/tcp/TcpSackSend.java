package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.wire.Seq;

/// What this end reports as received out of order (SACK, RFC 2018) and received twice (DSACK, RFC
/// 2883). The blocks are kept newest first.
final class TcpSackSend {
    /// A sender with timestamps gets at most this many blocks into a header with room for a DSACK.
    private static final int BLOCKS_EXPECTED = 2;

    private TcpSackSend() {}

    /// Data was received twice: the next ACK says so.
    @Kernel("tcp_dsack_set")
    static void set(TcpSock tp, int seq, int endSeq) {
        if (!tp.rxOpt.sackEnabled() || !tp.net.sysctl.get(TcpSysctls.DSACK)) {
            return;
        }
        tp.net.mib.inc(
                Seq.before(seq, tp.rcvNxt) ? TcpExt.TCPDSACKOLDSENT : TcpExt.TCPDSACKOFOSENT);
        tp.rxOpt.dsack = true;
        tp.dsackStart = seq;
        tp.dsackEnd = endSeq;
    }

    /// As [#set], and adds to a report that is pending where they touch.
    @Kernel("tcp_dsack_extend")
    static void extend(TcpSock tp, int seq, int endSeq) {
        if (!tp.rxOpt.dsack) {
            set(tp, seq, endSeq);
        } else if (!Seq.after(seq, tp.dsackEnd) && !Seq.after(tp.dsackStart, endSeq)) {
            tp.dsackStart = Seq.min(tp.dsackStart, seq);
            tp.dsackEnd = Seq.max(tp.dsackEnd, endSeq);
        }
    }

    /// A segment came again although it was acknowledged. If its flow label is new, the peer had a
    /// timeout: our ACKs do not get through, so they try another path.
    @Kernel("tcp_rcv_spurious_retrans")
    static void rcvSpuriousRetrans(TcpSock tp, SkBuff skb) {
        if (tp.caState != TcpCong.CA_LOSS && tp.txhash != 0 && TcpFlowLabel.changed(tp, skb)) {
            tp.txhash = tp.net.random.nextInt() | 1;
            tp.net.mib.inc(TcpExt.TCPDUPLICATEDATAREHASH);
        }
        TcpFlowLabel.save(tp, skb);
    }

    /// A segment lies out of order now: its block comes first in the next ACK.
    @Kernel("tcp_sack_new_ofo_skb")
    @HotPath
    static void newOfo(TcpSock tp, int seq, int endSeq) {
        SackBlocks blocks = tp.selectiveAcks();
        blocks.count = tp.rxOpt.numSacks;
        int i = 0;
        while (i < blocks.count && !blocks.extend(i, seq, endSeq)) {
            i++;
        }
        if (i >= BLOCKS_EXPECTED) {
            TcpAckOut.sackCompressSendAck(tp);
        }
        if (i < blocks.count) {
            blocks.moveToFront(i);
            mergeIntoFirst(blocks);
        } else {
            blocks.addFirst(seq, endSeq);
        }
        tp.rxOpt.numSacks = blocks.count;
    }

    /// The first block grew: takes in the others that it touches now.
    @Kernel("tcp_sack_maybe_coalesce")
    private static void mergeIntoFirst(SackBlocks blocks) {
        int i = 1;
        while (i < blocks.count) {
            if (blocks.extend(0, blocks.start[i], blocks.end[i])) {
                blocks.remove(i);
            } else {
                i++;
            }
        }
    }

    /// The window moved: blocks below it are void.
    @Kernel("tcp_sack_remove")
    @HotPath
    static void remove(TcpSock tp) {
        if (tp.outOfOrderQueue.isEmpty()) {
            tp.rxOpt.numSacks = 0;
            return;
        }
        SackBlocks blocks = tp.selectiveAcks();
        blocks.count = tp.rxOpt.numSacks;
        int i = 0;
        while (i < blocks.count) {
            if (Seq.before(tp.rcvNxt, blocks.start[i])) {
                i++;
            } else {
                blocks.remove(i);
            }
        }
        tp.rxOpt.numSacks = blocks.count;
    }
}
