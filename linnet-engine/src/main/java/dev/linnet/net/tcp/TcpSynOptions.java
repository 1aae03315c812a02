package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.RequestSock;
import dev.linnet.wire.Tcp;
import dev.linnet.wire.TcpOptions;
import org.jspecify.annotations.Nullable;

/// The options of a SYN or a SYN-ACK: what each may carry is decided in the order of importance as
/// long as there is room, then written in the order that Linux gives to them on the wire.
final class TcpSynOptions {
    private static final int[] NO_BYTES_RECEIVED = new int[3];

    /// Value in [#wscale] of an option that is not sent.
    private static final int NONE = -1;

    private int room = TcpOptionsOut.MAX_BYTES;
    private boolean md5;
    private int mss;
    private boolean timestamp;
    private int tsVal;
    private int tsEcr;
    private int wscale = NONE;
    private boolean sackPerm;
    private @Nullable FastOpenCookie cookie;
    private int accEcnCounters = NONE;

    private TcpSynOptions() {}

    /// The options of the SYN of a connecting sock, or of its SYN-ACK when SYNs cross.
    @Kernel("tcp_syn_options")
    static TcpSynOptions forSyn(TcpSock tp, SkBuff skb) {
        TcpSynOptions o = new TcpSynOptions();
        o.addMd5(tp.md5 != null && TcpMd5.lookup(tp) != null);
        o.addMss(TcpMss.advertiseMss(tp));
        if (tp.net.sysctl.get(TcpSysctls.TIMESTAMPS) != 0 && !o.md5) {
            o.addTimestamp(TcpClock.skbTsVal(skb) + tp.tsoffset, tp.rxOpt.tsRecent);
        }
        if (tp.net.sysctl.get(TcpSysctls.WINDOW_SCALING)) {
            o.addWscale(tp.rxOpt.rcvWscale);
        }
        if (tp.net.sysctl.get(TcpSysctls.SACK)) {
            o.addSackPerm();
        }
        TcpFastOpenRequest fastopen = tp.fastopenReq;
        if (fastopen != null && o.addCookie(fastopen.cookie)) {
            tp.synFastopen = true;
            tp.synFastopenExp = fastopen.cookie.exp;
        }
        boolean crossing = (skb.cb.tcpFlags & Tcp.ACK) != 0;
        if (crossing && TcpEcn.modeAccEcn(tp) && tp.retransmits < 2) {
            o.addAccEcn(tp.net.sysctl.get(TcpSysctls.ECN_OPTION));
        }
        return o;
    }

    /// The options of the SYN-ACK for a request.
    ///
    /// @param mss to be announced
    /// @param now the clock for timestamps, without the request's offset
    /// @param foc the cookie to hand out, or null
    /// @param type `SYNACK_*` of [TcpSynack]
    @Kernel("tcp_synack_options")
    static TcpSynOptions forSynack(
            RequestSock req,
            int mss,
            int now,
            boolean md5,
            @Nullable FastOpenCookie foc,
            int type) {
        TcpSynOptions o = new TcpSynOptions();
        o.addMd5(md5);
        if (md5 && type != TcpSynack.SYNACK_COOKIE && req.sackOk) {
            req.tstampOk = false; // no room for both beside a signature
        }
        o.addMss(mss);
        if (req.wscaleOk) {
            o.addWscale(req.rcvWscale);
        }
        if (req.tstampOk) {
            o.addTimestamp(now + req.tsOff, req.tsRecent);
            noteTsVal(req, o.tsVal);
        }
        if (req.sackOk) {
            o.addSackPerm();
        }
        if (foc != null) {
            o.addCookie(foc);
        }
        if (req.accecnOk && type != TcpSynack.SYNACK_RETRANS) {
            o.addAccEcn(req.net.sysctl.get(TcpSysctls.ECN_OPTION));
        }
        return o;
    }

    /// Which timestamps the peer may echo in its ACK.
    private static void noteTsVal(RequestSock req, int tsVal) {
        if (req.sntTsvalFirst == 0) {
            req.sntTsvalFirst = tsVal == 0 ? -1 : tsVal;
        }
        req.sntTsvalLast = tsVal;
    }

