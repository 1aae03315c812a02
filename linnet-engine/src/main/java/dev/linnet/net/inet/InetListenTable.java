package dev.linnet.net.inet;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.net.core.sock.SockReuseport;
import dev.linnet.uapi.Af;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Tcp;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// The listening hash (`lhash2`): listeners by local port and address, the unspecified address being
/// one of the addresses.
///
/// Readers take no lock: a bucket is an immutable array. Writers hold this object's monitor.
@Kernel("inet_listen_hashbucket")
public final class InetListenTable {
    private static final int SIZE = 256;
    private static final InetConnectionSock[] EMPTY = {};

    private final AtomicReferenceArray<InetConnectionSock[]> buckets =
            new AtomicReferenceArray<>(SIZE);

    /// Adds a listener; with SO_REUSEPORT it joins the group of its address and port.
    @Kernel({"__inet_hash", "inet_hash2"})
    synchronized void add(InetConnectionSock sk) {
        int b = bucketOf(sk);
        InetConnectionSock[] old = bucket(b);
        if (sk.reuseport) {
            InetReuseport.join(sk, old);
        }
        InetConnectionSock[] next = new InetConnectionSock[old.length + 1];
        // The newest is found first, but an IPv6 listener of a group comes after IPv4's.
        boolean last = sk.reuseport && sk.family == Af.AF_INET6;
        System.arraycopy(old, 0, next, last ? 0 : 1, old.length);
        next[last ? old.length : 0] = sk;
        buckets.set(b, next);
    }

    /// Takes a listener out; false if it was not in.
    @Kernel("inet_unhash")
    synchronized boolean remove(InetConnectionSock sk) {
        int b = bucketOf(sk);
        InetConnectionSock[] old = bucket(b);
        int at = 0;
        while (at < old.length && old[at] != sk) {
            at++;
        }
        if (at == old.length) {
            return false;
        }
        InetConnectionSock[] next = new InetConnectionSock[old.length - 1];
        System.arraycopy(old, 0, next, 0, at);
        System.arraycopy(old, at + 1, next, at, next.length - at);
        buckets.set(b, next);
        if (sk.net.sysctl.get(TcpSysctls.MIGRATE_REQ)) {
            SockReuseport.stopListening(sk);
        } else {
            SockReuseport.detach(sk);
        }
        return true;
    }

    /// The listener for a packet, or null: one bound to the address, else one bound to any.
    ///
    /// @param skb at its transport header, for the programs of groups; null if there is none
    @Kernel({"__inet_lookup_listener", "inet6_lookup_listener"})
    @HotPath
    public @Nullable InetConnectionSock lookup(
            long saddrHi,
            long saddrLo,
            int sport,
            long daddrHi,
            long daddrLo,
            int dport,
            int dif,
            @Nullable SkBuff skb) {
        boolean v4 = In6Addr.isV4Mapped(daddrHi, daddrLo);
        InetConnectionSock best =
                best(bucket(index(daddrHi, daddrLo, dport)), daddrHi, daddrLo, dport, dif, v4);
        if (best == null) {
            best = best(bucket(index(0, 0, dport)), 0, 0, dport, dif, v4);
        }
        if (best == null || !best.reuseport) {
            return best;
        }
        int hash = flowHash(saddrHi, saddrLo, sport, daddrHi, daddrLo, dport);
        int headerLen = skb == null ? 0 : Tcp.headerBytes(skb.buf, skb.transportHeader);
        return (InetConnectionSock) SockReuseport.select(best, hash, skb, headerLen);
    }

    @Kernel({"inet_lhash2_lookup", "inet6_lhash2_lookup"})
    @HotPath
    private static @Nullable InetConnectionSock best(
            InetConnectionSock[] bucket, long hi, long lo, int port, int dif, boolean v4) {
        InetConnectionSock best = null;
        int bestScore = 0;
        for (InetConnectionSock sk : bucket) {
            int score = score(sk, hi, lo, port, dif, v4);
            if (score > bestScore) {
                bestScore = score;
                best = sk;
            }
        }
        return best;
    }

    /// 0 for a listener that does not fit; a bound interface and the packet's own family count.
    @Kernel("compute_score")
    @HotPath
    private static int score(
            InetConnectionSock sk, long hi, long lo, int port, int dif, boolean v4) {
        if (sk.num != port || !addressFits(sk, hi, lo)) {
            return 0;
        }
        if (v4 ? sk.family != Af.AF_INET && sk.ipv6only : !takesV6(sk)) {
            return 0;
        }
        int bound = sk.boundDevIf;
        if (bound != 0 && bound != dif) {
            return 0;
        }
        int score = bound != 0 ? 2 : 1;
        return v4 && sk.family == Af.AF_INET ? score + 1 : score;
    }

    /// A mapped `0.0.0.0` is for IPv4 alone.
    @HotPath
    private static boolean takesV6(InetConnectionSock sk) {
        return sk.family == Af.AF_INET6 && !In6Addr.isV4Mapped(sk.rcvSaddrHi, sk.rcvSaddrLo);
    }

    @HotPath
    private static boolean addressFits(InetConnectionSock sk, long hi, long lo) {
        return hi == 0 && lo == 0
                ? AddrType.isAny(sk.rcvSaddrHi, sk.rcvSaddrLo)
                : sk.rcvSaddrLo == lo && sk.rcvSaddrHi == hi;
    }

    @HotPath
    private static int flowHash(
            long saddrHi, long saddrLo, int sport, long daddrHi, long daddrLo, int dport) {
        long x = ((long) sport << 16 | dport) * 0x9E3779B97F4A7C15L;
        x = (x ^ x >>> 29 ^ saddrLo ^ saddrHi) * 0xBF58476D1CE4E5B9L;
        x = (x ^ x >>> 32 ^ daddrLo ^ daddrHi) * 0x94D049BB133111EBL;
        return (int) (x >>> 32);
    }

    @HotPath
    @Kernel("inet_sk_listen_hashfn")
    private static int index(long hi, long lo, int port) {
        int addr = (int) (hi ^ hi >>> 32 ^ lo ^ lo >>> 32);
        int x = (addr * 0x9E3779B1 ^ port) * 0x85EBCA6B;
        return x >>> 24;
    }

    private static int bucketOf(InetConnectionSock sk) {
        return AddrType.isAny(sk.rcvSaddrHi, sk.rcvSaddrLo)
                ? index(0, 0, sk.num)
                : index(sk.rcvSaddrHi, sk.rcvSaddrLo, sk.num);
    }

    @HotPath
    private InetConnectionSock[] bucket(int i) {
        InetConnectionSock[] bucket = buckets.get(i);
        return bucket == null ? EMPTY : bucket;
    }

    /// All listeners, for `ss`.
    public List<InetConnectionSock> all() {
        List<InetConnectionSock> list = new ArrayList<>();
        for (int i = 0; i < SIZE; i++) {
            list.addAll(List.of(bucket(i)));
        }
        return list;
    }
}
