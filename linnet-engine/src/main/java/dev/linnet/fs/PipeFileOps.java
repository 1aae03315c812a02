package dev.linnet.fs;

import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Ioctl;
import dev.linnet.uapi.Stat;
import org.jspecify.annotations.Nullable;

/// The ends of a pipe as files (`pipefifo_fops`).
public final class PipeFileOps extends FileOperations {
    public static final PipeFileOps INSTANCE = new PipeFileOps();

    private PipeFileOps() {}

    /// A file for one end; `flags` carry `O_RDONLY` or `O_WRONLY`.
    public static File newFile(Pipe pipe, int flags) {
        File file = new File(INSTANCE, pipe, flags);
        pipe.opened(file.readable());
        return file;
    }

    /// The pipe behind a file, or null (`get_pipe_info`).
    public static @Nullable Pipe of(File file) {
        return file.ops == INSTANCE ? (Pipe) file.privateData : null;
    }

    @Override
    public long read(File file, IovIter to, long pos) {
        return ((Pipe) file.privateData).read(to, file.nonblock());
    }

    @Override
    public long write(File file, IovIter from, long pos) {
        return ((Pipe) file.privateData).write(from, file.nonblock());
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
        Pipe pipe = (Pipe) file.privateData;
        return pipe.poll(file, file.readable(), file.writable(), table);
    }

    @Override
    public int ioctl(File file, int cmd, byte[] arg) {
        if (cmd != Ioctl.FIONREAD) {
            return -Errno.ENOIOCTLCMD;
        }
        if (arg.length < 4) {
            return -Errno.EFAULT;
        }
        Abi.putInt(arg, 0, ((Pipe) file.privateData).readable());
        return 0;
    }

    @Override
    public Stat stat(File file) {
        return Stat.of(Stat.S_IFIFO | 0600, 0, 0);
    }

    @Override
    public void release(File file) {
        ((Pipe) file.privateData).closed(file.readable());
    }
}
