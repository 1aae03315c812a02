package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.Conf6Sysctls;
import dev.linnet.kernel.sysctl.Ipv6Sysctls;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Ipv6Opt;
import dev.linnet.uapi.SocketType;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// The options of level `SOL_IPV6` whose value is one number: a row each (`do_ipv6_setsockopt`,
/// `do_ipv6_getsockopt`).
final class Ipv6Sockopt {
    /// Checks and sets a value; 0 or `-errno`.
    @FunctionalInterface
    interface Setter {
        /// @param len bytes that the user gave; with fewer than four the value is 0
        int set(InetSock sk, int val, int len);
    }

    /// One option.
    ///
    /// @param get what `getsockopt` says
    record Row(Setter set, ToIntFunction<InetSock> get) {}

    /// What `getsockopt` may say beside a value; no value is below -1.
    static final int NOT_CONNECTED = -Errno.ENOTCONN;

    /// `IPV6_PREFER_SRC_*` (RFC 5014).
    private static final int PREFER_TMP = 0x1;

    private static final int PREFER_PUBLIC = 0x2;
    private static final int PREFER_PUBTMP_DEFAULT = 0x100;
    private static final int PREFER_COA = 0x4;
    private static final int PREFER_HOME = 0x400;
    private static final int PREFER_CGA = 0x8;
    private static final int PREFER_NONCGA = 0x800;

    private static final int ECN_MASK = 3;
    private static final int MIN_MTU = 1280;
    private static final int INT_BYTES = 4;
    private static final Map<Integer, Row> ROWS = new HashMap<>();

    private Ipv6Sockopt() {}

    static @Nullable Row row(int name) {
        return ROWS.get(name);
    }

