package dev.linnet.fs;

import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Stat;
import org.jspecify.annotations.Nullable;

/// `/dev/null`, `/dev/zero` and `/dev/full` (`drivers/char/mem.c`).
@Kernel({"null_fops", "zero_fops", "full_fops"})
final class MemDevice extends FileOperations {
    static final int NULL_MINOR = 3;
    static final int ZERO_MINOR = 5;
    static final int FULL_MINOR = 7;

    private static final byte[] ZEROS = new byte[4096];

    private static final MemDevice NULL = new MemDevice(NULL_MINOR);
    private static final MemDevice ZERO = new MemDevice(ZERO_MINOR);
    private static final MemDevice FULL = new MemDevice(FULL_MINOR);

    private final int minor;

    private MemDevice(int minor) {
        this.minor = minor;
    }

    static @Nullable MemDevice of(int minor) {
        return switch (minor) {
            case NULL_MINOR -> NULL;
            case ZERO_MINOR -> ZERO;
            case FULL_MINOR -> FULL;
            default -> null;
        };
    }

    @Override
    public long read(File file, IovIter to, long pos) {
        if (minor == NULL_MINOR) {
            return 0;
        }
        long done = 0;
        while (to.count() > 0) {
            int n = to.copyToUser(ZEROS, 0, (int) Math.min(to.count(), ZEROS.length));
            if (n == 0) {
                return done > 0 ? done : -Errno.EFAULT;
            }
            done += n;
        }
        return done;
    }

    @Override
    public long write(File file, IovIter from, long pos) {
        return minor == FULL_MINOR ? -Errno.ENOSPC : from.count();
    }

    @Override
    public long spliceRead(File file, long[] pos, Pipe pipe, int length, int flags) {
        return minor == NULL_MINOR
                ? -Errno.EINVAL
                : SpliceRead.copy(file, new long[1], pipe, length); // no position moves
    }

    @Override
    public long spliceWrite(Pipe pipe, File file, long[] pos, long length, int flags) {
        return minor == FULL_MINOR ? -Errno.EINVAL : SpliceWrite.toNothing(pipe, length, flags);
    }

    @Override
    public boolean seekable() {
        return true;
    }

    /// Every position is the beginning (`null_lseek`).
    @Override
    public long llseek(File file, long offset, int whence) {
        file.pos = 0;
        return 0;
    }

    @Override
    public Stat stat(File file) {
        return ((Inode) file.privateData).getattr();
    }

    @Override
    public void release(File file) {
        ((Inode) file.privateData).unuse();
    }
}
