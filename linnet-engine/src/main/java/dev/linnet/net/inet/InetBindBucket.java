package dev.linnet.net.inet;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.uapi.Af;
import dev.linnet.wire.In6Addr;
import org.jspecify.annotations.Nullable;

/// A local port that is in use (`struct inet_bind_bucket`): who holds it, grouped by local address,
/// and what lets another socket share it without looking at them all.
///
/// Guarded by the port's lock, [InetBindHash#lock(int)].
@Kernel("inet_bind_bucket")
public final class InetBindBucket {

    public final int port;

    /// All owners got the port in `connect` (`fastreuse` and `fastreuseport` of -1).
    boolean connectOnly;

    /// The last owner that was compared with all others has SO_REUSEPORT, and so had they: who has its
    /// uid and an address that it covers may join without being compared again.
    private boolean fastreuseport;

    private int fastuid;
    private long fastAddrHi;
    private long fastAddrLo;
    private int fastFamily;
    private boolean fastIpv6only;

    /// The addresses, linked.
    @Nullable InetBind2Bucket addresses;

    InetBindBucket(int port) {
        this.port = port;
    }

    /// From now on only `connect` hands out this port.
    void markConnectOnly() {
        connectOnly = true;
        fastreuseport = false;
    }

    boolean empty() {
        return addresses == null;
    }

    /// True if the new socket may join by the shortcut of SO_REUSEPORT.
    @Kernel("sk_reuseport_match")
    boolean reuseportMatch(InetSock sk) {
        return fastreuseport && sk.reuseport && fastuid == sk.uid && fastCovers(sk);
    }

    /// True if the address that was compared last is that of `sk`, or stands for it. The other way
    /// round does not count: a wider address may meet owners that the narrower did not.
    private boolean fastCovers(InetSock sk) {
        boolean mapped = In6Addr.isV4Mapped(sk.rcvSaddrHi, sk.rcvSaddrLo);
        boolean equal = fastAddrHi == sk.rcvSaddrHi && fastAddrLo == sk.rcvSaddrLo;
        if (!AddrType.isAny(fastAddrHi, fastAddrLo)) {
            return equal;
        }
        boolean wantsV4 = sk.family == Af.AF_INET || mapped;
        if (fastFamily == Af.AF_INET6 && !In6Addr.isV4Mapped(fastAddrHi, fastAddrLo)) {
            return !(fastIpv6only && wantsV4);
        }
        // The unspecified IPv4 address covers IPv4, and a dual-stack socket has that for its IPv4
        // side.
        return wantsV4 || (equal && !sk.ipv6only);
    }

    /// Takes a new owner into the account of the shortcut, before it is added.
    @Kernel("inet_csk_update_fastreuse")
    void updateFastreuse(InetSock sk) {
        connectOnly = false;
        if (!sk.reuseport) {
            fastreuseport = false;
        } else if (empty() || !reuseportMatch(sk)) {
            fastreuseport = true;
            keepFast(sk);
        }
    }

    private void keepFast(InetSock sk) {
        fastuid = sk.uid;
        fastFamily = sk.family;
        fastIpv6only = sk.ipv6only;
        fastAddrHi = sk.rcvSaddrHi;
        fastAddrLo = sk.rcvSaddrLo;
    }

    /// The group of owners with the address of `sk`, or null (`inet_bind2_bucket_find`).
    @Kernel("inet_bind2_bucket_find")
    @Nullable InetBind2Bucket find(int family, long hi, long lo) {
        for (InetBind2Bucket b = addresses; b != null; b = b.next) {
            if (b.matches(family, hi, lo)) {
                return b;
            }
        }
        return null;
    }

    InetBind2Bucket findOrCreate(int family, long hi, long lo) {
        InetBind2Bucket b = find(family, hi, lo);
        if (b == null) {
            b = new InetBind2Bucket(this, family, hi, lo);
            b.next = addresses;
            addresses = b;
        }
        return b;
    }

    void unlink(InetBind2Bucket gone) {
        if (addresses == gone) {
            addresses = gone.next;
            return;
        }
        InetBind2Bucket b = addresses;
        while (b != null && b.next != gone) {
            b = b.next;
        }
        if (b != null) {
            b.next = gone.next;
        }
    }

    /// After an owner left: if all who remain got the port in `connect`, others may again.
    @Kernel("inet_bind_bucket_destroy")
    void refreshAfterRemoval() {
        if (connectOnly) {
            return;
        }
        for (InetBind2Bucket b = addresses; b != null; b = b.next) {
            if (b.explicitOwners > 0) {
                return;
            }
        }
        markConnectOnly();
    }
}
