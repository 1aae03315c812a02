package dev.linnet.fs;

import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.Stat;
import org.jspecify.annotations.Nullable;

/// What can be done with an open file of some kind (`struct file_operations`). One object serves
/// all files of a kind. Results are ≥ 0 or `-errno`; what a kind does not override, it cannot do,
/// with the error that Linux gives for that.
///
/// Called on the user's thread; may block unless the file is `O_NONBLOCK`.
public abstract class FileOperations {
    /// From where `lseek` counts: the beginning, or the position.
    protected static final int SEEK_SET = 0;

    protected static final int SEEK_CUR = 1;

    private static final long DN_MULTISHOT = 0x8000_0000L;
    /// The one inode of all files that have none (`anon_inode_inode`).
    private static final long ANON_INO = 1;

    /// Reads at `pos` (ignored by files without a position) into the user's buffers
    /// (`read_iter`).
    @Kernel({"call_read_iter", "read_iter"})
    public long read(File file, IovIter to, long pos) {
        return -Errno.EINVAL;
    }

    /// Writes from the user's buffers (`write_iter`).
    @Kernel({"call_write_iter", "write_iter"})
    public long write(File file, IovIter from, long pos) {
        return -Errno.EINVAL;
    }

    /// False if there is nothing to read or write in such a file at all (`FMODE_CAN_READ`): `EINVAL`.
    public boolean canReadWrite() {
        return true;
    }

    /// True if a call may ask not to wait (`FMODE_NOWAIT`).
    public boolean canNowait() {
        return true;
    }

    /// True if reads and writes can have flags (`read_iter`).
    public boolean hasIter() {
        return true;
    }

    /// Ready events now, a set of `POLL*`; registers the table with the file's wait queues first.
    public int poll(File file, @Nullable PollTable table) {
        return PollTable.DEFAULT_MASK;
    }

    /// True if the file can be polled, and so watched by epoll (`file_can_poll`).
    public boolean canPoll() {
        return false;
    }

    /// `ioctl`; `arg` is the argument structure, changed in place.
    public int ioctl(File file, int cmd, byte[] arg) {
        return -Errno.ENOTTY;
    }

    /// Commands of `fcntl` that only some kinds of files know.
    public int fcntl(File file, int cmd, long arg) {
        return switch (cmd) {
            case Fcntl.F_NOTIFY -> (arg & ~DN_MULTISHOT) == 0 ? 0 : -Errno.ENOTDIR;
            default -> -Errno.EINVAL;
        };
    }

    /// True if `O_DIRECT` may be set later (`FMODE_CAN_ODIRECT`).
    public boolean canDirect(File file) {
        return false;
    }

    /// True if `O_ASYNC` can be set (`fasync`).
    public boolean canFasync() {
        return false;
    }

    /// True if all files of the kind share one inode without a name (`anon_inode_getfile`).
    public boolean anonymous() {
        return false;
    }

    /// True if the file has a position (`FMODE_LSEEK`, `FMODE_PREAD`).
    public boolean seekable() {
        return false;
    }

    /// Moves the position; the new one.
    public long llseek(File file, long offset, int whence) {
        return -Errno.ESPIPE;
    }

    /// Moves the position of a file that has no end to seek from: the new one, `-EINVAL` for `SEEK_END`
    /// and for a place before the beginning.
    protected static long seekWithoutEnd(File file, long offset, int whence) {
        long to =
                switch (whence) {
                    case SEEK_SET -> offset;
                    case SEEK_CUR -> file.pos + offset;
                    default -> -1;
                };
        if (to < 0) {
            return -Errno.EINVAL;
        }
        file.pos = to;
        return to;
    }

    /// Lists a directory from `ctx.pos` on (`iterate_shared`).
    public int iterate(File file, DirContext ctx) {
        return -Errno.ENOTDIR;
    }

    /// A source of pages for `sendfile`/`splice` from position `pos`, or null if this kind of file
    /// cannot give pages (`splice_read`).
    public @Nullable PageReader pageReader(File file) {
        return null;
    }

    /// Moves up to `length` bytes from `pos[0]` on, which moves with them, into a pipe (`splice_read`):
    /// how many, 0 at the end, `-EINVAL` if this kind of file cannot. The pipe's mutex is held and it
    /// has room for them.
    ///
    /// @param flags `SPLICE_F_*`
    @Kernel("do_splice_to")
    public long spliceRead(File file, long[] pos, Pipe pipe, int length, int flags) {
        PageReader reader = pageReader(file);
        return reader == null ? -Errno.EINVAL : SpliceRead.filemap(reader, pos, pipe, length);
    }

    /// Moves up to `length` bytes from a pipe to `pos[0]` on (`splice_write`), waiting for the first
    /// of them: how many, 0 when no writer is left, `-EINVAL` if this kind of file cannot.
    public long spliceWrite(Pipe pipe, File file, long[] pos, long length, int flags) {
        return seekable() ? SpliceWrite.toFile(pipe, file, pos, length, flags) : -Errno.EINVAL;
    }

    /// A transfer that announced more has come to its end before (`splice_eof`).
    public void spliceEof(File file) {}

    /// Where a file of this kind ends at the latest (`s_maxbytes`).
    public long maxBytes(File file) {
        return Long.MAX_VALUE;
    }

    /// What `/proc/self/fd` shows for a file without a name (`d_dname`).
    @Kernel({"d_dname", "simple_dname"})
    public String dname(File file) {
        return "anon_inode:[" + kindName() + "]";
    }

    /// The kind of file as [#dname] tells it.
    protected String kindName() {
        return "file";
    }

    /// Writes the lines that `/proc/self/fdinfo` shows beyond the common ones (`show_fdinfo`).
    public void showFdinfo(File file, StringBuilder out) {}

    /// What `fstat` tells; unless said otherwise that of a file which has no inode of its own
    /// (`anon_inode_getattr`).
    @Kernel("anon_inode_getattr")
    public Stat stat(File file) {
        return Stat.of(0600, ANON_INO, 0);
    }

    /// Writes to where the file is kept what is not there yet (`fsync`).
    public int fsync(File file, boolean dataOnly) {
        return -Errno.EINVAL;
    }

    /// The last reference has gone (`release`).
    public abstract void release(File file);
}
