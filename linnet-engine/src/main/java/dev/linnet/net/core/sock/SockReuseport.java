package dev.linnet.net.core.sock;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Sockets that share an address and port through SO_REUSEPORT (`struct sock_reuseport`): which of
/// them gets a flow is decided by the flow's hash.
///
/// Readers take no lock: the members are an immutable array. Changes hold this object's monitor.
@Kernel("sock_reuseport")
public final class SockReuseport {
    private volatile Sock[] socks;

    private SockReuseport(Sock first) {
        socks = new Sock[] {first};
    }

    /// Makes a group of which `sk` is the first member.
    @Kernel("reuseport_alloc")
    public static void alloc(Sock sk) {
        if (sk.reuseportCb == null) {
            sk.reuseportCb = new SockReuseport(sk);
        }
    }

    @Kernel("reuseport_add_sock")
    public void add(Sock sk) {
        synchronized (this) {
            Sock[] old = socks;
            Sock[] next = Arrays.copyOf(old, old.length + 1);
            next[old.length] = sk;
            socks = next;
        }
        sk.reuseportCb = this;
    }

    /// Takes a sock out of its group, if it is in one; the last member takes the vacant place.
    @Kernel("reuseport_detach_sock")
    public static void detach(Sock sk) {
        SockReuseport group = sk.reuseportCb;
        if (group != null) {
            sk.reuseportCb = null;
            group.remove(sk);
        }
    }

    private synchronized void remove(Sock sk) {
        Sock[] old = socks;
        int at = Arrays.asList(old).indexOf(sk);
        if (at >= 0) {
            Sock[] next = Arrays.copyOf(old, old.length - 1);
            if (at < next.length) {
                next[at] = old[old.length - 1];
            }
            socks = next;
        }
    }

    /// The member of the group of `sk` for a flow with this hash; `sk` itself if it is in none.
    @Kernel("reuseport_select_sock")
    @HotPath
    public static Sock select(Sock sk, int hash) {
        SockReuseport group = sk.reuseportCb;
        Sock[] members = group == null ? null : group.socks;
        if (members == null || members.length == 0) {
            return sk;
        }
        return members[(int) ((hash & 0xFFFFFFFFL) * members.length >>> 32)];
    }

    /// Another member of the group, to which what waits at `leaving` may move, or null
    /// (`reuseport_migrate_sock`).
    @Kernel("reuseport_migrate_sock")
    public static @Nullable Sock migrate(@Nullable SockReuseport group, Sock leaving, int hash) {
        Sock[] members = group == null ? null : group.socks;
        if (members == null || members.length == 0) {
            return null;
        }
        Sock chosen = members[(int) ((hash & 0xFFFFFFFFL) * members.length >>> 32)];
        return chosen == leaving ? null : chosen;
    }
}
