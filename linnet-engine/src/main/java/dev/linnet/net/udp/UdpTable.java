package dev.linnet.net.udp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.Pernet;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.SockReuseport;
import dev.linnet.net.inet.AddrType;
import dev.linnet.net.inet.InetBindConflict;
import dev.linnet.net.inet.InetCskPort;
import dev.linnet.net.inet.InetPortRange;
import dev.linnet.net.inet.InetReuseport;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.TcpState;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Udp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// The UDP sockets of a namespace by local port (`struct udp_table`). Look-ups take no lock: the
/// sockets of a bucket stand in an array that a change replaces.
public final class UdpTable {
    public static final Pernet<UdpTable> OF = new Pernet<>(UdpTable::new);

    private static final int BUCKETS = 1024;
    private static final UdpSock[] EMPTY = {};

    private final NetNamespace net;
    private final AtomicReferenceArray<UdpSock @Nullable []> buckets =
            new AtomicReferenceArray<>(BUCKETS);

    private UdpTable(NetNamespace net) {
        this.net = net;
    }

    private static int index(int port) {
        return port & (BUCKETS - 1);
    }

    private UdpSock[] bucket(int port) {
        UdpSock[] socks = buckets.get(index(port));
        return socks == null ? EMPTY : socks;
    }

    // ---- binding
    // ----------------------------------------------------------------------------------

    /// Binds a sock to a port (0: a free one) and makes it findable: 0 or `-EADDRINUSE`
    /// (`udp_lib_get_port`).
    @Kernel("udp_lib_get_port")
    int getPort(UdpSock sk, int port) {
        synchronized (this) {
            int chosen = port != 0 ? port : freePort(sk);
            if (chosen == 0 || (port != 0 && inUse(sk, port))) {
                return -Errno.EADDRINUSE;
            }
            sk.num = chosen;
            if (!sk.inTable) {
                add(sk);
            }
            return 0;
        }
    }

    private int freePort(UdpSock sk) {
        InetPortRange range = InetPortRange.of(sk);
        int low = range.low();
        int count = range.high() - low + 1;
        if (count <= 0) {
            return 0;
        }
        int start = net.random.below(count);
        for (int i = 0; i < count; i++) {
            int port = low + (start + i) % count;
            if (!InetCskPort.reserved(net, port) && !inUse(sk, port)) {
                return port;
            }
        }
        return 0;
    }

    /// Looks at the others from the newest on and ends at the first that shares through SO_REUSEPORT:
    /// whoever came before that one is not asked.
    @Kernel("udp_lib_lport_inuse")
    private boolean inUse(UdpSock sk, int port) {
        UdpSock[] bucket = bucket(port);
        for (int i = bucket.length - 1; i >= 0; i--) {
            UdpSock other = bucket[i];
            if (other != sk && other.num == port && meets(sk, other)) {
                return !(sk.reuseport && other.reuseport && sk.uid == other.uid);
            }
        }
        return false;
    }

    private static boolean meets(UdpSock sk, UdpSock other) {
        return (!other.reuse || !sk.reuse)
                && (other.boundDevIf == 0
                        || sk.boundDevIf == 0
                        || other.boundDevIf == sk.boundDevIf)
                && InetBindConflict.rcvSaddrOverlap(sk, other);
    }

    /// Can the sock receive IPv4 packets.
    private static boolean overlapV4(UdpSock sk) {
        if (sk.family == Af.AF_INET) {
            return true;
        }
        boolean any = In6Addr.isUnspecified(sk.rcvSaddrHi, sk.rcvSaddrLo);
        return !sk.ipv6only && (any || In6Addr.isV4Mapped(sk.rcvSaddrHi, sk.rcvSaddrLo));
    }

    /// Can it receive IPv6 packets.
    private static boolean overlapV6(UdpSock sk) {
        return sk.family == Af.AF_INET6 && !In6Addr.isV4Mapped(sk.rcvSaddrHi, sk.rcvSaddrLo);
    }

    private void add(UdpSock sk) {
        UdpSock[] old = bucket(sk.num);
        if (sk.reuseport) {
            InetReuseport.join(sk, old);
        }
        UdpSock[] now = Arrays.copyOf(old, old.length + 1);
        now[old.length] = sk;
        buckets.set(index(sk.num), now);
        sk.inTable = true;
    }

