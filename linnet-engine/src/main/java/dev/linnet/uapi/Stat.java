package dev.linnet.uapi;

import dev.linnet.kernel.Kernel;

/// What a file is (`struct stat`, `struct kstat`). Times are nanoseconds since 1970.
///
/// @param dev number of the file system, see [#makedev]
/// @param mode `S_IF*` and permission bits
/// @param rdev number of the device that a special file stands for
/// @param size in bytes
/// @param blksize preferred size of reads and writes
/// @param blocks units of 512 bytes that are allocated
/// @param btime when the file was made; only `statx` tells it
@Kernel({"stat", "kstat"})
public record Stat(
        long dev,
        long ino,
        int mode,
        int nlink,
        int uid,
        int gid,
        long rdev,
        long size,
        int blksize,
        long blocks,
        long atime,
        long mtime,
        long ctime,
        long btime) {
    /// Bytes of a `struct stat`.
    public static final int SIZE = 144;

    public static final int S_IFMT = 0170000;
    public static final int S_IFSOCK = 0140000;
    public static final int S_IFLNK = 0120000;
    public static final int S_IFREG = 0100000;
    public static final int S_IFBLK = 0060000;
    public static final int S_IFDIR = 0040000;
    public static final int S_IFCHR = 0020000;
    public static final int S_IFIFO = 0010000;

    /// Run as the file's user.
    public static final int S_ISUID = 04000;

    /// Run as the file's group; in a directory: new files get its group.
    public static final int S_ISGID = 02000;

    /// In a directory: only owners remove files.
    public static final int S_ISVTX = 01000;

    /// All bits but the kind (`S_IALLUGO`).
    public static final int S_IALLUGO = 07777;

    private static final long NSEC = 1_000_000_000L;

    /// A file of no file system, with one name.
    public static Stat of(int mode, long ino, long size) {
        return new Stat(0, ino, mode, 1, 0, 0, 0, size, 4096, 0, 0, 0, 0, 0);
    }

    /// The same file as another user's.
    public Stat ownedBy(int newUid, int newGid) {
        return new Stat(
                dev, ino, mode, nlink, newUid, newGid, rdev, size, blksize, blocks, atime, mtime,
                ctime, btime);
    }

    /// The kind of file, `S_IF*`.
    public int kind() {
        return mode & S_IFMT;
    }

    /// A device number as user space has it (`new_encode_dev`).
    @Kernel("new_encode_dev")
    public static long makedev(int major, int minor) {
        return minor & 0xff | (long) major << 8 | (long) (minor & ~0xff) << 12;
    }

    /// Major part of a device number.
    public static int major(long dev) {
        return (int) (dev >>> 8) & 0xfff;
    }

    /// Minor part of a device number.
    public static int minor(long dev) {
        return (int) (dev & 0xff | dev >>> 12 & 0xfff00);
    }

    /// Writes the structure, [#SIZE] bytes.
    @Kernel("cp_new_stat")
    public void encode(byte[] buf, int off) {
        Abi.putLong(buf, off, dev);
        Abi.putLong(buf, off + 8, ino);
        Abi.putLong(buf, off + 16, nlink);
        Abi.putInt(buf, off + 24, mode);
        Abi.putInt(buf, off + 28, uid);
        Abi.putInt(buf, off + 32, gid);
        Abi.putLong(buf, off + 40, rdev);
        Abi.putLong(buf, off + 48, size);
        Abi.putLong(buf, off + 56, blksize);
        Abi.putLong(buf, off + 64, blocks);
        putTime(buf, off + 72, atime);
        putTime(buf, off + 88, mtime);
        putTime(buf, off + 104, ctime);
    }

    private static void putTime(byte[] buf, int off, long ns) {
        Abi.putLong(buf, off, Math.floorDiv(ns, NSEC));
        Abi.putLong(buf, off + 8, Math.floorMod(ns, NSEC));
    }
}