    static {
        cmsg(Ipv6Opt.IPV6_RECVPKTINFO, Ipv6Cmsg.RXINFO);
        cmsg(Ipv6Opt.IPV6_2292PKTINFO, Ipv6Cmsg.RXOINFO);
        cmsg(Ipv6Opt.IPV6_RECVHOPLIMIT, Ipv6Cmsg.RXHLIM);
        cmsg(Ipv6Opt.IPV6_2292HOPLIMIT, Ipv6Cmsg.RXOHLIM);
        cmsg(Ipv6Opt.IPV6_RECVRTHDR, Ipv6Cmsg.SRCRT);
        cmsg(Ipv6Opt.IPV6_2292RTHDR, Ipv6Cmsg.OSRCRT);
        cmsg(Ipv6Opt.IPV6_RECVHOPOPTS, Ipv6Cmsg.HOPOPTS);
        cmsg(Ipv6Opt.IPV6_2292HOPOPTS, Ipv6Cmsg.OHOPOPTS);
        cmsg(Ipv6Opt.IPV6_RECVDSTOPTS, Ipv6Cmsg.DSTOPTS);
        cmsg(Ipv6Opt.IPV6_2292DSTOPTS, Ipv6Cmsg.ODSTOPTS);
        cmsg(Ipv6Opt.IPV6_RECVTCLASS, Ipv6Cmsg.RXTCLASS);
        cmsg(Ipv6Opt.IPV6_FLOWINFO, Ipv6Cmsg.RXFLOW);
        cmsg(Ipv6Opt.IPV6_RECVPATHMTU, Ipv6Cmsg.RXPMTU);
        cmsg(Ipv6Opt.IPV6_RECVORIGDSTADDR, Ipv6Cmsg.RXORIGDSTADDR);
        flag(
                Ipv6Opt.IPV6_RECVFRAGSIZE,
                Ipv6Sockopt::always,
                (sk, on) -> want(sk, Ipv6Cmsg.RECVFRAGSIZE, on),
                sk -> (sk.rxopt6 & Ipv6Cmsg.RECVFRAGSIZE) != 0);
        flag(
                Ipv6Opt.IPV6_V6ONLY,
                (sk, val, len) -> len < INT_BYTES || sk.num != 0 ? -Errno.EINVAL : 0,
                (sk, on) -> sk.ipv6only = on,
                sk -> sk.ipv6only);
        flag(
                Ipv6Opt.IPV6_MULTICAST_LOOP,
                Ipv6Sockopt::bit,
                (sk, on) -> sk.mcLoop6 = on,
                sk -> sk.mcLoop6);
        flag(
                Ipv6Opt.IPV6_MULTICAST_ALL,
                Ipv6Sockopt::given,
                (sk, on) -> sk.mcAll6 = on,
                sk -> sk.mcAll6);
        flag(
                Ipv6Opt.IPV6_AUTOFLOWLABEL,
                Ipv6Sockopt::always,
                Ipv6Sockopt::setAutoflowlabel,
                Ipv6Sockopt::autoflowlabel);
        flag(
                Ipv6Opt.IPV6_DONTFRAG,
                Ipv6Sockopt::always,
                (sk, on) -> sk.dontfrag6 = on ? 1 : 0,
                sk -> sk.dontfrag6 != 0);
        flag(
                Ipv6Opt.IPV6_FLOWINFO_SEND,
                Ipv6Sockopt::given,
                (sk, on) -> sk.sndflow = on,
                sk -> sk.sndflow);
        flag(
                Ipv6Opt.IPV6_ROUTER_ALERT_ISOLATE,
                Ipv6Sockopt::given,
                (sk, on) -> Ipv6Pinfo.make(sk).rtalertIsolate = on,
                sk -> Ipv6Pinfo.of(sk) instanceof Ipv6Pinfo p && p.rtalertIsolate);
        flag(
                Ipv6Opt.IPV6_TRANSPARENT,
                Ipv6Sockopt::privileged,
                (sk, on) -> sk.transparent = on,
                sk -> sk.transparent);
        flag(
                Ipv6Opt.IPV6_FREEBIND,
                Ipv6Sockopt::given,
                (sk, on) -> sk.freebind = on,
                sk -> sk.freebind);
        flag(
                Ipv6Opt.IPV6_RECVERR_RFC4884,
                (sk, val, len) -> len < INT_BYTES || val < 0 || val > 1 ? -Errno.EINVAL : 0,
                (sk, on) -> Ipv6Pinfo.make(sk).recverrRfc4884 = on,
                sk -> Ipv6Pinfo.of(sk) instanceof Ipv6Pinfo p && p.recverrRfc4884);
        number(Ipv6Opt.IPV6_RECVERR, Ipv6Sockopt::setRecverr, sk -> sk.recverr6 ? 1 : 0);
        number(Ipv6Opt.IPV6_UNICAST_HOPS, Ipv6Sockopt::setHops, sk -> hops(sk, sk.hopLimit));
        number(
                Ipv6Opt.IPV6_MULTICAST_HOPS,
                Ipv6Sockopt::setMulticastHops,
                sk -> hops(sk, sk.mcastHops));
        number(Ipv6Opt.IPV6_MTU, Ipv6Sockopt::setMtu, Ipv6Sockopt::mtu);
        number(Ipv6Opt.IPV6_MINHOPCOUNT, Ipv6Sockopt::setMinHopcount, sk -> sk.minHopcount);
        number(Ipv6Opt.IPV6_MTU_DISCOVER, Ipv6Sockopt::setMtuDiscover, sk -> sk.pmtudisc6);
        number(Ipv6Opt.IPV6_TCLASS, Ipv6Sockopt::setTclass, sk -> Math.max(0, sk.tclass));
        number(
                Ipv6Opt.IPV6_ADDR_PREFERENCES,
                Ipv6Sockopt::setPreferences,
                Ipv6Sockopt::preferences);
        number(
                Ipv6Opt.IPV6_UNICAST_IF,
                Ipv6Sockopt::setUnicastIf,
                sk -> Integer.reverseBytes(sk.ucIndex6));
        number(Ipv6Opt.IPV6_MULTICAST_IF, Ipv6Sockopt::setMulticastIf, sk -> sk.mcIndex6);
    }

