package dev.linnet.net.inet;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.Pernet;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.net.core.sock.InetTimewaitSock;
import dev.linnet.net.core.sock.SockCommon;
import dev.linnet.uapi.Errno;
import org.jspecify.annotations.Nullable;

/// The local ports in use in one namespace (`bhash`), a table with a place for each of the 65536.
///
/// Each port has a lock, shared with others: [#lock(int)]. It is taken after a sock's lock and before
/// a stripe of the established hash.
@Kernel("inet_bind_hashbucket")
public final class InetBindHash {
    public static final Pernet<InetBindHash> OF = new Pernet<>(net -> new InetBindHash());

    private static final int LOCKS = 64;

    private static final class Lock {}

    private final @Nullable InetBindBucket[] @Nullable [] pages = new InetBindBucket[256][];
    private final Lock[] locks = new Lock[LOCKS];

    InetBindHash() {
        for (int i = 0; i < LOCKS; i++) {
            locks[i] = new Lock();
        }
    }

    /// The monitor that guards a port.
    public Object lock(int port) {
        // Ports of one page share a lock only with each other, so the page needs no lock of its
        // own.
        return locks[port >> 8 & LOCKS - 1];
    }

    /// The bucket of a port in use, or null; the port's lock is held.
    @Kernel("inet_bind_bucket_match")
    public @Nullable InetBindBucket find(int port) {
        @Nullable InetBindBucket[] page = pages[port >> 8];
        return page == null ? null : page[port & 0xFF];
    }

    /// A bucket for a port that has none; the port's lock is held.
    @Kernel("inet_bind_bucket_create")
    InetBindBucket create(int port) {
        @Nullable InetBindBucket[] page = pages[port >> 8];
        if (page == null) {
            page = new InetBindBucket[256];
            pages[port >> 8] = page;
        }
        InetBindBucket tb = new InetBindBucket(port);
        page[port & 0xFF] = tb;
        return tb;
    }

    @Kernel("inet_bind_bucket_destroy")
    private void destroyIfEmpty(InetBindBucket tb) {
        @Nullable InetBindBucket[] page = pages[tb.port >> 8];
        if (tb.empty() && page != null && page[tb.port & 0xFF] == tb) {
            page[tb.port & 0xFF] = null;
        }
    }

    /// Makes a sock an owner of the port; the port's lock is held and `tb` is its bucket.
    @Kernel("inet_bind_hash")
    void bind(InetConnectionSock sk, InetBindBucket tb) {
        sk.num = tb.port;
        InetBind2Bucket tb2 = tb.findOrCreate(sk.family, sk.rcvSaddrHi, sk.rcvSaddrLo);
        tb2.add(sk);
        sk.bindBucket = tb2;
    }

    /// Ends a sock's ownership of its port, if it has one; its `num` becomes 0.
    @Kernel("inet_put_port")
    public void putPort(InetConnectionSock sk) {
        int port = sk.num;
        synchronized (lock(port)) {
            if (sk.bindBucket instanceof InetBind2Bucket tb2) {
                sk.bindBucket = null;
                sk.num = 0;
                leave(tb2, sk);
            }
        }
    }

    private void leave(InetBind2Bucket tb2, SockCommon sk) {
        tb2.remove(sk);
        sk.connectBind = false;
        tb2.port.refreshAfterRemoval();
        destroyIfEmpty(tb2.port);
    }

    /// Lets a connection's child own the port of its listener; false if the listener has lost it.
    @Kernel("__inet_inherit_port")
    public boolean inheritPort(InetConnectionSock listener, InetConnectionSock child) {
        synchronized (lock(child.num)) {
            if (!(listener.bindBucket instanceof InetBind2Bucket tb2)) {
                return false;
            }
            InetBindBucket tb = tb2.port;
            if (tb.port != child.num) {
                // Transparent proxying: the connection's port is not the listener's.
                InetBindBucket other = find(child.num);
                tb = other != null ? other : create(child.num);
            }
            bind(child, tb);
            return true;
        }
    }

    /// The local address of a bound sock changes: it moves to the group of the new one. The sock's
    /// lock is held. 0, or `-EINVAL` if the sock is not bound.
    @Kernel({"inet_bhash2_update_saddr", "inet_bhash2_reset_saddr"})
    public int updateSaddr(InetConnectionSock sk, long hi, long lo) {
        if (sk.bindBucket == null) {
            sk.rcvSaddrHi = hi;
            sk.rcvSaddrLo = lo;
            return 0;
        }
        synchronized (lock(sk.num)) {
            if (!(sk.bindBucket instanceof InetBind2Bucket tb2)) {
                return -Errno.EINVAL;
            }
            InetBind2Bucket to = tb2.port.findOrCreate(sk.family, hi, lo);
            sk.rcvSaddrHi = hi;
            sk.rcvSaddrLo = lo;
            if (to != tb2) {
                move(sk, tb2, to);
            }
            return 0;
        }
    }

    private static void move(InetConnectionSock sk, InetBind2Bucket from, InetBind2Bucket to) {
        from.remove(sk);
        to.add(sk);
        sk.bindBucket = to;
    }

    /// TIME-WAIT takes over the ownership of a closing sock.
    @Kernel("inet_twsk_add_bind_node")
    void handOver(InetConnectionSock sk, InetTimewaitSock tw) {
        synchronized (lock(sk.num)) {
            if (sk.bindBucket instanceof InetBind2Bucket tb2) {
                tb2.replace(sk, tw);
                tw.bindBucket = tb2;
                sk.bindBucket = null;
            }
        }
    }

    /// Ends the ownership of a TIME-WAIT remain.
    @Kernel("inet_twsk_bind_unhash")
    void unbind(InetTimewaitSock tw) {
        synchronized (lock(tw.num)) {
            if (tw.bindBucket instanceof InetBind2Bucket tb2) {
                tw.bindBucket = null;
                leave(tb2, tw);
            }
        }
    }
}
