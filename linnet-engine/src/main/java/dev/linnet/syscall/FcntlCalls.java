package dev.linnet.syscall;

import dev.linnet.fs.FOwner;
import dev.linnet.fs.File;
import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;

/// `fcntl` (`fs/fcntl.c`): commands with a number for an argument, and those with a structure.
public final class FcntlCalls {
    private static final int SETFL_MASK =
            Fcntl.O_APPEND | Fcntl.O_NONBLOCK | Fcntl.O_DIRECT | Fcntl.O_NOATIME;

    private static final int SIGNALS = 64;
    private static final int RW_HINT_MAX = 5;

    private FcntlCalls() {}

    /// A command on a descriptor. `-EBADF`; `-EINVAL` for an unknown one; `-EFAULT` for one that needs a
    /// structure.
    @Kernel("do_fcntl")
    public static int fcntl(TaskStruct task, int fd, int cmd, long arg) {
        File file = task.files.getRaw(fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        try {
            if (file.isPath() && !worksOnPath(cmd)) {
                return -Errno.EBADF;
            }
            return structSize(cmd) > 0 ? -Errno.EFAULT : run(task, file, fd, cmd, arg);
        } finally {
            file.put();
        }
    }

    /// A command with a structure, changed in place. `-EFAULT` if it is too short.
    public static int fcntl(TaskStruct task, int fd, int cmd, byte[] arg) {
        File file = task.files.get(fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        try {
            int size = structSize(cmd);
            return size == 0 || arg.length < size ? -Errno.EFAULT : run(task, file, cmd, arg);
        } finally {
            file.put();
        }
    }

    /// By number: the structure is copied in and, if all went well, out.
    static long fcntl(TaskStruct task, UserSpace mm, int fd, int cmd, long arg) {
        int size = structSize(cmd);
        byte[] raw = size == 0 ? null : mm.read(arg, size);
        if (raw == null) {
            return fcntl(task, fd, cmd, arg);
        }
        int err = fcntl(task, fd, cmd, raw);
        boolean sets = cmd != Fcntl.F_GETLK && cmd != Fcntl.F_OFD_GETLK && size > 8;
        return err < 0 || sets || mm.write(arg, raw, size) ? err : -Errno.EFAULT;
    }

    @Kernel("check_fcntl_cmd")
    private static boolean worksOnPath(int cmd) {
        return switch (cmd) {
            case Fcntl.F_CREATED_QUERY,
                    Fcntl.F_DUPFD,
                    Fcntl.F_DUPFD_CLOEXEC,
                    Fcntl.F_DUPFD_QUERY,
                    Fcntl.F_GETFD,
                    Fcntl.F_SETFD,
                    Fcntl.F_GETFL ->
                    true;
            default -> false;
        };
    }

    /// Bytes that the argument of a command points to; 0 if it is a number.
    static int structSize(int cmd) {
        if (LockCalls.isCommand(cmd)) {
            return LockCalls.FLOCK_SIZE;
        }
        return switch (cmd) {
            case Fcntl.F_SETOWN_EX,
                    Fcntl.F_GETOWN_EX,
                    Fcntl.F_GETOWNER_UIDS,
                    Fcntl.F_GET_RW_HINT,
                    Fcntl.F_SET_RW_HINT ->
                    8;
            default -> 0;
        };
    }

    private static int run(TaskStruct task, File file, int fd, int cmd, long arg) {
        int argi = (int) arg;
        return switch (cmd) {
            case Fcntl.F_DUPFD -> task.files.dupFrom(file, argi, false);
            case Fcntl.F_DUPFD_CLOEXEC -> task.files.dupFrom(file, argi, true);
            case Fcntl.F_DUPFD_QUERY -> dupfdQuery(task, file, argi);
            case Fcntl.F_CREATED_QUERY -> file.created ? 1 : 0;
            case Fcntl.F_GETFD -> task.files.cloexec(fd);
            case Fcntl.F_SETFD -> task.files.setCloexec(fd, (argi & Fcntl.FD_CLOEXEC) != 0);
            case Fcntl.F_GETFL -> file.flags;
            case Fcntl.F_SETFL -> setFlags(file, argi);
            case Fcntl.F_SETOWN -> setOwner(task, file, argi);
            case Fcntl.F_GETOWN -> getOwner(file);
            case Fcntl.F_SETSIG -> setSignal(file, argi);
            case Fcntl.F_GETSIG -> file.owner.signal();
            case Fcntl.F_GETLEASE -> Fcntl.F_UNLCK;
            case Fcntl.F_SETPIPE_SZ, Fcntl.F_GETPIPE_SZ -> PipeCalls.fcntl(task, file, cmd, arg);
            default -> file.ops.fcntl(file, cmd, arg);
        };
    }

    @Kernel("f_dupfd_query")
    private static int dupfdQuery(TaskStruct task, File file, int other) {
        File named = task.files.getRaw(other);
        if (named == null) {
            return -Errno.EBADF;
        }
        named.put();
        return named == file ? 1 : 0;
    }

    // ---- flags
    // -------------------------------------------------------------------------------------

    @Kernel("setfl")
    static int setFlags(File file, int arg) {
        if ((arg & Fcntl.O_DIRECT) != 0 && !file.ops.canDirect(file)) {
            return -Errno.EINVAL;
        }
        int settable = SETFL_MASK | (file.ops.canFasync() ? Fcntl.O_ASYNC : 0);
        file.flags = (arg & settable) | (file.flags & ~settable);
        return 0;
    }

    // ---- who gets signals
    // --------------------------------------------------------------------------

    /// `F_SETOWN` and `FIOSETOWN`: a process, or a negative group.
    @Kernel("f_setown")
    static int setOwner(TaskStruct task, File file, int who) {
        if (who == Integer.MIN_VALUE) {
            return -Errno.EINVAL;
        }
        int type = who < 0 ? Fcntl.F_OWNER_PGRP : Fcntl.F_OWNER_PID;
        return setOwner(task, file, type, Math.abs(who));
    }

    /// A group has the number of its first process.
    private static int setOwner(TaskStruct task, File file, int type, int pid) {
        if (pid != 0 && task.tasks.find(pid) == null) {
            return -Errno.ESRCH;
        }
        file.owner = new FOwner(type, pid, task.uid, file.owner.signal());
        return 0;
    }

    /// `F_GETOWN` and `FIOGETOWN`.
    @Kernel("f_getown")
    static int getOwner(File file) {
        FOwner owner = file.owner;
        return owner.type() == Fcntl.F_OWNER_PGRP ? -owner.pid() : owner.pid();
    }

    private static int setSignal(File file, int signal) {
        if (signal < 0 || signal > SIGNALS) {
            return -Errno.EINVAL;
        }
        FOwner owner = file.owner;
        file.owner = new FOwner(owner.type(), owner.pid(), owner.uid(), signal);
        return 0;
    }

    // ---- structures
    // --------------------------------------------------------------------------------

    private static int run(TaskStruct task, File file, int cmd, byte[] arg) {
        if (LockCalls.isCommand(cmd)) {
            return LockCalls.fcntl(task, file, cmd, arg);
        }
        FOwner owner = file.owner;
        switch (cmd) {
            case Fcntl.F_SETOWN_EX -> {
                int type = Abi.getInt(arg, 0);
                if (type < Fcntl.F_OWNER_TID || type > Fcntl.F_OWNER_PGRP) {
                    return -Errno.EINVAL;
                }
                return setOwner(task, file, type, Abi.getInt(arg, 4));
            }
            case Fcntl.F_GETOWN_EX -> {
                Abi.putInt(arg, 0, owner.type());
                Abi.putInt(arg, 4, owner.pid());
            }
            case Fcntl.F_GETOWNER_UIDS -> {
                Abi.putInt(arg, 0, owner.uid());
                Abi.putInt(arg, 4, owner.uid());
            }
            case Fcntl.F_GET_RW_HINT -> Abi.putLong(arg, 0, file.writeHint);
            default -> {
                long hint = Abi.getLong(arg, 0);
                if (hint < 0 || hint > RW_HINT_MAX) {
                    return -Errno.EINVAL;
                }
                file.writeHint = (int) hint;
            }
        }
        return 0;
    }
}
