package dev.linnet.net.inet;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.sock.SockCommon;
import dev.linnet.uapi.Af;
import org.jspecify.annotations.Nullable;

/// The owners of a local port that have one local address (`struct inet_bind2_bucket`).
///
/// The unspecified addresses of the two families are two buckets; an IPv4 address and its mapped
/// form are one. Guarded by the port's lock.
@Kernel("inet_bind2_bucket")
public final class InetBind2Bucket {
    public final InetBindBucket port;
    final boolean any;
    final int anyFamily;
    final long addrHi;
    final long addrLo;
    @Nullable InetBind2Bucket next;
    @Nullable SockCommon owners;

    /// Owners whose port was not chosen by `connect`.
    int explicitOwners;

    InetBind2Bucket(InetBindBucket port, int family, long hi, long lo) {
        this.port = port;
        this.any = AddrType.isAny(hi, lo);
        this.anyFamily = any ? family : Af.AF_UNSPEC;
        this.addrHi = hi;
        this.addrLo = lo;
    }

    boolean matches(int family, long hi, long lo) {
        if (any || AddrType.isAny(hi, lo)) {
            return any && anyFamily == family && AddrType.isAny(hi, lo);
        }
        return addrHi == hi && addrLo == lo;
    }

    @Kernel("sk_add_bind_node")
    void add(SockCommon sk) {
        sk.bindPrev = null;
        sk.bindNext = owners;
        if (owners != null) {
            owners.bindPrev = sk;
        }
        owners = sk;
        if (!sk.connectBind) {
            explicitOwners++;
        }
    }

    @Kernel("__sk_del_bind_node")
    void remove(SockCommon sk) {
        SockCommon before = sk.bindPrev;
        SockCommon after = sk.bindNext;
        if (before == null) {
            owners = after;
        } else {
            before.bindNext = after;
        }
        if (after != null) {
            after.bindPrev = before;
        }
        sk.bindNext = null;
        sk.bindPrev = null;
        if (!sk.connectBind) {
            explicitOwners--;
        }
        if (owners == null) {
            port.unlink(this);
        }
    }

    /// Lets `by` stand in the place of `sk` (TIME-WAIT takes over the port).
    void replace(SockCommon sk, SockCommon by) {
        by.connectBind = sk.connectBind;
        add(by);
        remove(sk);
    }
}