    private void addMd5(boolean wanted) {
        md5 = wanted;
        if (wanted) {
            room -= TcpOptionsOut.MD5SIG_ALIGNED;
        }
    }

    private void addMss(int value) {
        mss = value;
        room -= TcpOptions.MSS_BYTES;
    }

    private void addTimestamp(int value, int echo) {
        timestamp = true;
        tsVal = value;
        tsEcr = echo;
        room -= TcpOptionsOut.TIMESTAMP_ALIGNED;
    }

    private void addWscale(int shift) {
        wscale = shift;
        room -= TcpOptionsOut.WSCALE_ALIGNED;
    }

    /// SACK permitted stands in the padding of the timestamps where those are sent.
    private void addSackPerm() {
        sackPerm = true;
        if (!timestamp) {
            room -= TcpOptionsOut.SACK_PERM_ALIGNED;
        }
    }

    /// False if there is no cookie, no wish for one, or no room.
    private boolean addCookie(FastOpenCookie foc) {
        if (foc.len < 0) {
            return false;
        }
        int base = foc.exp ? TcpOptions.EXP_FASTOPEN_BASE_BYTES : TcpOptions.FASTOPEN_BASE_BYTES;
        int need = base + foc.len + 3 & ~3;
        if (need > room) {
            return false;
        }
        cookie = foc;
        room -= need;
        return true;
    }

    private void addAccEcn(int ecnOption) {
        if (ecnOption == 0 || room < TcpOptions.ACCECN_BASE_BYTES) {
            return;
        }
        int fit = AccEcnFit.fit(0, 0, room, paddingLeft());
        if (fit != AccEcnFit.NONE) {
            accEcnCounters = AccEcnFit.counters(fit);
            room -= AccEcnFit.bytes(fit);
        }
    }

    @Kernel("tcp_synack_options_combine_saving")
    private int paddingLeft() {
        if (sackPerm && !timestamp) {
            return AccEcnFit.SAVED_BY_SACK_PERM;
        }
        return wscale != NONE ? AccEcnFit.SAVED_BY_WSCALE : 0;
    }

    /// Bytes of all options, a multiple of 4.
    int bytes() {
        return TcpOptionsOut.MAX_BYTES - room;
    }

    boolean hasMd5() {
        return md5;
    }

    /// Writes the options at `at`, which is aligned; the signature stays zero.
    @Kernel("tcp_options_write")
    void write(byte[] b, int at) {
        int p = at;
        if (md5) {
            p = TcpOptions.putMd5Sig(b, TcpOptions.putNops(b, p, 2));
        }
        p = TcpOptions.putMss(b, p, mss);
        if (timestamp) {
            p = sackPerm ? TcpOptions.putSackPerm(b, p) : TcpOptions.putNops(b, p, 2);
            p = TcpOptions.putTimestamp(b, p, tsVal, tsEcr);
        }
        if (accEcnCounters != NONE) {
            p = AccEcnFit.write(b, p, accEcnCounters, NO_BYTES_RECEIVED);
        }
        if (sackPerm && !timestamp) {
            p = TcpOptions.putSackPerm(b, padTo(b, p, at, 2));
        }
        if (wscale != NONE) {
            p = TcpOptions.putWscale(b, padTo(b, p, at, 1), wscale);
        }
        if (cookie != null) {
            p = writeCookie(cookie, b, p);
        }
        TcpOptions.putNops(b, p, at + bytes() - p);
    }

    /// Pads until `p` stands `place` bytes into a word, so that the option behind ends with the word.
    private static int padTo(byte[] b, int p, int at, int place) {
        return TcpOptions.putNops(b, p, place - (p - at) & 3);
    }

    private static int writeCookie(FastOpenCookie foc, byte[] b, int p) {
        return foc.exp
                ? TcpOptions.putExpFastOpen(b, p, foc.val, 0, foc.len)
                : TcpOptions.putFastOpen(b, p, foc.val, 0, foc.len);
    }
}
