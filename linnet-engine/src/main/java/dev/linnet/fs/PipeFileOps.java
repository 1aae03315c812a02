package dev.linnet.fs;

import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.Ioctl;
import dev.linnet.uapi.Stat;
import org.jspecify.annotations.Nullable;

/// The ends of a pipe as files (`pipefifo_fops`). A kind of file that is a pipe too, a FIFO, extends
/// this.
public class PipeFileOps extends FileOperations {
    public static final PipeFileOps INSTANCE = new PipeFileOps();

    protected PipeFileOps() {}

    /// A file for one end; `flags` carry `O_RDONLY` or `O_WRONLY`.
    public static File newFile(Pipe pipe, int flags) {
        File file = new File(INSTANCE, pipe, flags);
        pipe.opened(file.readable(), file.writable());
        return file;
    }

    /// The pipe behind a file, or null (`get_pipe_info`).
    @Kernel("get_pipe_info")
    public static @Nullable Pipe of(File file) {
        return file.ops instanceof PipeFileOps ops ? ops.pipe(file) : null;
    }

    /// The pipe of a file of this kind.
    protected Pipe pipe(File file) {
        return (Pipe) file.privateData;
    }

    @Override
    @Kernel("pipefs_dname")
    public String dname(File file) {
        return "pipe:[" + stat(file).ino() + "]";
    }

    @Override
    public long read(File file, IovIter to, long pos) {
        return pipe(file).read(to, file.nonblock() || to.nowait());
    }

    @Override
    public long write(File file, IovIter from, long pos) {
        boolean packets = (file.flags & Fcntl.O_DIRECT) != 0;
        return pipe(file).write(from, file.nonblock() || from.nowait(), packets);
    }

    @Override
    public boolean canFasync() {
        return true;
    }

    /// On a pipe the flag chooses packets.
    @Override
    public boolean canDirect(File file) {
        return true;
    }

    @Override
    public boolean canPoll() {
        return true;
    }

    @Override
    public int poll(File file, @Nullable PollTable table) {
        return pipe(file).poll(file, file.readable(), file.writable(), -1, table);
    }

    @Override
    @Kernel("pipe_ioctl")
    public int ioctl(File file, int cmd, byte[] arg) {
        if (cmd != Ioctl.FIONREAD) {
            return -Errno.ENOIOCTLCMD;
        }
        if (arg.length < 4) {
            return -Errno.EFAULT;
        }
        Abi.putInt(arg, 0, pipe(file).readable());
        return 0;
    }

    @Override
    public Stat stat(File file) {
        return Stat.of(Stat.S_IFIFO | 0600, pipe(file).ino, 0)
                .ownedBy(file.cred.uid(), file.cred.gid());
    }

    @Override
    public void release(File file) {
        pipe(file).closed(file.readable(), file.writable());
    }
}
