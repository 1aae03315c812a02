package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.TcpInfo;
import java.util.Arrays;

/// What a connection tells with the time of something that it sent
/// (`SOF_TIMESTAMPING_OPT_STATS`): its state as Netlink attributes, each with its length and number
/// in front (`TCP_NLA_*`).
final class TcpTstampStats {
    private static final int ATTRIBUTE_HEADER = 4;

    private byte[] out = new byte[320];
    private int length;

    private TcpTstampStats() {}

    /// @param orig the packet whose time it is
    @Kernel("tcp_get_timestamping_opt_stats")
    static byte[] of(TcpSock tp, SkBuff orig) {
        TcpTstampStats s = new TcpTstampStats();
        TcpInfo info = TcpInfoFill.fill(tp);
        long edt = orig.tstampNs - tp.net.clock.nowNs();
        s.u64(1, info.busyTime).u64(2, info.rwndLimited).u64(3, info.sndbufLimited);
        s.u64(4, info.dataSegsOut).u64(5, info.totalRetrans);
        s.u64(6, info.pacingRate).u64(7, info.deliveryRate);
        s.u32(8, info.sndCwnd).u32(9, info.reordering).u32(10, info.minRtt);
        s.put(11, 1, info.retransmits).put(12, 1, info.deliveryRateAppLimited);
        s.u32(15, info.sndSsthresh).u32(16, info.delivered).u32(17, info.deliveredCe);
        s.u32(13, tp.writeSeq - tp.sndUna).put(14, 1, info.caState);
        s.u64(18, info.bytesSent).u64(19, info.bytesRetrans);
        s.u32(20, info.dsackDups).u32(21, info.reordSeen).u32(22, tp.rtt.srttUs >>> 3);
        s.put(23, 2, info.rehash).u32(24, info.notsentBytes);
        s.u64(25, edt);
        if (tp.ackHopLimit != 0) {
            s.put(26, 1, tp.ackHopLimit);
        }
        s.u32(27, info.rehash);
        return Arrays.copyOf(s.out, s.length);
    }

    private TcpTstampStats u64(int type, long value) {
        return put(type, 8, value);
    }

    private TcpTstampStats u32(int type, long value) {
        return put(type, 4, value);
    }

    private TcpTstampStats put(int type, int bytes, long value) {
        Abi.putShort(out, length, ATTRIBUTE_HEADER + bytes);
        Abi.putShort(out, length + 2, type);
        for (int i = 0; i < bytes; i++) {
            out[length + ATTRIBUTE_HEADER + i] = (byte) (value >>> 8 * i);
        }
        length += ATTRIBUTE_HEADER + bytes + 3 & ~3;
        return this;
    }
}
