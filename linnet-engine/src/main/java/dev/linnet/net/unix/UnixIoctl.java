package dev.linnet.net.unix;

import dev.linnet.fs.CurrentTask;
import dev.linnet.fs.Openat;
import dev.linnet.fs.VfsPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.socket.IfreqIoctl;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Ioctl;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.TcpState;

/// `ioctl`.
final class UnixIoctl {
    private UnixIoctl() {}

    /// What the family knows, then what the interfaces do.
    @Kernel("unix_ioctl")
    static int ioctl(UnixSock sk, int cmd, byte[] arg) {
        if (cmd == Ioctl.SIOCUNIXFILE) {
            return openFile(sk);
        }
        int value =
                switch (cmd) {
                    case Ioctl.SIOCOUTQ -> sk.wmemAlloc();
                    case Ioctl.SIOCINQ -> inq(sk);
                    case Ioctl.SIOCATMARK -> atMark(sk);
                    default -> -Errno.ENOIOCTLCMD;
                };
        return IfreqIoctl.answer(sk.net, value, cmd, arg);
    }

    /// A descriptor, close-on-exec, for the file that the socket is bound to: `-EPERM`, `-ENOENT`.
    @Kernel("unix_open_file")
    private static int openFile(UnixSock sk) {
        CurrentTask task = CurrentTask.get();
        if (task == null || task.ucred().uid() != 0) {
            return -Errno.EPERM;
        }
        VfsPath place = sk.path;
        if (place == null) {
            return -Errno.ENOENT;
        }
        int fd = task.files().reserve(true);
        if (fd >= 0) {
            task.files().install(fd, Openat.pathFile(place));
        }
        return fd;
    }

    private static int atMark(UnixSock sk) {
        if (sk.type != SocketType.SOCK_STREAM) {
            return -Errno.EOPNOTSUPP;
        }
        return UnixOob.atMark(sk) ? 1 : 0;
    }

    /// Bytes that can be read, of a datagram socket those of the first one; `-EINVAL` of a listener.
    @Kernel("unix_inq_len")
    private static int inq(UnixSock sk) {
        if (sk.state == TcpState.TCP_LISTEN) {
            return -Errno.EINVAL;
        }
        if (sk.type != SocketType.SOCK_DGRAM) {
            return sk.unread();
        }
        synchronized (sk.receiveQueue) {
            SkBuff first = sk.receiveQueue.peek();
            return first == null ? 0 : first.len;
        }
    }
}
