package dev.linnet.syscall;

import dev.linnet.fs.File;
import dev.linnet.fs.IovIter;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.EpollEvent;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.PollFd;
import dev.linnet.uapi.SockAddr;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The calls of the numeric entry: structures decoded from the process's memory, then the same code
/// as the typed calls.
final class NumericCalls {
    private static final byte[] NOTHING = {};
    private static final int IOV_MAX = 1024;
    private static final int OPTION_MAX = 1 << 16;
    private static final int PATH_MAX = 4096;

    private NumericCalls() {}

    static Map<String, SyscallTable.Handler> handlers() {
        Map<String, SyscallTable.Handler> h = new HashMap<>();
        h.put("socket", (t, mm, r) -> SocketCalls.socket(t, (int) r[0], (int) r[1], (int) r[2]));
        h.put("bind", (t, mm, r) -> bind(t, mm, r));
        h.put("connect", (t, mm, r) -> connect(t, mm, r));
        h.put("listen", (t, mm, r) -> SocketCalls.listen(t, (int) r[0], (int) r[1]));
        h.put("accept", (t, mm, r) -> accept(t, mm, r, 0));
        h.put("accept4", (t, mm, r) -> accept(t, mm, r, (int) r[3]));
        h.put("getsockname", (t, mm, r) -> getname(t, mm, r, false));
        h.put("getpeername", (t, mm, r) -> getname(t, mm, r, true));
        h.put("socketpair", (t, mm, r) -> socketpair(t, mm, r));
        h.put("shutdown", (t, mm, r) -> SocketCalls.shutdown(t, (int) r[0], (int) r[1]));
        h.put("setsockopt", (t, mm, r) -> setsockopt(t, mm, r));
        h.put("getsockopt", (t, mm, r) -> getsockopt(t, mm, r));
        h.put("sendto", (t, mm, r) -> sendto(t, mm, r));
        h.put("recvfrom", (t, mm, r) -> recvfrom(t, mm, r));
        h.put("sendmsg", (t, mm, r) -> NumericMsg.sendmsg(t, mm, (int) r[0], r[1], (int) r[2]));
        h.put("recvmsg", (t, mm, r) -> NumericMsg.recvmsg(t, mm, (int) r[0], r[1], (int) r[2]));
        h.put("read", (t, mm, r) -> read(t, mm, r));
        h.put("write", (t, mm, r) -> write(t, mm, r));
        h.put("readv", (t, mm, r) -> readv(t, mm, r, true));
        h.put("writev", (t, mm, r) -> readv(t, mm, r, false));
        h.put("open", (t, mm, r) -> open(t, mm, r[0], (int) r[1]));
        h.put("openat", (t, mm, r) -> openat(t, mm, r));
        h.put("lseek", (t, mm, r) -> lseek(t, r));
        h.put("close", (t, mm, r) -> t.files.close((int) r[0]));
        h.put("close_range", (t, mm, r) -> closeRange(t, r));
        h.put("dup", (t, mm, r) -> t.files.dup((int) r[0], 0, false));
        h.put("dup2", (t, mm, r) -> FileCalls.dup2(t, (int) r[0], (int) r[1]));
        h.put("dup3", (t, mm, r) -> dup3(t, r));
        h.put("fcntl", (t, mm, r) -> FileCalls.fcntl(t, (int) r[0], (int) r[1], (int) r[2]));
        h.put("ioctl", (t, mm, r) -> ioctl(t, mm, r));
        h.put("pipe", (t, mm, r) -> pipe(t, mm, r[0], 0));
        h.put("pipe2", (t, mm, r) -> pipe(t, mm, r[0], (int) r[1]));
        h.put("sendfile", (t, mm, r) -> sendfile(t, mm, r));
        h.put("splice", (t, mm, r) -> splice(t, r));
        h.put("poll", (t, mm, r) -> poll(t, mm, r));
        h.put("epoll_create", (t, mm, r) -> epollCreate(t, r));
        h.put("epoll_create1", (t, mm, r) -> EpollCalls.create1(t, (int) r[0]));
        h.put("epoll_ctl", (t, mm, r) -> epollCtl(t, mm, r));
        h.put("epoll_wait", (t, mm, r) -> epollWait(t, mm, r));
        return h;
    }

    // ---- addresses
    // -----------------------------------------------------------------------------------

    /// Reads a `struct sockaddr`: null and `-EINVAL`, `-EFAULT` in `err[0]` (`move_addr_to_kernel`).
    static @Nullable SockAddr address(UserSpace mm, long ptr, int length, int[] err) {
        if (length < 0 || length > SockAddr.STORAGE_SIZE) {
            err[0] = -Errno.EINVAL;
            return null;
        }
        byte[] raw = mm.read(ptr, length);
        if (raw == null && length > 0) {
            err[0] = -Errno.EFAULT;
            return null;
        }
        return SockAddr.decode(raw == null ? new byte[0] : raw, 0, length);
    }

