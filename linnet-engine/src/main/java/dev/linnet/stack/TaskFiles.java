package dev.linnet.stack;

import dev.linnet.fs.IovIter;
import dev.linnet.fs.VmArea;
import dev.linnet.syscall.AttrCalls;
import dev.linnet.syscall.DirCalls;
import dev.linnet.syscall.MmapCalls;
import dev.linnet.syscall.PathCalls;
import dev.linnet.syscall.ReadWriteCalls;
import dev.linnet.syscall.SyncCalls;
import dev.linnet.syscall.TaskStruct;
import dev.linnet.uapi.Dirent;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.Stat;
import dev.linnet.uapi.StatFs;
import dev.linnet.uapi.Statx;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The calls of a [Task] on names and on the content of files. Names that do not begin with `/` start at the
/// process's directory, or at an open directory where a call takes one (`Fcntl.AT_FDCWD` is the former).
public abstract sealed class TaskFiles permits Task {
    final TaskStruct task;

    TaskFiles(TaskStruct task) {
        this.task = task;
    }

    // ---- content
    // -------------------------------------------------------------------------------------

    /// Reads from a file or socket; 0 at the end.
    public final int read(int fd, ByteBuffer data) {
        return (int) ReadWriteCalls.read(task, fd, ReadWriteCalls.iter(data));
    }

    /// Writes to a file or socket.
    public final int write(int fd, ByteBuffer data) {
        return (int) ReadWriteCalls.write(task, fd, ReadWriteCalls.iter(data));
    }

    /// Reads into several buffers.
    public final long readv(int fd, ByteBuffer[] data) {
        return ReadWriteCalls.readv(task, fd, ReadWriteCalls.iter(data), 0);
    }

    /// Writes from several buffers.
    public final long writev(int fd, ByteBuffer[] data) {
        return ReadWriteCalls.writev(task, fd, ReadWriteCalls.iter(data), 0);
    }

    /// Reads at a position and leaves that of the file. `-ESPIPE` for sockets and pipes.
    public final int pread(int fd, ByteBuffer data, long pos) {
        return (int) ReadWriteCalls.pread(task, fd, ReadWriteCalls.iter(data), pos);
    }

    /// Writes at a position and leaves that of the file.
    public final int pwrite(int fd, ByteBuffer data, long pos) {
        return (int) ReadWriteCalls.pwrite(task, fd, ReadWriteCalls.iter(data), pos);
    }

    /// Reads into several buffers.
    ///
    /// @param pos where, or -1 for the file's own position
    /// @param flags [Rwf]
    public final long preadv2(int fd, ByteBuffer[] data, long pos, int flags) {
        IovIter iter = ReadWriteCalls.iter(data);
        return pos == -1
                ? ReadWriteCalls.readv(task, fd, iter, flags)
                : ReadWriteCalls.preadv(task, fd, iter, pos, flags);
    }

    /// Writes from several buffers; `pos` and `flags` as with [#preadv2].
    public final long pwritev2(int fd, ByteBuffer[] data, long pos, int flags) {
        IovIter iter = ReadWriteCalls.iter(data);
        return pos == -1
                ? ReadWriteCalls.writev(task, fd, iter, flags)
                : ReadWriteCalls.pwritev(task, fd, iter, pos, flags);
    }

    /// Moves the position of a file: from its beginning (`whence` 0), from where it is (1), from its end
    /// (2), to data (3) or to a hole (4). The new position.
    public final long lseek(int fd, long offset, int whence) {
        return ReadWriteCalls.lseek(task, fd, offset, whence);
    }

    /// Writes to where a file is kept what is only in memory. `-EINVAL` for files that are kept nowhere.
    public final int fsync(int fd) {
        return SyncCalls.fsync(task, fd);
    }

    /// The same without its times.
    public final int fdatasync(int fd) {
        return SyncCalls.fdatasync(task, fd);
    }

    /// The same for everything on the host.
    public final int sync() {
        return SyncCalls.sync(task);
    }

