package dev.linnet.net.unix;

import dev.linnet.fs.CurrentTask;
import dev.linnet.fs.Inode;
import dev.linnet.fs.Namei;
import dev.linnet.fs.Nameidata;
import dev.linnet.fs.VfsPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SockAddrUn;
import dev.linnet.uapi.Stat;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Names: giving them and finding who has one.
final class UnixBind {
    /// What a socket's file may, before the umask.
    private static final int MODE = 0777;

    private UnixBind() {}

    /// The address if it is one of this family with a name, else null: `EINVAL`.
    @Kernel("unix_validate_addr")
    static @Nullable SockAddrUn validate(SockAddr addr) {
        return addr instanceof SockAddrUn un && !un.name().isEmpty() ? un : null;
    }

    /// `bind`: an address without a name asks for any abstract one.
    @Kernel("unix_bind")
    static int bind(UnixSock sk, SockAddr addr) {
        if (addr instanceof SockAddrUn un && un.name().isEmpty()) {
            return autobind(sk);
        }
        SockAddrUn name = validate(addr);
        if (name == null) {
            return -Errno.EINVAL;
        }
        if (!name.isAbstract()) {
            return bindPath(sk, name);
        }
        synchronized (sk.bindLock) {
            return sk.addr != null ? -Errno.EINVAL : UnixTable.OF.of(sk.net).bind(sk, name);
        }
    }

    /// Gives an abstract name to a socket that has none: 0 or `-ENOSPC`.
    @Kernel("unix_autobind")
    static int autobind(UnixSock sk) {
        synchronized (sk.bindLock) {
            return sk.addr != null ? 0 : UnixTable.OF.of(sk.net).autobind(sk);
        }
    }

    /// The peer of a socket that wants to know its senders must be able to name it.
    static int autobindIfPassing(UnixSock sk) {
        int passing = Sock.SCM_RECV_CREDENTIALS | Sock.SCM_RECV_PIDFD | Sock.SCM_RECV_SECURITY;
        return (sk.scmRecvFlags & passing) != 0 && sk.addr == null ? autobind(sk) : 0;
    }

    /// Makes the file first: a name that exists is `EADDRINUSE` even for a socket that has a name. A
    /// file that was made in vain is removed.
    @Kernel("unix_bind_bsd")
    private static int bindPath(UnixSock sk, SockAddrUn name) {
        CurrentTask task = CurrentTask.get();
        if (task == null) {
            return -Errno.EINVAL;
        }
        int[] err = new int[1];
        VfsPath place =
                Namei.makeNode(task.fs(), task.cred(), text(name), Stat.S_IFSOCK | MODE, err);
        if (place == null) {
            return err[0] == -Errno.EEXIST ? -Errno.EADDRINUSE : err[0];
        }
        synchronized (sk.bindLock) {
            if (sk.addr == null) {
                sk.path = place;
                place.inode().attached = sk;
                sk.addr = name;
                return 0;
            }
        }
        Namei.unlink(new Nameidata(task.fs(), task.cred()), text(name));
        return -Errno.EINVAL;
    }

    /// The socket that a name belongs to, or null with `-errno` in `result[0]`: `ECONNREFUSED` if
    /// there is none, and for a path what the walk says, `EACCES` without the right to write,
    /// `EPROTOTYPE` for another type.
    @Kernel("unix_find_other")
    static @Nullable UnixSock find(UnixSock sk, SockAddrUn name, int[] result) {
        if (!name.isAbstract()) {
            return findPath(sk, name, result);
        }
        UnixSock found = UnixTable.OF.of(sk.net).find(sk.type, name);
        result[0] = found == null ? -Errno.ECONNREFUSED : 0;
        return found;
    }

    @Kernel("unix_find_bsd")
    private static @Nullable UnixSock findPath(UnixSock sk, SockAddrUn name, int[] result) {
        CurrentTask task = CurrentTask.get();
        if (task == null) {
            result[0] = -Errno.EINVAL;
            return null;
        }
        VfsPath place = Namei.find(task.fs(), task.cred(), text(name), result);
        if (place == null) {
            return null;
        }
        Inode inode = place.inode();
        result[0] = inode.permission(Inode.MAY_WRITE, task.cred());
        if (result[0] < 0) {
            return null;
        }
        boolean socket = inode.kind() == Stat.S_IFSOCK;
        if (!socket || !(inode.attached instanceof UnixSock found)) {
            result[0] = -Errno.ECONNREFUSED;
            return null;
        }
        if (found.type != sk.type) {
            result[0] = -Errno.EPROTOTYPE;
            return null;
        }
        return found;
    }

    /// A path as the file system spells it; the bytes of an address are kept one by one.
    private static String text(SockAddrUn name) {
        return new String(
                name.name().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
