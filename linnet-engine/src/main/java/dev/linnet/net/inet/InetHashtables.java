package dev.linnet.net.inet;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.Pernet;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.net.core.sock.SockCommon;
import dev.linnet.uapi.TcpState;
import org.jspecify.annotations.Nullable;

/// The tables in which TCP finds the socket of a segment (`struct inet_hashinfo`), one set per
/// namespace: established connections first, then listeners.
@Kernel("inet_hashinfo")
public final class InetHashtables {
    public static final Pernet<InetHashtables> OF = new Pernet<>(InetHashtables::new);

    public final InetEhash ehash;
    public final InetListenTable listeners;

    private InetHashtables(NetNamespace net) {
        ehash = new InetEhash(net.random.fork().nextLong());
        listeners = new InetListenTable();
    }

    /// Whatever a segment from `(saddr, sport)` to `(daddr, dport)` is for, or null.
    ///
    /// @param dif interface that it came in on
    /// @param skb the segment itself at its TCP header, null if there is none
    @Kernel({"__inet_lookup", "__inet6_lookup"})
    @HotPath
    public @Nullable SockCommon lookup(
            long saddrHi,
            long saddrLo,
            int sport,
            long daddrHi,
            long daddrLo,
            int dport,
            int dif,
            @Nullable SkBuff skb) {
        SockCommon sk = ehash.lookup(daddrHi, daddrLo, dport, saddrHi, saddrLo, sport, dif);
        return sk != null
                ? sk
                : listeners.lookup(saddrHi, saddrLo, sport, daddrHi, daddrLo, dport, dif, skb);
    }

    /// Makes a sock findable: a listener in the listening hash, a connection in the established one
    /// (`inet_hash`, `inet_ehash_nolisten`). Sock locked.
    @Kernel({"inet_hash", "__inet_hash", "inet_ehash_nolisten"})
    public static void hash(InetConnectionSock sk) {
        InetHashtables tables = OF.of(sk.net);
        if (sk.state == TcpState.TCP_CLOSE) {
            return;
        }
        if (sk.state == TcpState.TCP_LISTEN) {
            tables.listeners.add(sk);
        } else if (!sk.hashed) {
            tables.ehash.insert(sk, null);
        }
    }

    /// Takes a sock out of the table in which it stands, if any (`inet_unhash`).
    @Kernel("inet_unhash")
    public static void unhash(InetConnectionSock sk) {
        InetHashtables tables = OF.of(sk.net);
        if (!tables.listeners.remove(sk)) {
            tables.ehash.remove(sk);
        }
    }
}