    /// Makes room in a file (`mode` 0, or 1 to leave its size alone) or a hole (3).
    public final int fallocate(int fd, int mode, long offset, long length) {
        return SyncCalls.fallocate(task, fd, mode, offset, length);
    }

    /// Maps a file into memory, or zeros with `MAP_ANONYMOUS`; the mapping in `out[0]`. `-EINVAL` for an offset
    /// that is no multiple of 4096 or no length, `-EBADF`, `-EACCES` for what the file is not open for,
    /// `-ENODEV`, `-ENOMEM`, `-EOVERFLOW`, `-EOPNOTSUPP`.
    ///
    /// @param prot [Mman] `PROT_*`
    /// @param flags `MAP_SHARED` or `MAP_PRIVATE`
    public final int mmap(long length, int prot, int flags, int fd, long offset, Mapping[] out) {
        int[] err = new int[1];
        VmArea area = MmapCalls.mmap(task, length, prot, flags, fd, offset, err);
        if (area != null) {
            out[0] = new Mapping(area, prot);
        }
        return err[0];
    }

    // ---- names
    // ---------------------------------------------------------------------------------------
    /// Opens a file by its name, or makes it with `O_CREAT`; the new descriptor. `-ENOENT`, `-EEXIST`,
    /// `-EACCES`, `-EISDIR`, `-ENOTDIR`, `-ELOOP`, `-EROFS` …
    public final int open(String name, int flags, int mode) {
        return PathCalls.openat(task, Fcntl.AT_FDCWD, name, flags, mode);
    }

    /// The same from an open directory.
    public final int openat(int dirfd, String name, int flags, int mode) {
        return PathCalls.openat(task, dirfd, name, flags, mode);
    }

    /// What a name leads to, in `out[0]`.
    public final int stat(String name, Stat[] out) {
        return PathCalls.fstatat(task, Fcntl.AT_FDCWD, name, out, 0);
    }

    /// The same without following a symbolic link.
    public final int lstat(String name, Stat[] out) {
        return PathCalls.fstatat(task, Fcntl.AT_FDCWD, name, out, Fcntl.AT_SYMLINK_NOFOLLOW);
    }

    /// The same with what only `statx` tells. `mask`: `STATX_*` that are asked for.
    public final int statx(int dirfd, @Nullable String name, int flags, int mask, Statx[] out) {
        return PathCalls.statx(task, dirfd, name, flags, mask, out);
    }

    /// What a descriptor stands for, in `out[0]`.
    public final int fstat(int fd, Stat[] out) {
        return PathCalls.fstat(task, fd, out);
    }

    /// Makes a directory. `-EEXIST`, `-ENOENT`, `-EACCES` …
    public final int mkdir(String name, int mode) {
        return PathCalls.mkdirat(task, Fcntl.AT_FDCWD, name, mode);
    }

    /// Removes a directory. `-ENOTEMPTY`, `-EBUSY`, `-ENOTDIR` …
    public final int rmdir(String name) {
        return PathCalls.unlinkat(task, Fcntl.AT_FDCWD, name, Fcntl.AT_REMOVEDIR);
    }

    /// Removes a name. `-ENOENT`, `-EISDIR`, `-EPERM` …
    public final int unlink(String name) {
        return PathCalls.unlinkat(task, Fcntl.AT_FDCWD, name, 0);
    }

    /// Gives a file another name. `-EPERM` for a directory, `-EXDEV`, `-EEXIST` …
    public final int link(String oldName, String newName) {
        return PathCalls.linkat(task, Fcntl.AT_FDCWD, oldName, Fcntl.AT_FDCWD, newName, 0);
    }

    /// Makes a symbolic link that says `target`.
    public final int symlink(String target, String name) {
        return PathCalls.symlinkat(task, target, Fcntl.AT_FDCWD, name);
    }

