package dev.linnet.uapi;

import dev.linnet.kernel.Kernel;

/// What `statx` tells (`struct statx`).
///
/// @param mask which fields are there, `STATX_*`
/// @param attributes `STATX_ATTR_*` that the file has
/// @param attributesMask those that its file system knows
/// @param mntId number of the mount that it was reached through
@Kernel("statx")
public record Statx(Stat stat, int mask, long attributes, long attributesMask, long mntId) {
    /// Bytes of the structure.
    public static final int SIZE = 256;

    /// What `stat` tells, too.
    public static final int STATX_BASIC_STATS = 0x7ff;

    /// Times of change; given only to who asks.
    public static final int STATX_MTIME_CTIME = 0xc0;

    public static final int STATX_BTIME = 0x800;
    public static final int STATX_MNT_ID = 0x1000;
    public static final int STATX_MNT_ID_UNIQUE = 0x4000;

    /// Must not be asked for.
    public static final int STATX_RESERVED = 0x8000_0000;

    public static final long STATX_ATTR_IMMUTABLE = 0x10;
    public static final long STATX_ATTR_APPEND = 0x20;
    public static final long STATX_ATTR_NODUMP = 0x40;
    public static final long STATX_ATTR_AUTOMOUNT = 0x1000;

    /// The top of a mount.
    public static final long STATX_ATTR_MOUNT_ROOT = 0x2000;

    public static final long STATX_ATTR_DAX = 0x20_0000;

    private static final long NSEC = 1_000_000_000L;

    /// Writes the structure, [#SIZE] bytes.
    @Kernel("cp_statx")
    public void encode(byte[] buf, int off) {
        Abi.putInt(buf, off, mask);
        Abi.putInt(buf, off + 4, stat.blksize());
        Abi.putLong(buf, off + 8, attributes);
        Abi.putInt(buf, off + 16, stat.nlink());
        Abi.putInt(buf, off + 20, stat.uid());
        Abi.putInt(buf, off + 24, stat.gid());
        Abi.putShort(buf, off + 28, stat.mode());
        Abi.putLong(buf, off + 32, stat.ino());
        Abi.putLong(buf, off + 40, stat.size());
        Abi.putLong(buf, off + 48, stat.blocks());
        Abi.putLong(buf, off + 56, attributesMask);
        putTime(buf, off + 64, stat.atime());
        putTime(buf, off + 80, (mask & STATX_BTIME) != 0 ? stat.btime() : 0);
        putTime(buf, off + 96, stat.ctime());
        putTime(buf, off + 112, stat.mtime());
        putDevice(buf, off + 128, stat.rdev());
        putDevice(buf, off + 136, stat.dev());
        Abi.putLong(buf, off + 144, mntId);
    }

    private static void putTime(byte[] buf, int off, long ns) {
        Abi.putLong(buf, off, Math.floorDiv(ns, NSEC));
        Abi.putInt(buf, off + 8, (int) Math.floorMod(ns, NSEC));
    }

    private static void putDevice(byte[] buf, int off, long dev) {
        Abi.putInt(buf, off, Stat.major(dev));
        Abi.putInt(buf, off + 4, Stat.minor(dev));
    }
}
