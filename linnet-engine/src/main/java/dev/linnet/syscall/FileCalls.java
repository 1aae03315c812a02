package dev.linnet.syscall;

import dev.linnet.fs.File;
import dev.linnet.fs.HostFile;
import dev.linnet.fs.IovIter;
import dev.linnet.fs.PathLookup;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.socket.SocketFileOps;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.Ioctl;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// The calls on files (`fs/read_write.c`, `fs/fcntl.c`, `fs/ioctl.c`, `fs/pipe.c`).
public final class FileCalls {
    /// Most bytes that one call moves (`MAX_RW_COUNT`).
    private static final int MAX_RW_COUNT = 0x7ffff000;

    private static final int UIO_MAXIOV = 1024;
    private static final ThreadLocal<IovIter> ITER = ThreadLocal.withInitial(IovIter::new);

    private FileCalls() {}

    /// `read`: `-EBADF` unless open for reading.
    @Kernel("ksys_read")
    public static long read(TaskStruct task, int fd, ByteBuffer data) {
        return read(task, fd, ITER.get().set(data));
    }

    /// `readv`: `-EINVAL` for more than 1024 buffers.
    @Kernel("do_readv")
    public static long readv(TaskStruct task, int fd, ByteBuffer[] data) {
        return data.length > UIO_MAXIOV
                ? -Errno.EINVAL
                : read(task, fd, ITER.get().set(data, 0, data.length));
    }

    /// Reads into the buffers of an iterator.
    public static long read(TaskStruct task, int fd, IovIter to) {
        File file = task.files.get(fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        try {
            if (!file.readable()) {
                return -Errno.EBADF;
            }
            to.truncate(MAX_RW_COUNT);
            if (!file.ops.seekable()) {
                return file.ops.read(file, to, 0);
            }
            synchronized (file.posLock) {
                long n = file.ops.read(file, to, file.pos);
                if (n > 0) {
                    file.pos += n;
                }
                return n;
            }
        } finally {
            file.put();
        }
    }

    /// `write`: `-EBADF` unless open for writing.
    @Kernel("ksys_write")
    public static long write(TaskStruct task, int fd, ByteBuffer data) {
        return write(task, fd, ITER.get().set(data));
    }

    /// `writev`: `-EINVAL` for more than 1024 buffers.
    @Kernel("do_writev")
    public static long writev(TaskStruct task, int fd, ByteBuffer[] data) {
        return data.length > UIO_MAXIOV
                ? -Errno.EINVAL
                : write(task, fd, ITER.get().set(data, 0, data.length));
    }

    /// Writes from the buffers of an iterator.
    public static long write(TaskStruct task, int fd, IovIter from) {
        File file = task.files.get(fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        try {
            if (!file.writable()) {
                return -Errno.EBADF;
            }
            from.truncate(MAX_RW_COUNT);
            if (!file.ops.seekable()) {
                return file.ops.write(file, from, 0);
            }
            synchronized (file.posLock) {
                from.kiPos = file.pos;
                long n = file.ops.write(file, from, file.pos);
                if (n > 0) {
                    file.pos = from.kiPos + n;
                }
                return n;
            }
        } finally {
            file.put();
        }
    }

    /// `lseek`: `-ESPIPE` for files without a position.
    @Kernel("ksys_lseek")
    public static long lseek(TaskStruct task, int fd, long offset, int whence) {
        File file = task.files.get(fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        try {
            synchronized (file.posLock) {
                return file.ops.llseek(file, offset, whence);
            }
        } finally {
            file.put();
        }
    }

    /// `ioctl`: those that every file knows, then the file's own; `-ENOTTY` for the unknown.
    @Kernel("do_vfs_ioctl")
    public static int ioctl(TaskStruct task, int fd, int cmd, byte[] arg) {
        File file = task.files.get(fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        try {
            return switch (cmd) {
                case Ioctl.FIOCLEX -> task.files.setCloexec(fd, true);
                case Ioctl.FIONCLEX -> task.files.setCloexec(fd, false);
                case Ioctl.FIONBIO -> {
                    if (arg.length < 4) {
                        yield -Errno.EFAULT;
                    }
                    int on = Abi.getInt(arg, 0) != 0 ? Fcntl.O_NONBLOCK : 0;
                    yield FcntlCalls.setFlags(file, (file.flags & ~Fcntl.O_NONBLOCK) | on);
                }
                case Ioctl.FIOASYNC -> async(file, arg);
                case Ioctl.FIOSETOWN, Ioctl.SIOCSPGRP, Ioctl.FIOGETOWN, Ioctl.SIOCGPGRP ->
                        owner(task, file, cmd, arg);
                default -> {
                    int result = file.ops.ioctl(file, cmd, arg);
                    yield result == -Errno.ENOIOCTLCMD ? -Errno.ENOTTY : result;
                }
            };
        } finally {
            file.put();
        }
    }

    @Kernel("ioctl_fioasync")
    private static int async(File file, byte[] arg) {
        if (arg.length < 4) {
            return -Errno.EFAULT;
        }
        int on = Abi.getInt(arg, 0) != 0 ? Fcntl.O_ASYNC : 0;
        boolean changes = ((file.flags ^ on) & Fcntl.O_ASYNC) != 0;
        if (changes && !file.ops.canFasync()) {
            return -Errno.ENOTTY;
        }
        return FcntlCalls.setFlags(file, (file.flags & ~Fcntl.O_ASYNC) | on);
    }

    /// Who gets signals, of sockets.
    private static int owner(TaskStruct task, File file, int cmd, byte[] arg) {
        if (SocketFileOps.sockFromFile(file) == null) {
            return -Errno.ENOTTY;
        }
        if (arg.length < 4) {
            return -Errno.EFAULT;
        }
        if (cmd == Ioctl.FIOSETOWN || cmd == Ioctl.SIOCSPGRP) {
            return FcntlCalls.setOwner(task, file, Abi.getInt(arg, 0));
        }
        Abi.putInt(arg, 0, FcntlCalls.getOwner(file));
        return 0;
    }

    /// Opens a file of the machine for reading.
    public static int openHostFile(TaskStruct task, Path path) {
        return open(
                task,
                path.toString(),
                false,
                (name, result) -> HostFile.open(name, task.net.pool, result));
    }

    private static int open(TaskStruct task, String path, boolean cloexec, PathLookup paths) {
        int fd = task.files.reserve(cloexec);
        if (fd < 0) {
            return fd;
        }
        int[] result = new int[1];
        File file = paths.open(path, result);
        if (file == null) {
            task.files.unreserve(fd);
            return result[0];
        }
        task.files.install(fd, file);
        return fd;
    }
}
