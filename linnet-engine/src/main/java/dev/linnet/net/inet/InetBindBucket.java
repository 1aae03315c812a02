package dev.linnet.net.inet;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.sock.InetSock;
import org.jspecify.annotations.Nullable;

/// A local port that is in use (`struct inet_bind_bucket`): who holds it, grouped by local address,
/// and what lets another socket share it without looking at them all.
///
/// Guarded by the port's lock, [InetBindHash#lock(int)].
@Kernel("inet_bind_bucket")
public final class InetBindBucket {
    /// [#fastreuse], [#fastreuseport]: all owners got the port in `connect`.
    public static final int CONNECT_ONLY = -1;

    /// [#fastreuseport]: all owners have SO_REUSEPORT and one uid, whatever their addresses.
    static final int FASTREUSEPORT_ANY = 1;

    /// [#fastreuseport]: the same, but only of owners with the address kept here is that known.
    static final int FASTREUSEPORT_STRICT = 2;

    public final int port;

    /// Greater than 0 if all owners allow reuse and none listens, see [#CONNECT_ONLY].
    int fastreuse;

    int fastreuseport;
    int fastuid;
    private long fastAddrHi;
    private long fastAddrLo;
    private int fastFamily;
    private boolean fastIpv6only;

    /// The addresses, linked.
    @Nullable InetBind2Bucket addresses;

    InetBindBucket(int port) {
        this.port = port;
    }

    /// True if only `connect` handed out this port, so it may do so again.
    boolean connectOnly() {
        return fastreuse < 0 && fastreuseport < 0;
    }

    void markConnectOnly() {
        fastreuse = CONNECT_ONLY;
        fastreuseport = CONNECT_ONLY;
    }

    boolean empty() {
        return addresses == null;
    }

    /// True if the new socket and all owners allow SO_REUSEPORT, as far as the shortcut knows.
    @Kernel("sk_reuseport_match")
    boolean reuseportMatch(InetSock sk) {
        if (fastreuseport <= 0 || !sk.reuseport || fastuid != sk.uid) {
            return false;
        }
        return fastreuseport == FASTREUSEPORT_ANY || fastAddrEquals(sk);
    }

    private boolean fastAddrEquals(InetSock sk) {
        return fastFamily == sk.family
                && fastIpv6only == sk.ipv6only
                && fastAddrHi == sk.rcvSaddrHi
                && fastAddrLo == sk.rcvSaddrLo;
    }

    /// Takes a new owner into the account of the shortcuts, before it is added.
    @Kernel("inet_csk_update_fastreuse")
    void updateFastreuse(InetSock sk, boolean reuse) {
        if (empty()) {
            fastreuse = reuse ? 1 : 0;
            fastreuseport = sk.reuseport ? FASTREUSEPORT_ANY : 0;
            keepFast(sk);
            return;
        }
        if (!reuse) {
            fastreuse = 0;
        }
        if (!sk.reuseport) {
            fastreuseport = 0;
        } else if (!reuseportMatch(sk)) {
            // The earlier owners were compared with this one by the full rules, so from now on the
            // shortcut holds for sockets that equal this one.
            fastreuseport = FASTREUSEPORT_STRICT;
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
        if (connectOnly()) {
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