    /// Writes an address and its true length (`move_addr_to_user`); 0 or `-errno`.
    static int putAddress(UserSpace mm, SockAddr address, long ptr, long lengthPtr) {
        byte[] room = mm.read(lengthPtr, 4);
        if (room == null) {
            return -Errno.EFAULT;
        }
        int offered = Abi.getInt(room, 0);
        if (offered < 0) {
            return -Errno.EINVAL;
        }
        byte[] raw = new byte[SockAddr.STORAGE_SIZE];
        int length = address.encode(raw, 0);
        if (!mm.write(ptr, raw, Math.min(length, offered)) && Math.min(length, offered) > 0) {
            return -Errno.EFAULT;
        }
        Abi.putInt(room, 0, length);
        return mm.write(lengthPtr, room, 4) ? 0 : -Errno.EFAULT;
    }

    private static long bind(TaskStruct t, UserSpace mm, long[] r) {
        int[] err = new int[1];
        SockAddr addr = address(mm, r[1], (int) r[2], err);
        return addr == null ? orBadFd(t, r[0], err[0]) : SocketCalls.bind(t, (int) r[0], addr);
    }

    private static long connect(TaskStruct t, UserSpace mm, long[] r) {
        int[] err = new int[1];
        SockAddr addr = address(mm, r[1], (int) r[2], err);
        return addr == null ? orBadFd(t, r[0], err[0]) : SocketCalls.connect(t, (int) r[0], addr);
    }

