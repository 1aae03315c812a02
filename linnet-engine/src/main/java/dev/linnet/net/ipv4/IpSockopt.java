package dev.linnet.net.ipv4;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.IpSysctls;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.IpOpt;
import dev.linnet.uapi.SocketType;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// The options of level `SOL_IP` whose value is one number: a row each (`do_ip_setsockopt`,
/// `do_ip_getsockopt`). A value may be given as an `int` or as one byte.
final class IpSockopt {
    /// Checks and sets a value; 0 or `-errno`.
    @FunctionalInterface
    interface Setter {
        /// @param len bytes that the user gave; 0 means the value 0
        int set(InetSock sk, int val, int len);
    }

    /// One option.
    ///
    /// @param get what `getsockopt` says
    record Row(Setter set, ToIntFunction<InetSock> get) {}

    private static final int ECN_MASK = 3;
    private static final Map<Integer, Row> ROWS = new HashMap<>();

    private IpSockopt() {}

    static @Nullable Row row(int name) {
        return ROWS.get(name);
    }

    static {
        cmsg(IpOpt.IP_PKTINFO, IpCmsg.PKTINFO);
        cmsg(IpOpt.IP_RECVTTL, IpCmsg.TTL);
        cmsg(IpOpt.IP_RECVTOS, IpCmsg.TOS);
        cmsg(IpOpt.IP_RECVOPTS, IpCmsg.RECVOPTS);
        cmsg(IpOpt.IP_RETOPTS, IpCmsg.RETOPTS);
        cmsg(IpOpt.IP_PASSSEC, IpCmsg.PASSSEC);
        cmsg(IpOpt.IP_RECVORIGDSTADDR, IpCmsg.ORIGDSTADDR);
        cmsg(IpOpt.IP_CHECKSUM, IpCmsg.CHECKSUM);
        flag(
                IpOpt.IP_RECVFRAGSIZE,
                (sk, val, len) -> sk.type == SocketType.SOCK_STREAM ? -Errno.EINVAL : 0,
                (sk, on) -> want(sk, IpCmsg.RECVFRAGSIZE, on),
                sk -> (sk.cmsgFlags & IpCmsg.RECVFRAGSIZE) != 0);
        flag(IpOpt.IP_FREEBIND, IpSockopt::given, (sk, on) -> sk.freebind = on, sk -> sk.freebind);
        flag(IpOpt.IP_HDRINCL, IpSockopt::raw, (sk, on) -> sk.hdrincl = on, sk -> sk.hdrincl);
        flag(IpOpt.IP_NODEFRAG, IpSockopt::raw, (sk, on) -> sk.nodefrag = on, sk -> sk.nodefrag);
        flag(
                IpOpt.IP_MULTICAST_LOOP,
                IpSockopt::given,
                (sk, on) -> sk.mcLoop = on,
                sk -> sk.mcLoop);
        flag(IpOpt.IP_MULTICAST_ALL, IpSockopt::bit, (sk, on) -> sk.mcAll = on, sk -> sk.mcAll);
        flag(
                IpOpt.IP_TRANSPARENT,
                IpSockopt::privileged,
                (sk, on) -> sk.transparent = on,
                sk -> sk.transparent);
        flag(
                IpOpt.IP_BIND_ADDRESS_NO_PORT,
                (sk, val, len) -> 0,
                (sk, on) -> sk.bindAddressNoPort = on,
                sk -> sk.bindAddressNoPort);
        flag(
                IpOpt.IP_RECVERR_RFC4884,
                (sk, val, len) -> val < 0 || val > 1 ? -Errno.EINVAL : 0,
                (sk, on) -> sk.recverrRfc4884 = on,
                sk -> sk.recverrRfc4884);
        number(IpOpt.IP_RECVERR, IpSockopt::setRecverr, sk -> sk.recverr ? 1 : 0);
        number(IpOpt.IP_TTL, IpSockopt::setTtl, IpSockopt::getTtl);
        number(IpOpt.IP_MINTTL, IpSockopt::setMinTtl, sk -> sk.minTtl);
        number(IpOpt.IP_MULTICAST_TTL, IpSockopt::setMulticastTtl, sk -> sk.mcTtl);
        number(IpOpt.IP_MTU_DISCOVER, IpSockopt::setMtuDiscover, sk -> sk.pmtudisc);
        number(IpOpt.IP_TOS, IpSockopt::setTos, sk -> sk.tos);
        number(IpOpt.IP_LOCAL_PORT_RANGE, IpSockopt::setPortRange, sk -> sk.localPortRange);
        number(
                IpOpt.IP_UNICAST_IF,
                IpSockopt::setUnicastIf,
                sk -> Integer.reverseBytes(sk.ucIndex));
        number(IpOpt.IP_MTU, (sk, val, len) -> -Errno.ENOPROTOOPT, IpSockopt::getMtu);
        number(IpOpt.IP_PROTOCOL, (sk, val, len) -> -Errno.ENOPROTOOPT, sk -> sk.num);
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
        Setter set =
                (sk, val, len) -> {
                    want(sk, bit, val != 0);
                    return 0;
                };
        number(name, set, sk -> (sk.cmsgFlags & bit) != 0 ? 1 : 0);
    }

