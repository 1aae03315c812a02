package dev.linnet.syscall;

import dev.linnet.fs.File;
import dev.linnet.fs.Pipe;
import dev.linnet.fs.PipeAccount;
import dev.linnet.fs.PipeFileOps;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.Pernet;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// `pipe2` and the commands of `fcntl` for pipes (`fs/pipe.c`).
public final class PipeCalls {
    /// What the pipes of each user of a host take.
    private static final Pernet<Map<Integer, PipeAccount>> ACCOUNTS =
            new Pernet<>(net -> new ConcurrentHashMap<>());

    private PipeCalls() {}

    /// A pipe: `-EINVAL` for flags other than `O_CLOEXEC`, `O_NONBLOCK`, `O_DIRECT`, `-ENOPKG` for a
    /// queue of notifications (`O_EXCL`), `-EMFILE`, `-ENFILE` above the user's limit of pages.
    @Kernel({"do_pipe2", "__do_pipe_flags", "create_pipe_files"})
    public static int pipe2(TaskStruct task, int[] fds, int flags) {
        int known = Fcntl.O_CLOEXEC | Fcntl.O_NONBLOCK | Fcntl.O_DIRECT | Fcntl.O_EXCL;
        if ((flags & ~known) != 0) {
            return -Errno.EINVAL;
        }
        if ((flags & Fcntl.O_EXCL) != 0) {
            return -Errno.ENOPKG;
        }
        task.enter();
        PipeAccount account = account(task.net, task.uid);
        int slots = account.open(privileged(task));
        if (slots < 0) {
            return slots;
        }
        Pipe pipe =
                new Pipe(task.net.pool, task.net.scheduler, task.net.newInode(), slots, account);
        int status = flags & (Fcntl.O_NONBLOCK | Fcntl.O_DIRECT);
        File reader = PipeFileOps.newFile(pipe, flags & Fcntl.O_NONBLOCK);
        File writer = PipeFileOps.newFile(pipe, status | Fcntl.O_WRONLY);
        int err = install(task, reader, writer, fds, (flags & Fcntl.O_CLOEXEC) != 0);
        if (err < 0) {
            reader.put();
            writer.put();
        }
        return err;
    }

    private static int install(
            TaskStruct task, File reader, File writer, int[] fds, boolean cloexec) {
        int rd = task.files.reserve(cloexec);
        if (rd < 0) {
            return rd;
        }
        int wr = task.files.reserve(cloexec);
        if (wr < 0) {
            task.files.unreserve(rd);
            return wr;
        }
        task.files.install(rd, reader);
        task.files.install(wr, writer);
        fds[0] = rd;
        fds[1] = wr;
        return 0;
    }

    private static PipeAccount account(NetNamespace net, int uid) {
        return ACCOUNTS.of(net).computeIfAbsent(uid, u -> new PipeAccount(net.sysctl));
    }

    /// `F_SETPIPE_SZ`, `F_GETPIPE_SZ`: the size in bytes, `-EBADF` unless it is a pipe.
    @Kernel("pipe_fcntl")
    static int fcntl(TaskStruct task, File file, int cmd, long arg) {
        Pipe pipe = PipeFileOps.of(file);
        if (pipe == null) {
            return -Errno.EBADF;
        }
        return cmd == Fcntl.F_GETPIPE_SZ
                ? pipe.size()
                : pipe.setSize(arg & 0xffff_ffffL, privileged(task));
    }

    /// `CAP_SYS_RESOURCE`.
    private static boolean privileged(TaskStruct task) {
        return task.uid == 0;
    }
}
