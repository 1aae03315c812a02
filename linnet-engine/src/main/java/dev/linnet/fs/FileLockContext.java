package dev.linnet.fs;

import dev.linnet.kernel.Kernel;
import org.jspecify.annotations.Nullable;

/// The locks of one inode: those on ranges, and those on the whole file, which do not know of each other.
/// Made when first needed. Thread-safe.
@Kernel({"file_lock_context", "locks_get_lock_context"})
final class FileLockContext {
    private volatile @Nullable FileLocks ranges;
    private volatile @Nullable FileLocks whole;

    /// Locks on ranges (`flc_posix`).
    FileLocks ranges() {
        FileLocks there = ranges;
        if (there != null) {
            return there;
        }
        synchronized (this) {
            there = ranges;
            if (there == null) {
                there = new FileLocks();
                ranges = there;
            }
            return there;
        }
    }

    /// Locks on the whole file (`flc_flock`).
    FileLocks whole() {
        FileLocks there = whole;
        if (there != null) {
            return there;
        }
        synchronized (this) {
            there = whole;
            if (there == null) {
                there = new FileLocks();
                whole = there;
            }
            return there;
        }
    }

    /// A process closes the file.
    void releaseRanges(Object owner) {
        FileLocks there = ranges;
        if (there != null) {
            there.release(owner);
        }
    }

    /// An open file goes.
    @Kernel("locks_remove_file")
    void releaseAll(Object owner) {
        releaseRanges(owner);
        FileLocks there = whole;
        if (there != null) {
            there.release(owner);
        }
    }
}
