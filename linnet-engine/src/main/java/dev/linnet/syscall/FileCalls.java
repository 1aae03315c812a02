package dev.linnet.syscall;

import dev.linnet.fs.File;
import dev.linnet.fs.Inode;
import dev.linnet.fs.hostfs.HostFs;
import dev.linnet.fs.hostfs.OpenChannel;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.socket.SocketFileOps;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.Ioctl;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/// The calls on files (`fs/fcntl.c`, `fs/ioctl.c`, `fs/pipe.c`).
public final class FileCalls {
    private FileCalls() {}

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
                case Ioctl.FIONREAD -> {
                    Inode inode = file.inode();
                    yield inode != null && inode.isRegular()
                            ? left(file, inode, arg)
                            : own(task, file, cmd, arg);
                }
                default -> own(task, file, cmd, arg);
            };
        } finally {
            file.put();
        }
    }

    @Kernel("vfs_ioctl")
    private static int own(TaskStruct task, File file, int cmd, byte[] arg) {
        task.enter();
        int result = file.ops.ioctl(file, cmd, arg);
        return result == -Errno.ENOIOCTLCMD ? -Errno.ENOTTY : result;
    }

    /// What a regular file has behind the position.
    @Kernel("file_ioctl")
    private static int left(File file, Inode inode, byte[] arg) {
        if (arg.length < 4) {
            return -Errno.EFAULT;
        }
        Abi.putInt(arg, 0, (int) (inode.size - file.pos));
        return 0;
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
        return PathCalls.install(task, false, err -> HostFs.open(task.fs.ns, path, err));
    }

    /// Makes a descriptor of a file that the JVM has open for reading; closing it leaves that open. `-EMFILE`.
    public static int openChannel(TaskStruct task, FileChannel channel) {
        return PathCalls.install(task, true, err -> OpenChannel.newFile(channel));
    }
}
