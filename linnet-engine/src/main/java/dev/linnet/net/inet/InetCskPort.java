package dev.linnet.net.inet;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.IpSysctls;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.uapi.Errno;

/// Gives a stream socket its local port: the one the user names, or a free one
/// (`net/ipv4/inet_connection_sock.c`).
public final class InetCskPort {
    private InetCskPort() {}

    /// Binds `sk`, whose address is set and whose lock is held: 0 or `-EADDRINUSE`. A sock that owns
    /// the port already (`listen` asks again) keeps it.
    ///
    /// @param port 0 for any
    @Kernel("inet_csk_get_port")
    public static int getPort(InetConnectionSock sk, int port) {
        boolean bound = port == 0 ? bindAny(sk) : bindGiven(sk, port);
        return bound ? 0 : -Errno.EADDRINUSE;
    }

    private static boolean bindGiven(InetConnectionSock sk, int port) {
        InetBindHash bhash = InetBindHash.OF.of(sk.net);
        synchronized (bhash.lock(port)) {
            InetBindBucket tb = bhash.find(port);
            if (tb == null) {
                tb = bhash.create(port);
            } else if (!tb.reuseportMatch(sk) && InetBindConflict.conflict(sk, tb, true, true)) {
                return false;
            }
            own(bhash, sk, tb);
            return true;
        }
    }

    private static void own(InetBindHash bhash, InetConnectionSock sk, InetBindBucket tb) {
        tb.updateFastreuse(sk);
        if (sk.bindBucket == null) {
            bhash.bind(sk, tb);
        }
    }

    /// With `ip_autobind_reuse` a second search accepts ports whose owners allow reuse.
    private static boolean bindAny(InetConnectionSock sk) {
        return findOpenPort(sk, false)
                || (sk.net.sysctl.get(IpSysctls.AUTOBIND_REUSE) && findOpenPort(sk, true));
    }

    /// A socket with SO_REUSEADDR tries the lower half of the range first, so that the upper half
    /// stays for others.
    @Kernel("inet_csk_find_open_port")
    private static boolean findOpenPort(InetConnectionSock sk, boolean relax) {
        InetPortRange range = InetPortRange.of(sk);
        int low = range.low();
        int high = range.high() + 1;
        if (!sk.reuse || high - low < 4) {
            return scan(sk, low, high, relax);
        }
        int half = low + (high - low >> 2 << 1);
        return scan(sk, low, half, relax) || scan(sk, half, high, relax);
    }

    /// Tries the ports `low` to `high - 1` from a random one on, those of odd distance from `low`
    /// first: `connect` begins with the others.
    private static boolean scan(InetConnectionSock sk, int low, int high, boolean relax) {
        int remaining = high - low;
        if (remaining > 1) {
            remaining &= ~1;
        }
        int offset = sk.net.random.below(remaining) | 1;
        return scanParity(sk, low, high, offset, remaining, relax)
                || scanParity(sk, low, high, offset - 1, remaining, relax);
    }

    private static boolean scanParity(
            InetConnectionSock sk, int low, int high, int offset, int remaining, boolean relax) {
        int port = low + offset;
        for (int i = 0; i < remaining; i += 2, port += 2) {
            if (port >= high) {
                port -= remaining;
            }
            if (!reserved(sk.net, port) && tryPort(sk, port, relax)) {
                return true;
            }
        }
        return false;
    }

    private static boolean tryPort(InetConnectionSock sk, int port, boolean relax) {
        InetBindHash bhash = InetBindHash.OF.of(sk.net);
        synchronized (bhash.lock(port)) {
            InetBindBucket tb = bhash.find(port);
            if (tb == null) {
                tb = bhash.create(port);
            } else if (InetBindConflict.conflict(sk, tb, relax, false)) {
                return false;
            }
            own(bhash, sk, tb);
            return true;
        }
    }

    @Kernel("inet_is_local_reserved_port")
    public static boolean reserved(NetNamespace net, int port) {
        return net.sysctl.get(IpSysctls.LOCAL_RESERVED_PORTS, port);
    }
}