    /// Takes a sock out (`udp_lib_unhash`).
    @Kernel("udp_lib_unhash")
    synchronized void remove(UdpSock sk) {
        if (!sk.inTable) {
            return;
        }
        UdpSock[] old = bucket(sk.num);
        UdpSock[] now = Arrays.stream(old).filter(other -> other != sk).toArray(UdpSock[]::new);
        buckets.set(index(sk.num), now);
        sk.inTable = false;
        SockReuseport.detach(sk);
    }

    // ---- finding
    // -----------------------------------------------------------------------------------

    /// The socket for a unicast datagram, or null: the one that is bound most exactly, of several the
    /// newest; among a
    /// `SO_REUSEPORT` group by its program or the hash of the flow (`__udp4_lib_lookup`,
    /// `__udp6_lib_lookup`).
    ///
    /// @param skb at its UDP header, null if there is no datagram to look at
    @Kernel({"__udp4_lib_lookup", "__udp6_lib_lookup"})
    @HotPath
    public @Nullable UdpSock lookup(
            long saddrHi,
            long saddrLo,
            int sport,
            long daddrHi,
            long daddrLo,
            int dport,
            int iif,
            @Nullable SkBuff skb) {
        UdpSock best = null;
        int bestScore = -1;
        UdpSock[] socks = bucket(dport);
        for (int i = socks.length - 1; i >= 0; i--) {
            UdpSock sk = socks[i];
            int score = score(sk, saddrHi, saddrLo, sport, daddrHi, daddrLo, dport, iif);
            if (score > bestScore) {
                bestScore = score;
                best = sk;
            }
        }
        if (best == null || !best.reuseport || best.state == TcpState.TCP_ESTABLISHED) {
            return best;
        }
        int hash = hash(saddrLo ^ saddrHi, sport, daddrLo ^ daddrHi, dport);
        UdpSock chosen = (UdpSock) SockReuseport.select(best, hash, skb, Udp.HEADER_BYTES);
        // A member that has a peer of its own gets nothing of others.
        int score = score(chosen, saddrHi, saddrLo, sport, daddrHi, daddrLo, dport, iif);
        return score == bestScore ? chosen : best;
    }

    private static int hash(long a, int sport, long b, int dport) {
        long h = a * 0x9E3779B97F4A7C15L ^ b * 0xC2B2AE3D27D4EB4FL ^ ((long) sport << 16 | dport);
        h = (h ^ (h >>> 29)) * 0xBF58476D1CE4E5B9L;
        return (int) (h >>> 32);
    }

    /// How exactly a sock matches, or -1 (`compute_score`).
    @Kernel("compute_score")
    @HotPath
    private static int score(
            UdpSock sk,
            long saddrHi,
            long saddrLo,
            int sport,
            long daddrHi,
            long daddrLo,
            int dport,
            int iif) {
        boolean v4 = In6Addr.isV4Mapped(daddrHi, daddrLo);
        if (sk.num != dport || !(v4 ? overlapV4(sk) : overlapV6(sk))) {
            return -1;
        }
        int score = v4 && sk.family == Af.AF_INET ? 2 : 1;
        if (!AddrType.isAny(sk.rcvSaddrHi, sk.rcvSaddrLo)) {
            if (sk.rcvSaddrHi != daddrHi || sk.rcvSaddrLo != daddrLo) {
                return -1;
            }
            score += 4;
        }
        if (!AddrType.isAny(sk.daddrHi, sk.daddrLo)) {
            if (sk.daddrHi != saddrHi || sk.daddrLo != saddrLo) {
                return -1;
            }
            score += 4;
        }
        if (sk.dport != 0) {
            if (sk.dport != sport) {
                return -1;
            }
            score += 4;
        }
        if (sk.boundDevIf != 0) {
            if (sk.boundDevIf != iif) {
                return -1;
            }
            score += 4;
        }
        return score;
    }

    /// All sockets that want a multicast or broadcast datagram.
    List<UdpSock> matches(
            long saddrHi, long saddrLo, int sport, long daddrHi, long daddrLo, int dport, int iif) {
        List<UdpSock> found = new ArrayList<>();
        for (UdpSock sk : bucket(dport)) {
            if (score(sk, saddrHi, saddrLo, sport, daddrHi, daddrLo, dport, iif) >= 0) {
                found.add(sk);
            }
        }
        return found;
    }

    /// Every socket, for `ss` and `/proc/net/udp`.
    public List<UdpSock> all() {
        List<UdpSock> list = new ArrayList<>();
        for (int i = 0; i < BUCKETS; i++) {
            UdpSock[] socks = buckets.get(i);
            if (socks != null) {
                list.addAll(Arrays.asList(socks));
            }
        }
        return list;
    }
}