    private static void want(InetSock sk, int bit, boolean on) {
        sk.cmsgFlags = on ? sk.cmsgFlags | bit : sk.cmsgFlags & ~bit;
    }

    // ---- checks
    // ------------------------------------------------------------------------------------

    private static int given(InetSock sk, int val, int len) {
        return len < 1 ? -Errno.EINVAL : 0;
    }

    private static int raw(InetSock sk, int val, int len) {
        return sk.type == SocketType.SOCK_RAW ? 0 : -Errno.ENOPROTOOPT;
    }

    private static int bit(InetSock sk, int val, int len) {
        return len < 1 || (val != 0 && val != 1) ? -Errno.EINVAL : 0;
    }

    private static int privileged(InetSock sk, int val, int len) {
        if (val != 0 && sk.uid != 0) {
            return -Errno.EPERM;
        }
        return len < 1 ? -Errno.EINVAL : 0;
    }

    // ---- single options
    // ----------------------------------------------------------------------------

    private static int setRecverr(InetSock sk, int val, int len) {
        sk.recverr = val != 0;
        if (val == 0) {
            IpError.purge(sk);
        }
        return 0;
    }

    private static int setTtl(InetSock sk, int val, int len) {
        if (len < 1 || (val != -1 && (val < 1 || val > 255))) {
            return -Errno.EINVAL;
        }
        sk.ucTtl = val;
        return 0;
    }

    private static int getTtl(InetSock sk) {
        return sk.ucTtl < 0 ? sk.net.sysctl.get(IpSysctls.DEFAULT_TTL) : sk.ucTtl;
    }

    private static int setMinTtl(InetSock sk, int val, int len) {
        if (len < 1 || val < 0 || val > 255) {
            return -Errno.EINVAL;
        }
        sk.minTtl = val;
        return 0;
    }

    private static int setMulticastTtl(InetSock sk, int val, int len) {
        int ttl = val == -1 ? 1 : val;
        if (sk.type == SocketType.SOCK_STREAM || len < 1 || ttl < 0 || ttl > 255) {
            return -Errno.EINVAL;
        }
        sk.mcTtl = ttl;
        return 0;
    }

    @Kernel("ip_sock_set_mtu_discover")
    private static int setMtuDiscover(InetSock sk, int val, int len) {
        if (val < IpOpt.IP_PMTUDISC_DONT || val > IpOpt.IP_PMTUDISC_OMIT) {
            return -Errno.EINVAL;
        }
        sk.pmtudisc = val;
        return 0;
    }

    /// The ECN bits of a stream belong to its congestion control.
    @Kernel({"ip_sock_set_tos", "__ip_sock_set_tos"})
    private static int setTos(InetSock sk, int val, int len) {
        int tos = val;
        if (sk.type == SocketType.SOCK_STREAM) {
            tos = val & ~ECN_MASK | sk.tos & ECN_MASK;
        }
        if (sk.tos != tos) {
            sk.tos = tos & 0xFF;
            sk.priority = IpForward.priority(tos);
            sk.dst = null;
        }
        return 0;
    }

    private static int setPortRange(InetSock sk, int val, int len) {
        int low = val & 0xFFFF;
        int high = val >>> 16;
        if (len != 4 || (low != 0 && high != 0 && low > high)) {
            return -Errno.EINVAL;
        }
        sk.localPortRange = val;
        return 0;
    }

    private static int setUnicastIf(InetSock sk, int val, int len) {
        if (len != 4) {
            return -Errno.EINVAL;
        }
        int ifindex = Integer.reverseBytes(val); // it comes in network order
        if (ifindex != 0) {
            if (sk.net.devices.byIndex(ifindex) == null) {
                return -Errno.EADDRNOTAVAIL;
            }
            if (sk.boundDevIf != 0 && sk.boundDevIf != ifindex) {
                return -Errno.EINVAL;
            }
        }
        sk.ucIndex = ifindex;
        return 0;
    }

    /// The path MTU of a connected socket.
    private static int getMtu(InetSock sk) {
        DstEntry dst = sk.dst;
        int mtu = dst == null ? 0 : dst.mtu();
        return mtu == 0 ? -Errno.ENOTCONN : mtu;
    }
}
