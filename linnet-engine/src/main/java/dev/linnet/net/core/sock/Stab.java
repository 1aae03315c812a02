package dev.linnet.net.core.sock;

import dev.linnet.hook.SkMsgProgram;
import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.WaitQueueHead;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.PollEvents;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Sockets by number, and a program that sends what one of them writes straight to another
/// (`struct bpf_stab`, a sockmap). Look-ups take no lock.
@Kernel("bpf_stab")
public final class Stab {
    private static final class Lock {}

    /// Guards which sock stands in which maps; taken after a sock's lock.
    static final Object LINKS = new Lock();

    private final AtomicReferenceArray<@Nullable Sock> socks;
    private volatile @Nullable SkMsgProgram program;

    /// @param entries keys are from 0 to one less than this
    public Stab(int entries) {
        socks = new AtomicReferenceArray<>(entries);
    }

    /// What decides about messages; null lets all pass.
    @HotPath
    public @Nullable SkMsgProgram program() {
        return program;
    }

    @Kernel("sock_map_prog_update")
    public void program(@Nullable SkMsgProgram newProgram) {
        program = newProgram;
    }

    /// The sock with a key, or null.
    @Kernel("__sock_map_lookup_elem")
    @HotPath
    public @Nullable Sock lookup(int key) {
        return key >= 0 && key < socks.length() ? socks.get(key) : null;
    }

    /// Puts a sock in, in the place of what was there: 0, `-E2BIG` for a key beyond the map,
    /// `-EOPNOTSUPP` for a sock that cannot be in a map: it must be TCP and established. The sock is
    /// locked.
    @Kernel("sock_map_update_common")
    public int update(int key, Sock sk) {
        if (key < 0 || key >= socks.length()) {
            return -Errno.E2BIG;
        }
        SkPsock psock = sk.psock;
        if (psock == null) {
            psock = new SkPsock(sk.prot);
            int err = sk.prot.psockUpdateProt(sk);
            if (err != 0) {
                return err;
            }
            sk.psock = psock;
        }
        synchronized (LINKS) {
            Sock old = socks.getAndSet(key, sk);
            if (old != null) {
                unlink(old, key);
            }
            psock.links().add(new SkPsock.Link(this, key));
        }
        return 0;
    }

    /// Takes the sock with a key out: 0, or `-EINVAL` if there is none. What was redirected to it can
    /// still be read.
    @Kernel("__sock_map_delete")
    public int delete(int key) {
        synchronized (LINKS) {
            Sock old = key >= 0 && key < socks.length() ? socks.getAndSet(key, null) : null;
            if (old == null) {
                return -Errno.EINVAL;
            }
            unlink(old, key);
            return 0;
        }
    }

    private void unlink(Sock sk, int key) {
        SkPsock psock = sk.psock;
        if (psock != null) {
            psock.links().remove(new SkPsock.Link(this, key));
        }
    }

    /// The sock is closed: it leaves all maps.
    @Kernel("sock_map_close")
    public static void close(Sock sk) {
        SkPsock psock = sk.psock;
        if (psock == null) {
            return;
        }
        synchronized (LINKS) {
            for (SkPsock.Link link : psock.links()) {
                link.map().socks.compareAndSet(link.key(), sk, null);
            }
            psock.links().clear();
        }
        psock.drop();
        WaitQueueHead wq = sk.wq();
        if (wq != null) {
            wq.wakeUpAll(PollEvents.POLLMSG); // senders that wait for room
        }
    }
}
