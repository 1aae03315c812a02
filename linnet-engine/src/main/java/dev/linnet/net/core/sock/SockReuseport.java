package dev.linnet.net.core.sock;

import dev.linnet.hook.ReuseportProgram;
import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.filter.BpfProgram;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.uapi.Errno;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Sockets that share an address and port through SO_REUSEPORT (`struct sock_reuseport`): which of
/// them gets a flow is decided by a program, or by the flow's hash.
///
/// Readers take no lock: the members are an immutable array. Changes hold this object's monitor.
@Kernel("sock_reuseport")
public final class SockReuseport {
    /// Chooses a member by its number; any other number leaves it to the hash.
    @FunctionalInterface
    private interface Selector {
        /// @param headerLen bytes of the transport header, at which the packet's data begins
        int select(SkBuff skb, int headerLen, int hash, int members);
    }

    private volatile Sock[] socks;
    private volatile @Nullable Selector program;

    private SockReuseport(Sock first) {
        socks = new Sock[] {first};
    }

    /// Makes a group of which `sk` is the first member, unless it is in one.
    @Kernel("reuseport_alloc")
    public static void alloc(Sock sk) {
        if (sk.reuseportCb == null) {
            sk.reuseportCb = new SockReuseport(sk);
        }
    }

    /// Takes a sock in; a group of its own, made for its program before it was bound, is given up.
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

    /// Takes a listener out of its group, which it remembers: what waits at it may move to another
    /// member.
    @Kernel("reuseport_stop_listen_sock")
    public static void stopListening(Sock sk) {
        sk.reuseportLeft = sk.reuseportCb;
        detach(sk);
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

    // ---- the program
    // -------------------------------------------------------------------------------

    /// Gives the sock's group a program (`SO_ATTACH_REUSEPORT_EBPF`): 0, or `-EINVAL` for a sock
    /// without SO_REUSEPORT or one that was bound without it. Sock locked.
    public static int attach(Sock sk, ReuseportProgram chooser) {
        return attach(
                sk,
                (skb, headerLen, hash, members) ->
                        chooser.select(ReuseportContext.of(skb, sk.protocol, hash, members)));
    }

    /// The same with a classic BPF program, which sees the packet from its payload on
    /// (`SO_ATTACH_REUSEPORT_CBPF`). `-EINVAL` also for what is no program.
    public static int attach(Sock sk, byte[] instructions) {
        BpfProgram chooser = BpfProgram.of(instructions);
        if (chooser == null) {
            return -Errno.EINVAL;
        }
        return attach(
                sk,
                (skb, headerLen, hash, members) -> {
                    if (!skb.mayPull(headerLen)) {
                        return -1;
                    }
                    skb.pull(headerLen);
                    int index = chooser.run(skb);
                    skb.push(headerLen);
                    return index;
                });
    }

    @Kernel("reuseport_attach_prog")
    private static int attach(Sock sk, Selector selector) {
        if (!sk.prot.hashed(sk) && sk.reuseport) {
            alloc(sk);
        }
        SockReuseport group = sk.reuseportCb;
        if (group == null) {
            return -Errno.EINVAL;
        }
        group.program = selector;
        return 0;
    }

    /// Takes the group's program away: 0, `-ENOENT` if there is none, `-EINVAL` without SO_REUSEPORT.
    /// Sock locked.
    @Kernel("reuseport_detach_prog")
    public static int detachProgram(Sock sk) {
        SockReuseport group = sk.reuseportCb;
        if (group == null) {
            return sk.reuseport ? -Errno.ENOENT : -Errno.EINVAL;
        }
        boolean there = group.program != null;
        group.program = null;
        return there ? 0 : -Errno.ENOENT;
    }

    // ---- choosing
    // ----------------------------------------------------------------------------------

    /// The member of the group of `sk` for a packet of a flow with this hash; `sk` itself if it is in
    /// none.
    ///
    /// @param skb at its transport header, or null where there is no packet to look at
    /// @param headerLen bytes of that header
    @Kernel("reuseport_select_sock")
    @HotPath
    public static Sock select(Sock sk, int hash, @Nullable SkBuff skb, int headerLen) {
        SockReuseport group = sk.reuseportCb;
        Sock[] members = group == null ? null : group.socks;
        if (group == null || members == null || members.length == 0) {
            return sk;
        }
        Selector chooser = group.program;
        if (chooser != null && skb != null) {
            int index = chooser.select(skb, headerLen, hash, members.length);
            if (index >= 0 && index < members.length) {
                return members[index];
            }
        }
        return byHash(members, hash);
    }

    @Kernel("reuseport_select_sock_by_hash")
    @HotPath
    private static Sock byHash(Sock[] members, int hash) {
        return members[(int) ((hash & 0xFFFFFFFFL) * members.length >>> 32)];
    }

    /// True for a listener that has closed and may have an heir.
    public static boolean hasLeft(Sock sk) {
        return sk.reuseportLeft != null;
    }

    /// Another member of the group that a listener has left, for what waits there; null if nobody is
    /// left, or it was in none.
    @Kernel("reuseport_migrate_sock")
    public static @Nullable Sock migrate(Sock leaving, int hash) {
        SockReuseport group = leaving.reuseportLeft;
        Sock[] members = group == null ? null : group.socks;
        return members == null || members.length == 0 ? null : byHash(members, hash);
    }
}