    /// The descriptor is looked at before the pointers.
    private static long orBadFd(TaskStruct t, long fd, long otherwise) {
        File file = t.files.get((int) fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        file.put();
        return otherwise;
    }

    private static long accept(TaskStruct t, UserSpace mm, long[] r, int flags) {
        if (r[1] == 0) {
            return SocketCalls.accept4(t, (int) r[0], flags, null);
        }
        SockAddr[] peer = new SockAddr[1];
        int fd = SocketCalls.accept4(t, (int) r[0], flags, peer);
        if (fd < 0) {
            return fd;
        }
        int err = putAddress(mm, peer[0], r[1], r[2]);
        if (err < 0) {
            t.files.close(fd);
            return err;
        }
        return fd;
    }

    private static long getname(TaskStruct t, UserSpace mm, long[] r, boolean peer) {
        SockAddr[] out = new SockAddr[1];
        int err = SocketCalls.getname(t, (int) r[0], peer, out);
        return err < 0 ? err : putAddress(mm, out[0], r[1], r[2]);
    }

    private static long socketpair(TaskStruct t, UserSpace mm, long[] r) {
        int[] fds = new int[2];
        int err = SocketCalls.socketpair(t, (int) r[0], (int) r[1], (int) r[2], fds);
        return err < 0 ? err : putPair(t, mm, r[3], fds);
    }

    private static long putPair(TaskStruct t, UserSpace mm, long ptr, int[] fds) {
        byte[] raw = new byte[8];
        Abi.putInt(raw, 0, fds[0]);
        Abi.putInt(raw, 4, fds[1]);
        if (mm.write(ptr, raw, raw.length)) {
            return 0;
        }
        t.files.close(fds[0]);
        t.files.close(fds[1]);
        return -Errno.EFAULT;
    }

    // ---- options
    // -------------------------------------------------------------------------------------

    private static long setsockopt(TaskStruct t, UserSpace mm, long[] r) {
        int length = (int) r[4];
        if (length < 0) {
            return orBadFd(t, r[0], -Errno.EINVAL);
        }
        byte[] value = length == 0 ? new byte[0] : mm.read(r[3], Math.min(length, OPTION_MAX));
        return value == null
                ? orBadFd(t, r[0], -Errno.EFAULT)
                : SocketCalls.setsockopt(t, (int) r[0], (int) r[1], (int) r[2], value);
    }

    private static long getsockopt(TaskStruct t, UserSpace mm, long[] r) {
        byte[] room = mm.read(r[4], 4);
        if (room == null) {
            return orBadFd(t, r[0], -Errno.EFAULT);
        }
        int offered = Abi.getInt(room, 0);
        if (offered < 0) {
            return orBadFd(t, r[0], -Errno.EINVAL);
        }
        byte[] value = mm.read(r[3], Math.min(offered, OPTION_MAX));
        if (value == null) {
            return orBadFd(t, r[0], -Errno.EFAULT);
        }
        int n = SocketCalls.getsockopt(t, (int) r[0], (int) r[1], (int) r[2], value);
        if (n < 0) {
            return n;
        }
        mm.write(r[3], value, n);
        Abi.putInt(room, 0, n);
        mm.write(r[4], room, 4);
        return 0;
    }

    // ---- data
    // ----------------------------------------------------------------------------------------

    /// One user buffer, as far as its memory is good.
    static void iter(UserSpace mm, long ptr, long length, IovIter iter) {
        ByteBuffer all = mm.slice(ptr, length);
        if (all != null) {
            iter.set(all);
            return;
        }
        long good = Math.min(mm.accessible(ptr), length);
        ByteBuffer part = good > 0 ? mm.slice(ptr, good) : ByteBuffer.wrap(NOTHING);
        iter.set(part == null ? ByteBuffer.wrap(NOTHING) : part).faultAt(good, length);
    }

    private static long sendto(TaskStruct t, UserSpace mm, long[] r) {
        MsgHdr msg = new MsgHdr();
        iter(mm, r[1], r[2], msg.iter);
        if (r[4] != 0) {
            int[] err = new int[1];
            SockAddr to = address(mm, r[4], (int) r[5], err);
            if (to == null) {
                return orBadFd(t, r[0], err[0]);
            }
            msg.name = to;
        }
        return SocketCalls.sendmsg(t, (int) r[0], msg, (int) r[3]);
    }

    private static long recvfrom(TaskStruct t, UserSpace mm, long[] r) {
        MsgHdr msg = new MsgHdr();
        iter(mm, r[1], r[2], msg.iter);
        int n = SocketCalls.recvmsg(t, (int) r[0], msg, (int) r[3]);
        if (n >= 0 && r[4] != 0 && msg.name != null) {
            int err = putAddress(mm, msg.name, r[4], r[5]);
            return err < 0 ? err : n;
        }
        return n;
    }

    private static long read(TaskStruct t, UserSpace mm, long[] r) {
        IovIter iter = new IovIter();
        iter(mm, r[1], r[2], iter);
        return FileCalls.read(t, (int) r[0], iter);
    }

    private static long write(TaskStruct t, UserSpace mm, long[] r) {
        IovIter iter = new IovIter();
        iter(mm, r[1], r[2], iter);
        return FileCalls.write(t, (int) r[0], iter);
    }

    private static long readv(TaskStruct t, UserSpace mm, long[] r, boolean in) {
        IovIter iter = new IovIter();
        int err = NumericMsg.iov(mm, r[1], r[2], IOV_MAX, iter);
        if (err < 0) {
            return orBadFd(t, r[0], err);
        }
        return in ? FileCalls.read(t, (int) r[0], iter) : FileCalls.write(t, (int) r[0], iter);
    }

    private static long open(TaskStruct t, UserSpace mm, long ptr, int flags) {
        int[] err = new int[1];
        String path = path(mm, ptr, err);
        return path == null ? err[0] : FileCalls.open(t, path, flags);
    }

    /// Only from the process's own directory; no descriptor here is one of a directory.
    private static long openat(TaskStruct t, UserSpace mm, long[] r) {
        int[] err = new int[1];
        String path = path(mm, r[1], err);
        if (path == null) {
            return err[0];
        }
        if ((int) r[0] != Fcntl.AT_FDCWD && !path.startsWith("/")) {
            return orBadFd(t, r[0], -Errno.ENOTDIR);
        }
        return FileCalls.open(t, path, (int) r[2]);
    }

    /// Reads a name: null and `-EFAULT`, `-ENAMETOOLONG` in `err[0]` (`getname`).
    private static @Nullable String path(UserSpace mm, long ptr, int[] err) {
        int room = (int) Math.min(mm.accessible(ptr), PATH_MAX);
        byte[] raw = room == 0 ? null : mm.read(ptr, room);
        for (int i = 0; raw != null && i < room; i++) {
            if (raw[i] == 0) {
                return new String(raw, 0, i, StandardCharsets.UTF_8);
            }
        }
        err[0] = room == PATH_MAX ? -Errno.ENAMETOOLONG : -Errno.EFAULT;
        return null;
    }

    private static long lseek(TaskStruct t, long[] r) {
        File file = t.files.get((int) r[0]);
        if (file == null) {
            return -Errno.EBADF;
        }
        try {
            synchronized (file.posLock) {
                return file.ops.llseek(file, r[1], (int) r[2]);
            }
        } finally {
            file.put();
        }
    }

    private static long sendfile(TaskStruct t, UserSpace mm, long[] r) {
        if (r[2] == 0) {
            return SendfileCalls.sendfile(t, (int) r[0], (int) r[1], null, r[3]);
        }
        byte[] raw = mm.read(r[2], 8);
        if (raw == null) {
            return -Errno.EFAULT;
        }
        long[] offset = {Abi.getLong(raw, 0)};
        long n = SendfileCalls.sendfile(t, (int) r[0], (int) r[1], offset, r[3]);
        Abi.putLong(raw, 0, offset[0]);
        return mm.write(r[2], raw, 8) ? n : -Errno.EFAULT;
    }

    private static long splice(TaskStruct t, long[] r) {
        if (r[1] != 0 || r[3] != 0) {
            return -Errno.ESPIPE; // pipes and sockets have no positions
        }
        return SpliceCalls.splice(t, (int) r[0], (int) r[2], r[4], (int) r[5]);
    }

    // ---- descriptors
    // ---------------------------------------------------------------------------------

    private static long closeRange(TaskStruct t, long[] r) {
        int flags = (int) r[2];
        if ((flags & ~(2 | 4)) != 0) {
            return -Errno.EINVAL;
        }
        return t.files.closeRange((int) r[0], (int) r[1], (flags & 4) != 0);
    }

    private static long dup3(TaskStruct t, long[] r) {
        int flags = (int) r[2];
        if ((flags & ~Fcntl.O_CLOEXEC) != 0 || r[0] == r[1]) {
            return -Errno.EINVAL;
        }
        return t.files.dup2((int) r[0], (int) r[1], flags != 0);
    }

    private static long ioctl(TaskStruct t, UserSpace mm, long[] r) {
        int room = (int) Math.min(mm.accessible(r[2]), 256);
        byte[] arg = room == 0 ? new byte[0] : mm.read(r[2], room);
        if (arg == null) {
            return -Errno.EFAULT;
        }
        int result = FileCalls.ioctl(t, (int) r[0], (int) r[1], arg);
        if (result >= 0) {
            mm.write(r[2], arg, arg.length);
        }
        return result;
    }

    private static long pipe(TaskStruct t, UserSpace mm, long ptr, int flags) {
        int[] fds = new int[2];
        int err = FileCalls.pipe2(t, fds, flags);
        return err < 0 ? err : putPair(t, mm, ptr, fds);
    }

    // ---- readiness
    // -----------------------------------------------------------------------------------

    private static long poll(TaskStruct t, UserSpace mm, long[] r) {
        int nfds = (int) r[1];
        if (nfds < 0 || nfds > t.files.limit()) {
            return -Errno.EINVAL;
        }
        byte[] raw = nfds == 0 ? new byte[0] : mm.read(r[0], nfds * 8);
        if (raw == null) {
            return -Errno.EFAULT;
        }
        PollFd[] fds = new PollFd[nfds];
        for (int i = 0; i < nfds; i++) {
            fds[i] = new PollFd(Abi.getInt(raw, 8 * i), Abi.getShort(raw, 8 * i + 4));
        }
        int timeout = (int) r[2];
        int n = PollCalls.poll(t, fds, nfds, timeout < 0 ? -1 : timeout * 1_000_000L);
        for (int i = 0; i < nfds && n >= 0; i++) {
            Abi.putShort(raw, 8 * i + 6, fds[i].revents);
        }
        mm.write(r[0], raw, raw.length);
        return n;
    }

    private static long epollCreate(TaskStruct t, long[] r) {
        return (int) r[0] <= 0 ? -Errno.EINVAL : EpollCalls.create1(t, 0);
    }

    private static long epollCtl(TaskStruct t, UserSpace mm, long[] r) {
        byte[] raw = r[3] == 0 ? null : mm.read(r[3], EpollEvent.SIZE);
        EpollEvent event = raw == null ? null : EpollEvent.decode(raw, 0);
        return EpollCalls.ctl(t, (int) r[0], (int) r[1], (int) r[2], event);
    }

    private static long epollWait(TaskStruct t, UserSpace mm, long[] r) {
        int max = (int) r[2];
        if (max <= 0 || max > Integer.MAX_VALUE / EpollEvent.SIZE) {
            return -Errno.EINVAL;
        }
        if (mm.slice(r[1], (long) max * EpollEvent.SIZE) == null) {
            return orBadFd(t, r[0], -Errno.EFAULT);
        }
        EpollEvent[] events = new EpollEvent[max];
        int timeout = (int) r[3];
        long ns = timeout < 0 ? -1 : timeout * 1_000_000L;
        int n = EpollCalls.wait(t, (int) r[0], events, max, ns);
        byte[] raw = new byte[EpollEvent.SIZE];
        for (int i = 0; i < n; i++) {
            events[i].encode(raw, 0);
            mm.write(r[1] + (long) i * EpollEvent.SIZE, raw, raw.length);
        }
        return n;
    }
}
