package dev.linnet.net.inet;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.sock.InetTimewaitSock;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.net.core.sock.SockCommon;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The established hash (`ehash`): connections, requests of SYN queues and TIME-WAIT remains of one
/// namespace, found by their quadruple.
///
/// The table is cut into [#STRIPES] small tables, each with its own monitor for writers and its own
/// growth. Readers take no lock: see [EhashStripe]. Insertion, replacement and the check for
/// duplicates are atomic.
@Kernel("inet_hashinfo")
public final class InetEhash {
    static final int STRIPE_BITS = 7;
    static final int STRIPES = 1 << STRIPE_BITS;

    private final EhashStripe[] stripes = new EhashStripe[STRIPES];
    private final long secret;

    /// @param secret key of the hash, so that a peer cannot fill one bucket
    @Kernel("inet_ehash_locks_alloc")
    public InetEhash(long secret) {
        this.secret = secret;
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new EhashStripe();
        }
    }

    /// The hash of a quadruple as the local end sees it.
    @Kernel({"inet_ehashfn", "inet6_ehashfn"})
    @HotPath
    public int hash(long laddrHi, long laddrLo, int lport, long faddrHi, long faddrLo, int fport) {
        long x = secret ^ ((long) lport << 16 | fport);
        x = mix(x + laddrHi * 0x9E3779B97F4A7C15L ^ faddrHi);
        x = mix(x + laddrLo);
        x = mix(x ^ faddrLo);
        return (int) (x ^ x >>> 32);
    }

    @HotPath
    private static long mix(long v) {
        long x = v * 0xBF58476D1CE4E5B9L;
        return x ^ x >>> 29;
    }

    /// The entry for a packet from `(faddr, fport)` to `(laddr, lport)` that came in on interface
    /// `dif`, or null.
    @Kernel({"__inet_lookup_established", "__inet6_lookup_established"})
    @HotPath
    public @Nullable SockCommon lookup(
            long laddrHi, long laddrLo, int lport, long faddrHi, long faddrLo, int fport, int dif) {
        int hash = hash(laddrHi, laddrLo, lport, faddrHi, faddrLo, fport);
        return stripe(hash).find(hash, laddrHi, laddrLo, lport, faddrHi, faddrLo, fport, dif);
    }

    /// Inserts an entry whose quadruple is complete, in the place of `osk` if that is given: false,
    /// and nothing inserted, if `osk` was not in the table any more.
    @Kernel("inet_ehash_insert")
    public boolean insert(SockCommon sk, @Nullable SockCommon osk) {
        sk.hash = hashOf(sk);
        EhashStripe stripe = stripe(sk.hash);
        synchronized (stripe) {
            if (osk != null && !osk.hashed) {
                return false;
            }
            stripe.add(sk);
            if (osk != null) {
                stripe.remove(osk);
            }
            return true;
        }
    }

    /// Inserts an entry unless its quadruple is taken: null if it was inserted, else the one that is
    /// there (`found_dup_sk`).
    @Kernel("inet_ehash_insert")
    public @Nullable SockCommon insertUnlessFound(SockCommon sk) {
        sk.hash = hashOf(sk);
        EhashStripe stripe = stripe(sk.hash);
        synchronized (stripe) {
            SockCommon found = findSame(stripe, sk);
            if (found == null) {
                stripe.add(sk);
            }
            return found;
        }
    }

    /// Inserts a connecting sock whose `num` is to be `lport`, if that quadruple is free or held by a
    /// TIME-WAIT remain that the protocol lets go.
    ///
    /// @param auto the port was chosen by the stack, so that another one can be tried
    /// @param reused gets in `[0]` the remain whose place was taken, to be unbound by the caller
    /// @return false if the quadruple is taken; `num` is unchanged then
    @Kernel({"__inet_check_established", "__inet6_check_established"})
    public boolean insertConnecting(
            Sock sk, int lport, boolean auto, @Nullable InetTimewaitSock[] reused) {
        int before = sk.num;
        sk.num = lport;
        sk.hash = hashOf(sk);
        EhashStripe stripe = stripe(sk.hash);
        synchronized (stripe) {
            SockCommon found = findSame(stripe, sk);
            if (found instanceof InetTimewaitSock tw && sk.prot.twskUnique(sk, tw, auto)) {
                reused[0] = tw;
                stripe.remove(tw);
                found = null;
            }
            if (found != null) {
                sk.num = before;
                return false;
            }
            stripe.add(sk);
            return true;
        }
    }

    @Kernel("inet_ehash_lookup_by_sk")
    private static @Nullable SockCommon findSame(EhashStripe stripe, SockCommon sk) {
        return stripe.walk(
                sk.hash,
                sk.rcvSaddrHi,
                sk.rcvSaddrLo,
                sk.num,
                sk.daddrHi,
                sk.daddrLo,
                sk.dport,
                sk.boundDevIf);
    }

    /// Takes an entry out; false if it was not in.
    @Kernel("sk_nulls_del_node_init_rcu")
    public boolean remove(SockCommon sk) {
        EhashStripe stripe = stripe(sk.hash);
        synchronized (stripe) {
            if (!sk.hashed) {
                return false;
            }
            stripe.remove(sk);
            return true;
        }
    }

    /// Calls `visitor` for every entry that is in the table at the moment of the call, stripe by
    /// stripe, without holding a lock while it runs. For `ss` and its like.
    public void forEach(Consumer<SockCommon> visitor) {
        for (EhashStripe stripe : stripes) {
            stripe.snapshot().forEach(visitor);
        }
    }

    /// Entries in the table.
    public int size() {
        int sum = 0;
        for (EhashStripe stripe : stripes) {
            sum += stripe.size();
        }
        return sum;
    }

    @HotPath
    @Kernel({"inet_ehash_bucket", "inet_ehash_lockp"})
    private EhashStripe stripe(int hash) {
        return stripes[hash & STRIPES - 1];
    }

    @Kernel("sk_ehashfn")
    private int hashOf(SockCommon sk) {
        return hash(sk.rcvSaddrHi, sk.rcvSaddrLo, sk.num, sk.daddrHi, sk.daddrLo, sk.dport);
    }
}