    // ---- kinds of rows
    // -----------------------------------------------------------------------------

    private static void number(int name, Setter set, ToIntFunction<InetSock> get) {
        ROWS.put(name, new Row(set, get));
    }

    /// A boolean that `check` may refuse.
    private static void flag(
            int name,
            Setter check,
            BiConsumer<InetSock, Boolean> assign,
            Predicate<InetSock> test) {
        Setter set =
                (sk, val, len) -> {
                    int err = check.set(sk, val, len);
                    if (err == 0) {
                        assign.accept(sk, val != 0);
                    }
                    return err;
                };
        number(name, set, sk -> test.test(sk) ? 1 : 0);
    }

    /// A kind of control message that the user wants with what he receives.
    private static void cmsg(int name, int bit) {
        flag(name, Ipv6Sockopt::given, (sk, on) -> want(sk, bit, on), sk -> (sk.rxopt6 & bit) != 0);
    }

    private static void want(InetSock sk, int bit, boolean on) {
        sk.rxopt6 = on ? sk.rxopt6 | bit : sk.rxopt6 & ~bit;
    }

    // ---- checks
    // --------------------------------------------------------------------------------------

    private static int always(InetSock sk, int val, int len) {
        return 0;
    }

    private static int given(InetSock sk, int val, int len) {
        return len < INT_BYTES ? -Errno.EINVAL : 0;
    }

    private static int bit(InetSock sk, int val, int len) {
        return len < INT_BYTES || (val != 0 && val != 1) ? -Errno.EINVAL : 0;
    }

    private static int privileged(InetSock sk, int val, int len) {
        return val != 0 && sk.uid != 0 ? -Errno.EPERM : given(sk, val, len);
    }

    // ---- single options
    // ------------------------------------------------------------------------------

    private static int setRecverr(InetSock sk, int val, int len) {
        if (len < INT_BYTES) {
            return -Errno.EINVAL;
        }
        sk.recverr6 = val != 0;
        if (val == 0) {
            Ipv6Error.purge(sk);
        }
        return 0;
    }

    private static void setAutoflowlabel(InetSock sk, boolean on) {
        sk.autoflowlabel = on;
        sk.autoflowlabelSet = true;
    }

    private static boolean autoflowlabel(InetSock sk) {
        int mode = sk.net.sysctl.get(Ipv6Sysctls.AUTO_FLOWLABELS);
        boolean byDefault = mode == 1 || mode == 3;
        return sk.autoflowlabelSet ? sk.autoflowlabel : byDefault;
    }

    private static int setHops(InetSock sk, int val, int len) {
        if (len < INT_BYTES || val > 255 || val < -1) {
            return -Errno.EINVAL;
        }
        sk.hopLimit = val;
        return 0;
    }

    private static int setMulticastHops(InetSock sk, int val, int len) {
        if (sk.type == SocketType.SOCK_STREAM) {
            return -Errno.ENOPROTOOPT;
        }
        if (len < INT_BYTES || val > 255 || val < -1) {
            return -Errno.EINVAL;
        }
        sk.mcastHops = val == -1 ? 1 : val;
        return 0;
    }

    private static int hops(InetSock sk, int own) {
        if (own >= 0) {
            return own;
        }
        return sk.dst instanceof Rt6Info rt
                ? rt.hopLimit()
                : sk.net.sysctl.ipv6All().get(Conf6Sysctls.HOP_LIMIT);
    }

    /// Largest packet, 0 for that of the path.
    private static int setMtu(InetSock sk, int val, int len) {
        if (len < INT_BYTES || (val != 0 && val < MIN_MTU)) {
            return -Errno.EINVAL;
        }
        sk.fragSize6 = val;
        return 0;
    }

