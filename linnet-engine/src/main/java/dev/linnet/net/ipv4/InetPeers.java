package dev.linnet.net.ipv4;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.IpSysctls;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.Pernet;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a namespace remembers of hosts that it need not have a connection with, by address: limits of
/// messages to them, disorder of their fragments (`net/ipv4/inetpeer.c`). The ones not used for
/// longest are forgotten when there are more than `inet_peer_threshold`.
public final class InetPeers {
    public static final Pernet<InetPeers> OF = new Pernet<>(InetPeers::new);

    private record Address(long hi, long lo) {}

    /// A host (`struct inet_peer`).
    public static final class Peer {
        /// How many messages may go out at once, in units of the limit's time.
        private static final int XRLIM_BURST_FACTOR = 6;

        private static final long LONG_AGO_JIFFIES = 60_000;

        private long rateTokens;
        private long rateLast;
        private int rid;
        int redirects;
        long lastRedirect;

        private Peer(long now) {
            rateLast = now - LONG_AGO_JIFFIES;
        }

        /// Takes a token of this host's bucket, into which one falls every `timeout` jiffies; false if
        /// it is empty (`inet_peer_xrlim_allow`).
        @Kernel("inet_peer_xrlim_allow")
        public synchronized boolean xrlimAllow(long now, int timeout) {
            long tokens = rateTokens;
            if (now != rateLast) {
                tokens += now - rateLast;
                tokens = Math.min(tokens, (long) XRLIM_BURST_FACTOR * timeout);
                rateLast = now;
            }
            boolean allowed = tokens >= timeout;
            rateTokens = allowed ? tokens - timeout : tokens;
            return allowed;
        }

        /// The same for errors about packets without a route, whose price is given.
        synchronized boolean errorAllow(long now, int cost, int burst) {
            rateTokens = Math.min(rateTokens + (now - rateLast), burst);
            rateLast = now;
            boolean allowed = rateTokens >= cost;
            rateTokens -= allowed ? cost : 0;
            return allowed;
        }

        /// Counts a fragment of this host and returns its number (`inet_peer.rid`).
        synchronized int nextRid() {
            return ++rid;
        }
    }

    private final NetNamespace net;
    private final Map<Address, Peer> peers = new LinkedHashMap<>(16, 0.75f, true);

    private InetPeers(NetNamespace net) {
        this.net = net;
    }

    /// The entry of a host, made if there is none.
    @Kernel("inet_getpeer")
    public synchronized Peer get(long hi, long lo) {
        Peer peer = peers.computeIfAbsent(new Address(hi, lo), a -> new Peer(now()));
        int most = Math.max(1, net.sysctl.get(IpSysctls.INET_PEER_THRESHOLD));
        while (peers.size() > most) {
            peers.remove(peers.keySet().iterator().next());
        }
        return peer;
    }

    private long now() {
        return net.clock.jiffies();
    }
}
