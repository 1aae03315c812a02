package dev.linnet.syscall;

import dev.linnet.fs.DirContext;
import dev.linnet.fs.File;
import dev.linnet.fs.Inode;
import dev.linnet.fs.Nameidata;
import dev.linnet.fs.VfsPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Dirent;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The calls on directories (`fs/readdir.c`, `fs/d_path.c`) and on where a process stands.
public final class DirCalls {
    private static final int WALK = Nameidata.LOOKUP_FOLLOW | Nameidata.LOOKUP_DIRECTORY;

    private DirCalls() {}

    /// Takes entries until it is full.
    public interface Sink {
        /// False if the entry does not fit.
        boolean take(Dirent entry);
    }

    /// `getdents64`: 0, `-ENOTDIR`, `-ENOENT` for a directory that has been removed. The file's position
    /// moves behind what was taken.
    @Kernel("iterate_dir")
    public static int getdents(TaskStruct task, int fd, Sink sink) {
        File file = task.files.get(fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        try {
            Inode dir = file.inode();
            if (dir == null || !dir.isDir()) {
                return -Errno.ENOTDIR;
            }
            if (dir.nlink == 0) {
                return -Errno.ENOENT;
            }
            synchronized (file) {
                DirContext ctx = new Taking(file.pos, sink);
                int err = file.ops.iterate(file, ctx);
                file.pos = ctx.pos;
                return err;
            }
        } finally {
            file.put();
        }
    }

    private static final class Taking extends DirContext {
        private final Sink sink;

        Taking(long pos, Sink sink) {
            this.pos = pos;
            this.sink = sink;
        }

        @Override
        @Kernel("filldir64")
        public boolean emit(String name, long ino, int kind, long next) {
            if (!sink.take(new Dirent(ino, next, kind >> 12, name))) {
                return false;
            }
            pos = next;
            return true;
        }
    }

    /// `chdir`.
    public static int chdir(TaskStruct task, String name) {
        int[] err = new int[1];
        VfsPath path = enter(task, name, err);
        if (path != null) {
            task.fs.pwd = path;
        }
        return err[0];
    }

    private static @Nullable VfsPath enter(TaskStruct task, String name, int[] err) {
        VfsPath path = PathCalls.find(task, Fcntl.AT_FDCWD, name, WALK, err);
        if (path != null) {
            err[0] = path.inode().permission(Inode.MAY_EXEC, task.cred());
        }
        return err[0] < 0 ? null : path;
    }

    /// `fchdir`.
    public static int fchdir(TaskStruct task, int fd) {
        File file = task.files.getRaw(fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        try {
            VfsPath path = file.path;
            if (path == null || !path.dentry().isDir()) {
                return -Errno.ENOTDIR;
            }
            int err = path.inode().permission(Inode.MAY_EXEC, task.cred());
            if (err == 0) {
                task.fs.pwd = path;
            }
            return err;
        } finally {
            file.put();
        }
    }

    /// `chroot`: `-EPERM` for all but root.
    public static int chroot(TaskStruct task, String name) {
        int[] err = new int[1];
        VfsPath path = enter(task, name, err);
        if (path == null) {
            return err[0];
        }
        if (!task.cred().privileged()) {
            return -Errno.EPERM;
        }
        task.fs.root = path;
        return 0;
    }

    /// `getcwd`: the name in `out[0]`; its length with the zero byte, `-ERANGE` if that is more than `room`,
    /// `-ENOENT` if the directory has been removed.
    @Kernel("getcwd")
    public static int getcwd(TaskStruct task, long room, String[] out) {
        VfsPath pwd = task.fs.pwd;
        if (pwd.dentry().unlinked()) {
            return -Errno.ENOENT;
        }
        String name = pwd.display(task.fs.root);
        int length = name.getBytes(StandardCharsets.UTF_8).length + 1;
        if (length > room) {
            return -Errno.ERANGE;
        }
        out[0] = name;
        return length;
    }
}