    private static int mtu(InetSock sk) {
        DstEntry dst = sk.dst;
        int mtu = dst == null ? 0 : dst.mtu();
        return mtu == 0 ? NOT_CONNECTED : mtu;
    }

    private static int setMinHopcount(InetSock sk, int val, int len) {
        if (len < INT_BYTES || val < 0 || val > 255) {
            return -Errno.EINVAL;
        }
        sk.minHopcount = val;
        return 0;
    }

    private static int setMtuDiscover(InetSock sk, int val, int len) {
        boolean known = val >= Ipv6Opt.IPV6_PMTUDISC_DONT && val <= Ipv6Opt.IPV6_PMTUDISC_OMIT;
        if (len < INT_BYTES || !known) {
            return -Errno.EINVAL;
        }
        sk.pmtudisc6 = val;
        return 0;
    }

    /// The ECN bits of a stream belong to its congestion control.
    private static int setTclass(InetSock sk, int val, int len) {
        if (len < INT_BYTES || val < -1 || val > 0xFF) {
            return -Errno.EINVAL;
        }
        int old = Math.max(0, sk.tclass);
        int tclass = Math.max(0, val);
        if (sk.type == SocketType.SOCK_STREAM) {
            tclass = tclass & ~ECN_MASK | old & ECN_MASK;
        }
        if (tclass != old) {
            sk.tclass = tclass;
            sk.dst = null;
        }
        return 0;
    }

    @Kernel("ip6_sock_set_addr_preferences")
    private static int setPreferences(InetSock sk, int val, int len) {
        int privacy = val & (PREFER_PUBLIC | PREFER_TMP | PREFER_PUBTMP_DEFAULT);
        int home = val & (PREFER_HOME | PREFER_COA);
        int cga = val & (PREFER_CGA | PREFER_NONCGA);
        boolean conflict =
                Integer.bitCount(privacy) > 1
                        || Integer.bitCount(home) > 1
                        || Integer.bitCount(cga) > 1;
        if (len < INT_BYTES || conflict) {
            return -Errno.EINVAL;
        }
        Ipv6Pinfo.make(sk).srcprefs = val & (PREFER_PUBLIC | PREFER_TMP | PREFER_COA);
        return 0;
    }

    private static int preferences(InetSock sk) {
        Ipv6Pinfo pinfo = Ipv6Pinfo.of(sk);
        int prefs = pinfo == null ? 0 : pinfo.srcprefs;
        int privacy = prefs & (PREFER_PUBLIC | PREFER_TMP);
        return (privacy == 0 ? PREFER_PUBTMP_DEFAULT : privacy)
                | ((prefs & PREFER_COA) == 0 ? PREFER_HOME : PREFER_COA);
    }

    private static int setUnicastIf(InetSock sk, int val, int len) {
        if (len != INT_BYTES) {
            return -Errno.EINVAL;
        }
        int ifindex = Integer.reverseBytes(val); // it comes in network order
        if (ifindex != 0) {
            if (sk.net.devices.byIndex(ifindex) == null) {
                return -Errno.EADDRNOTAVAIL;
            }
            if (sk.boundDevIf != 0) {
                return -Errno.EINVAL;
            }
        }
        sk.ucIndex6 = ifindex;
        return 0;
    }

    private static int setMulticastIf(InetSock sk, int val, int len) {
        if (sk.type == SocketType.SOCK_STREAM) {
            return -Errno.ENOPROTOOPT;
        }
        if (len < INT_BYTES) {
            return -Errno.EINVAL;
        }
        if (val != 0) {
            if (sk.net.devices.byIndex(val) == null) {
                return -Errno.ENODEV;
            }
            if (sk.boundDevIf != 0 && sk.boundDevIf != val) {
                return -Errno.EINVAL;
            }
        }
        sk.mcIndex6 = val;
        return 0;
    }
}
