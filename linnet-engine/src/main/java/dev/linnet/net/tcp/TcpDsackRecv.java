package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.wire.Seq;
import dev.linnet.wire.TcpOptions;

/// The first SACK block of an ACK may report data that the peer received twice (RFC 2883): a
/// retransmission that was not needed.
final class TcpDsackRecv {
    private TcpDsackRecv() {}

    /// True if the first block is a DSACK that this end can have caused. It lies below the ACK, or
    /// inside the second block.
    @Kernel("tcp_check_dsack")
    @HotPath
    static boolean check(TcpSock tp, byte[] b, int option, int blocks, int ackSeq, AckedState st) {
        if (blocks == 0) {
            return false;
        }
        int start = TcpOptions.sackStart(b, option, 0);
        int end = TcpOptions.sackEnd(b, option, 0);
        if (Seq.before(start, ackSeq)) {
            tp.net.mib.inc(TcpExt.TCPDSACKRECV);
        } else if (blocks > 1
                && !Seq.after(end, TcpOptions.sackEnd(b, option, 1))
                && !Seq.before(start, TcpOptions.sackStart(b, option, 1))) {
            tp.net.mib.inc(TcpExt.TCPDSACKOFORECV);
        } else {
            return false;
        }
        int segs = seen(tp, start, end, st);
        if (segs == 0) {
            tp.net.mib.inc(TcpExt.TCPDSACKIGNOREDDUBIOUS);
            return false;
        }
        tp.net.mib.add(TcpExt.TCPDSACKRECVSEGS, segs);
        // Data that is gone from the queue already can only be counted.
        if (tp.undoMarker != 0
                && tp.undoRetrans > 0
                && !Seq.after(end, st.priorSndUna)
                && Seq.after(end, tp.undoMarker)) {
            tp.undoRetrans = Math.max(0, tp.undoRetrans - segs);
        }
        return true;
    }

    /// How many segments a report stands for; 0 if it is not believed: more than was ever offered to
    /// us or was sent again.
    @Kernel("tcp_dsack_seen")
    private static int seen(TcpSock tp, int start, int end, AckedState st) {
        int len = end - start;
        if (!Seq.before(start, end) || len > tp.maxWindow) {
            return 0;
        }
        int segs = 1;
        if (len > tp.mssCache) {
            segs = (len + tp.mssCache - 1) / tp.mssCache;
        } else if (tp.tlpHighSeq != 0 && tp.tlpHighSeq == end) {
            st.flag |= TcpAck.FLAG_DSACK_TLP;
        }
        tp.dsackDups += segs;
        if (tp.dsackDups > tp.totalRetrans) {
            return 0;
        }
        tp.rxOpt.sackOk |= TcpOptionsReceived.DSACK_SEEN;
        // Where the network reorders, a needless retransmission asks for more patience.
        if (tp.reordSeen != 0 && (st.flag & TcpAck.FLAG_DSACK_TLP) == 0) {
            tp.rack.dsackSeen = true;
        }
        st.flag |= TcpAck.FLAG_DSACKING_ACK;
        st.sackDelivered += segs;
        return segs;
    }
}
