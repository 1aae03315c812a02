package dev.linnet.net.ipv4;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.core.sock.IpcmCookie;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.IpOpt;
import dev.linnet.uapi.SocketType;
import dev.linnet.wire.Bytes;
import org.jspecify.annotations.Nullable;

/// What the socket layer and the transports need of IPv4: the options of level `SOL_IP` and their
/// control messages (`net/ipv4/ip_sockglue.c`).
public final class IpSockglue {
    private IpSockglue() {}

    // ---- options
    // -------------------------------------------------------------------------------------

    /// Sets an option from a C structure's bytes: 0, `-ENOPROTOOPT` for an unknown one, `-EINVAL`
    /// and what else Linux says. Takes the sock's lock.
    @Kernel({"ip_setsockopt", "do_ip_setsockopt"})
    public static int setsockopt(InetSock sk, int name, byte[] value) {
        sk.lock.lock();
        try {
            IpSockopt.Row row = IpSockopt.row(name);
            return row != null
                    ? row.set().set(sk, number(value), value.length)
                    : setStructure(sk, name, value);
        } finally {
            sk.lock.unlock();
        }
    }

    /// A number given as an `int`, one byte, or nothing at all.
    private static int number(byte[] value) {
        if (value.length >= 4) {
            return Abi.getInt(value, 0);
        }
        return value.length > 0 ? Bytes.u8(value, 0) : 0;
    }

    private static int setStructure(InetSock sk, int name, byte[] value) {
        return switch (name) {
            case IpOpt.IP_OPTIONS -> setOptions(sk, value);
            case IpOpt.IP_ROUTER_ALERT -> IpRaChain.control(sk, number(value) != 0);
            case IpOpt.IP_IPSEC_POLICY, IpOpt.IP_XFRM_POLICY ->
                    sk.uid == 0 ? -Errno.ENOPROTOOPT : -Errno.EPERM;
            default -> IpMulticast.setsockopt(sk, name, value);
        };
    }

    /// `IP_OPTIONS`: a connection's segments become shorter by what its options take.
    private static int setOptions(InetSock sk, byte[] value) {
        int[] err = new int[1];
        byte[] options = IpOptions.parseUser(sk.net, value, sk.uid == 0, err);
        if (err[0] != 0) {
            return err[0];
        }
        if (sk instanceof InetConnectionSock icsk) {
            byte[] old = sk.ipOptions;
            icsk.extHdrLen += length(options) - length(old);
            icsk.pmtuCookie = 0; // the MSS is computed anew
        }
        sk.ipOptions = options;
        return 0;
    }

    private static int length(byte @Nullable [] options) {
        return options == null ? 0 : options.length;
    }

    /// Gets an option: the bytes of `value` that are valid, or `-errno`. Takes the sock's lock.
    @Kernel({"ip_getsockopt", "do_ip_getsockopt"})
    public static int getsockopt(InetSock sk, int name, byte[] value) {
        sk.lock.lock();
        try {
            IpSockopt.Row row = IpSockopt.row(name);
            return row != null
                    ? getNumber(row.get().applyAsInt(sk), name, value)
                    : getStructure(sk, name, value);
        } finally {
            sk.lock.unlock();
        }
    }

    /// A number of at most a byte fits a buffer of less than an `int`.
    private static int getNumber(int val, int name, byte[] value) {
        if (val < 0 && name == IpOpt.IP_MTU) {
            return val;
        }
        int len = Math.min(value.length, 4);
        if (len > 0 && len < 4 && val >= 0 && val <= 255) {
            value[0] = (byte) val;
            return 1;
        }
        byte[] raw = new byte[4];
        Abi.putInt(raw, 0, val);
        System.arraycopy(raw, 0, value, 0, len);
        return len;
    }

    private static int getStructure(InetSock sk, int name, byte[] value) {
        switch (name) {
            case IpOpt.IP_OPTIONS -> {
                byte[] options = sk.ipOptions;
                int len = Math.min(value.length, length(options));
                if (options != null) {
                    System.arraycopy(options, 0, value, 0, len);
                }
                return len;
            }
            case IpOpt.IP_ROUTER_ALERT -> {
                return getNumber(IpRaChain.has(sk) ? 1 : 0, name, value);
            }
            case IpOpt.IP_PKTOPTIONS -> {
                return sk.type == SocketType.SOCK_STREAM
                        ? IpCmsg.ofStream(sk, value)
                        : -Errno.ENOPROTOOPT;
            }
            default -> {
                return IpMulticast.getsockopt(sk, name, value);
            }
        }
    }

    /// True if options have a strict source route, whose first hop is on the link.
    @HotPath
    public static boolean isStrictRoute(byte @Nullable [] options) {
        return options != null && IpOptions.hasStrictRoute(options);
    }

    /// The socket is closed: it leaves its groups and hears no router alerts any more.
    public static void dropSocket(InetSock sk) {
        IpMulticast.dropSocket(sk);
        IpRaChain.drop(sk);
    }

    // ---- control messages
    // ------------------------------------------------------------------------------

    /// Takes the control messages of a `sendmsg` into account, those of `SOL_SOCKET` and UDP's too: 0,
    /// or `-EINVAL` for an unknown or malformed one, `-EPERM` (`ip_cmsg_send`).
    @Kernel({"ip_cmsg_send", "udp_cmsg_send"})
    public static int cmsgSend(InetSock sk, MsgHdr msg, IpcmCookie ipc) {
        return IpCmsg.send(sk, msg, ipc);
    }

    /// Adds the control messages of level `SOL_IP` that the user asked for about a received IPv4
    /// packet, whose `networkHeader` and `transportHeader` are set (`ip_cmsg_recv`).
    @Kernel({"ip_cmsg_recv", "ip_cmsg_recv_offset"})
    public static void cmsgRecv(InetSock sk, SkBuff skb, MsgHdr msg) {
        if (sk.cmsgFlags != 0) {
            IpCmsg.recv(sk, skb, msg);
        }
    }
}