    /// Moves a file to another name, in place of what has that. `-EXDEV`, `-ENOTEMPTY`, `-EINVAL` …
    public final int rename(String oldName, String newName) {
        return PathCalls.renameat2(task, Fcntl.AT_FDCWD, oldName, Fcntl.AT_FDCWD, newName, 0);
    }

    /// Makes a FIFO, socket, device or regular file (`Stat.S_IF*` in `mode`).
    public final int mknod(String name, int mode, long rdev) {
        return PathCalls.mknodat(task, Fcntl.AT_FDCWD, name, mode, rdev);
    }

    /// Sets a file's size. `-EINVAL`, `-EISDIR` …
    public final int truncate(String name, long size) {
        return PathCalls.truncate(task, name, size);
    }

    /// The same of an open file.
    public final int ftruncate(int fd, long size) {
        return PathCalls.ftruncate(task, fd, size);
    }

    /// Opens with the checks of `openat2`.
    ///
    /// @param resolve `RESOLVE_*`, what the walk along the name must not do
    public final int openat2(int dirfd, String name, long flags, long mode, long resolve) {
        return PathCalls.openat2(task, dirfd, name, flags, mode, resolve);
    }

    /// What a symbolic link says, in `out[0]`. `-EINVAL` if it is none.
    public final int readlink(String name, String[] out) {
        return PathCalls.readlinkat(task, Fcntl.AT_FDCWD, name, out);
    }

    /// Moves a file; `flags` are `RENAME_*` of Linux: 1 to fail if the new name is there, 2 to swap both.
    public final int renameat2(int oldDir, String oldName, int newDir, String newName, int flags) {
        return PathCalls.renameat2(task, oldDir, oldName, newDir, newName, flags);
    }

    /// Lists an open directory from its position on: how many entries were put into `out`, 0 at the end.
    public final int getdents(int fd, Dirent[] out) {
        int[] n = new int[1];
        int err =
                DirCalls.getdents(
                        task,
                        fd,
                        entry -> {
                            if (n[0] == out.length) {
                                return false;
                            }
                            out[n[0]++] = entry;
                            return true;
                        });
        return err < 0 ? err : n[0];
    }

    /// Changes the process's directory.
    public final int chdir(String name) {
        return DirCalls.chdir(task, name);
    }

    /// The same to an open directory.
    public final int fchdir(int fd) {
        return DirCalls.fchdir(task, fd);
    }

    /// The process's directory, in `out[0]`. `-ENOENT` if it has been removed.
    public final int getcwd(String[] out) {
        return DirCalls.getcwd(task, Integer.MAX_VALUE, out);
    }

    // ---- attributes
    // ----------------------------------------------------------------------------------

    /// May the process read (4), write (2), run (1) a file, or is it there (0)? `-EACCES`, `-EROFS`.
    public final int access(String name, int mode) {
        return AttrCalls.faccessat(task, Fcntl.AT_FDCWD, name, mode, 0);
    }

    /// Sets permissions. `-EPERM`.
    public final int chmod(String name, int mode) {
        return AttrCalls.fchmodat(task, Fcntl.AT_FDCWD, name, mode, 0);
    }

    /// Sets user and group; -1 leaves one. `-EPERM`.
    public final int chown(String name, int uid, int gid) {
        return AttrCalls.fchownat(task, Fcntl.AT_FDCWD, name, uid, gid, 0);
    }

    /// Sets which permissions new files do not get; the ones before.
    public final int umask(int mask) {
        return AttrCalls.umask(task, mask);
    }

    /// Sets the times of access and of change: seconds and nanoseconds each, or null for now. `flags`:
    /// `AT_SYMLINK_NOFOLLOW`.
    public final int utimensat(
            int dirfd, @Nullable String name, long @Nullable [] times, int flags) {
        return AttrCalls.utimensat(task, dirfd, name, times, flags);
    }

    /// Sizes of the file system that a file is on, in `out[0]`.
    public final int statfs(String name, StatFs[] out) {
        return AttrCalls.statfs(task, name, out);
    }
}
