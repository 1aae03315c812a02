package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.wire.OptionList;
import dev.linnet.wire.Tcp;
import dev.linnet.wire.TcpOptions;
import org.jspecify.annotations.Nullable;

/// Reads the options of received segments. The segment's TCP header is at `transportHeader`, whole
/// and in the linear part; its length was checked by [TcpRcv].
final class TcpOptionsIn {
    /// Windows are shifted by at most so many bits (RFC 7323 section 2.3).
    static final int MAX_WSCALE = 14;

    /// Header with nothing but a timestamp option: the fast path.
    static final int TSTAMP_HEADER_BYTES = Tcp.HEADER_BYTES + 12;

    private TcpOptionsIn() {}

    /// Reads all options into `rx`. What only a SYN may say (MSS, window scale, SACK permitted) is
    /// taken from a SYN of a connection that is not established only; the offset of a SACK option
    /// goes to `skb.cb.sacked`.
    ///
    /// @param estab the connection is established: only options that were agreed on count
    /// @param foc where a Fast Open option goes, or null if nobody wants it
    @Kernel("tcp_parse_options")
    static void parse(
            NetNamespace net,
            SkBuff skb,
            TcpOptionsReceived rx,
            boolean estab,
            @Nullable FastOpenCookie foc) {
        byte[] b = skb.buf;
        int th = skb.transportHeader;
        int end = th + Tcp.headerBytes(b, th);
        boolean syn = (Tcp.flags(b, th) & Tcp.SYN) != 0;
        rx.sawTstamp = false;
        rx.accecn = 0;
        int p = OptionList.first(b, th + Tcp.HEADER_BYTES, end);
        for (; p >= 0; p = OptionList.next(b, p, end)) {
            if (!TcpOptions.isWellFormed(b, p)) {
                continue;
            }
            switch (OptionList.kind(b, p)) {
                case TcpOptions.TIMESTAMP -> timestamp(net, b, p, rx, estab);
                case TcpOptions.SACK -> {
                    if (rx.sackOk != 0) {
                        skb.cb.sacked = p - th;
                    }
                }
                case TcpOptions.ACCECN0, TcpOptions.ACCECN1 -> rx.accecn = p - th;
                case TcpOptions.FASTOPEN, TcpOptions.EXP -> fastOpen(b, p, syn, foc);
                default -> {
                    if (syn && !estab) {
                        synOption(net, b, p, rx);
                    }
                }
            }
        }
    }

    private static void timestamp(
            NetNamespace net, byte[] b, int p, TcpOptionsReceived rx, boolean estab) {
        boolean wanted = estab ? rx.tstampOk : net.sysctl.get(TcpSysctls.TIMESTAMPS) != 0;
        if (wanted) {
            rx.sawTstamp = true;
            rx.rcvTsval = TcpOptions.tsVal(b, p);
            rx.rcvTsecr = TcpOptions.tsEcr(b, p);
        }
    }

    private static void synOption(NetNamespace net, byte[] b, int p, TcpOptionsReceived rx) {
        switch (OptionList.kind(b, p)) {
            case TcpOptions.MSS -> {
                int mss = TcpOptions.mss(b, p);
                if (mss != 0) {
                    rx.mssClamp = rx.userMss != 0 && rx.userMss < mss ? rx.userMss : mss;
                }
            }
            case TcpOptions.WSCALE -> {
                if (net.sysctl.get(TcpSysctls.WINDOW_SCALING)) {
                    rx.wscaleOk = true;
                    rx.sndWscale = Math.min(TcpOptions.wscale(b, p), MAX_WSCALE);
                }
            }
            case TcpOptions.SACK_PERM -> {
                if (net.sysctl.get(TcpSysctls.SACK)) {
                    rx.sackOk = TcpOptionsReceived.SACK_SEEN;
                    rx.dsack = false;
                    rx.numSacks = 0;
                }
            }
            default -> {}
        }
    }

    @Kernel("tcp_parse_fastopen_option")
    private static void fastOpen(byte[] b, int p, boolean syn, @Nullable FastOpenCookie foc) {
        if (foc == null || !syn || !TcpOptions.isFastOpen(b, p)) {
            return;
        }
        int bytes = TcpOptions.fastOpenCookieBytes(b, p);
        if (bytes < 0 || (bytes & 1) != 0) {
            return;
        }
        if (bytes >= FastOpenCookie.MIN && bytes <= FastOpenCookie.MAX) {
            System.arraycopy(b, TcpOptions.fastOpenCookie(b, p), foc.val, 0, bytes);
        } else if (bytes != 0) {
            bytes = -1;
        }
        foc.len = bytes;
        foc.exp = OptionList.kind(b, p) == TcpOptions.EXP;
    }

    /// Reads the options of a segment of an established connection, mostly by one comparison; false
    /// if there are none.
    @Kernel("tcp_fast_parse_options")
    @HotPath
    static boolean parseFast(TcpSock tp, SkBuff skb) {
        byte[] b = skb.buf;
        int th = skb.transportHeader;
        TcpOptionsReceived rx = tp.rxOpt;
        int headerBytes = Tcp.headerBytes(b, th);
        if (headerBytes == Tcp.HEADER_BYTES) {
            rx.sawTstamp = false;
            rx.accecn = 0;
            return false;
        }
        if (rx.tstampOk && headerBytes == TSTAMP_HEADER_BYTES && alignedTimestamp(tp, skb)) {
            rx.accecn = 0;
            return true;
        }
        parse(tp.net, skb, rx, true, null);
        if (rx.sawTstamp && rx.rcvTsecr != 0) {
            rx.rcvTsecr -= tp.tsoffset;
        }
        return true;
    }

    /// Reads a timestamp option that stands first, after two paddings; false if none does.
    @Kernel("tcp_parse_aligned_timestamp")
    @HotPath
    static boolean alignedTimestamp(TcpSock tp, SkBuff skb) {
        byte[] b = skb.buf;
        int p = skb.transportHeader + Tcp.HEADER_BYTES;
        if (!TcpOptions.isAlignedTimestamp(b, p)) {
            return false;
        }
        TcpOptionsReceived rx = tp.rxOpt;
        int option = p + 2;
        rx.sawTstamp = true;
        rx.rcvTsval = TcpOptions.tsVal(b, option);
        int ecr = TcpOptions.tsEcr(b, option);
        rx.rcvTsecr = ecr == 0 ? 0 : ecr - tp.tsoffset;
        return true;
    }

    /// The MSS that a SYN announces, at most `userMss` if that is not 0; 0 if it has no MSS option.
    @Kernel("tcp_parse_mss_option")
    static int parseMss(SkBuff skb, int userMss) {
        byte[] b = skb.buf;
        int th = skb.transportHeader;
        int end = th + Tcp.headerBytes(b, th);
        int mss = 0;
        int p = OptionList.first(b, th + Tcp.HEADER_BYTES, end);
        for (; p >= 0; p = OptionList.next(b, p, end)) {
            if (OptionList.kind(b, p) == TcpOptions.MSS && TcpOptions.isWellFormed(b, p)) {
                int said = TcpOptions.mss(b, p);
                if (said != 0) {
                    mss = userMss != 0 && userMss < said ? userMss : said;
                }
            }
        }
        return mss;
    }
}
