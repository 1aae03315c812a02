package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.sysctl.SysctlValues;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.kernel.time.Clock;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.NetRandom;
import dev.linnet.net.core.Pernet;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.RequestSock;
import dev.linnet.net.inet.InetConnectionSocks;
import dev.linnet.net.inet.SipHash;
import dev.linnet.wire.In6Addr;

/// SYN cookies (RFC 4987 section 3.6): the initial sequence number says all that must be known of a
/// SYN to believe its ACK, and the timestamp the options that it agreed on.
///
/// ```text
/// cookie = h1(addresses, ports) + peer's isn + (minute << 24)
///        + ((h2(addresses, ports, minute) + mss index) mod 2^24)
/// timestamp, low 6 bits = ecn, sack, window scale (15: none)
/// ```
public final class SynCookies {
    static final Pernet<SynCookies> OF = new Pernet<>(net -> new SynCookies(net.random.fork()));

    private static final int COOKIE_BITS = 24;
    private static final int COOKIE_MASK = (1 << COOKIE_BITS) - 1;

    /// A cookie is good for this many of its minutes.
    private static final int MAX_AGE = 2;

    private static final long MINUTE_JIFFIES = 60L * Clock.HZ;

    /// Cookies are only believed for so long after the queue last overflowed.
    static final int VALID_JIFFIES = (int) (MAX_AGE * MINUTE_JIFFIES);

    /// What fits in two or three bits of MSS: the sizes that are common.
    private static final int[] MSS_V4 = {536, 1300, 1440, 1460};

    private static final int[] MSS_V6 = {1220, 1420, 1440, 8940};

    // Bits of the timestamp.
    private static final int TS_WSCALE_MASK = 0xF;
    private static final int TS_SACK = 1 << 4;
    private static final int TS_ECN = 1 << 5;
    private static final int TS_BITS = 6;
    private static final int TS_MASK = (1 << TS_BITS) - 1;

    private final long[] keys = new long[4];

    private SynCookies(NetRandom random) {
        for (int i = 0; i < keys.length; i++) {
            keys[i] = random.nextLong();
        }
    }

    // ---- sequence number
    // ---------------------------------------------------------------------------

    /// The cookie for a request; its MSS becomes the one that the cookie can say.
    @Kernel({"cookie_init_sequence", "cookie_v4_init_sequence", "cookie_v6_init_sequence"})
    static int initSequence(TcpSock listener, SkBuff skb, RequestSock req) {
        NetNamespace net = listener.net;
        InetConnectionSocks.queue(listener).recentOverflow = net.clock.jiffies32();
        net.mib.inc(TcpExt.SYNCOOKIESSENT);
        int[] table = table(req);
        int index = table.length - 1;
        while (index > 0 && req.mss < table[index]) {
            index--;
        }
        req.mss = table[index];
        return OF.of(net).cookie(req, skb.cb.seq, minute(net), index);
    }

    private static int[] table(RequestSock req) {
        return In6Addr.isV4Mapped(req.daddrHi, req.daddrLo) ? MSS_V4 : MSS_V6;
    }

    private static int minute(NetNamespace net) {
        return (int) (net.clock.jiffies() / MINUTE_JIFFIES);
    }

    @Kernel("secure_tcp_syn_cookie")
    int cookie(RequestSock req, int peerIsn, int minute, int index) {
        return hash(req, 0, 0)
                + peerIsn
                + (minute << COOKIE_BITS)
                + (hash(req, minute, 1) + index & COOKIE_MASK);
    }

    /// The MSS that a cookie stands for, or 0 if it is none of ours or too old.
    ///
    /// @param req carries the addresses and ports
    /// @param peerIsn the peer's initial sequence number
    @Kernel({"__cookie_v4_check", "__cookie_v6_check", "check_tcp_syn_cookie"})
    static int check(RequestSock req, int cookie, int peerIsn) {
        int index = OF.of(req.net).index(req, cookie, peerIsn, minute(req.net));
        int[] table = table(req);
        return index >= 0 && index < table.length ? table[index] : 0;
    }

    int index(RequestSock req, int cookie, int peerIsn, int minute) {
        int rest = cookie - (hash(req, 0, 0) + peerIsn);
        int age = minute - (rest >>> COOKIE_BITS) & -1 >>> COOKIE_BITS;
        if (age >= MAX_AGE) {
            return -1;
        }
        return rest - hash(req, minute - age, 1) & COOKIE_MASK;
    }

    @Kernel("cookie_hash")
    private int hash(RequestSock req, int minute, int which) {
        long ports = (long) req.dport << 48 | (long) req.num << 32 | minute & 0xFFFF_FFFFL;
        return (int)
                SipHash.of(
                        keys[2 * which],
                        keys[2 * which + 1],
                        5,
                        req.daddrHi,
                        req.daddrLo,
                        req.rcvSaddrHi,
                        req.rcvSaddrLo,
                        ports);
    }

    // ---- timestamp
    // --------------------------------------------------------------------------------------

    /// The time to be sent in the SYN-ACK: now, less what the options in the low bits take. In
    /// nanoseconds, as packets carry it.
    @Kernel("cookie_init_timestamp")
    static long initTimestamp(RequestSock req, long nowNs) {
        long now = nowNs / 1_000_000;
        int options = req.wscaleOk ? req.sndWscale : TS_WSCALE_MASK;
        options |= req.sackOk ? TS_SACK : 0;
        options |= req.ecnOk ? TS_ECN : 0;
        long ts = now & ~TS_MASK | options;
        if (ts > now) {
            ts -= 1 << TS_BITS;
        }
        return ts * 1_000_000;
    }

    /// Reads the options from the echoed timestamp; false if they contradict what this end allows.
    @Kernel("cookie_timestamp_decode")
    static boolean decodeTimestamp(NetNamespace net, TcpOptionsReceived opt) {
        SysctlValues sysctl = net.sysctl;
        if (!opt.sawTstamp) {
            opt.clear();
            return true;
        }
        if (sysctl.get(TcpSysctls.TIMESTAMPS) == 0) {
            return false;
        }
        int options = opt.rcvTsecr;
        opt.sackOk = (options & TS_SACK) != 0 ? TcpOptionsReceived.SACK_SEEN : 0;
        if (opt.sackOk != 0 && !sysctl.get(TcpSysctls.SACK)) {
            return false;
        }
        if ((options & TS_WSCALE_MASK) == TS_WSCALE_MASK) {
            return true; // no window scaling
        }
        opt.wscaleOk = true;
        opt.sndWscale = options & TS_WSCALE_MASK;
        return sysctl.get(TcpSysctls.WINDOW_SCALING);
    }

    /// True if the echoed timestamp says that the SYN agreed on ECN.
    @Kernel("cookie_ecn_ok")
    static boolean ecnOk(TcpOptionsReceived opt) {
        return (opt.rcvTsecr & TS_ECN) != 0;
    }
}
