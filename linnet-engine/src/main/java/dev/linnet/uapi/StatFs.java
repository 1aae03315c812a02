package dev.linnet.uapi;

import dev.linnet.kernel.Kernel;

/// Size and state of a file system (`struct statfs`). Blocks are of `bsize` bytes.
///
/// @param type which kind of file system, a magic number
/// @param bavail blocks that users other than root may take
/// @param fsid an identifier, the number of the device
/// @param namelen longest name in bytes
/// @param flags how it is mounted, `ST_*`
@Kernel({"statfs", "kstatfs"})
public record StatFs(
        long type,
        long bsize,
        long blocks,
        long bfree,
        long bavail,
        long files,
        long ffree,
        long fsid,
        long namelen,
        long frsize,
        long flags) {
    /// Bytes of the structure.
    public static final int SIZE = 120;

    public static final int ST_RDONLY = 1;

    /// The flags are there.
    public static final int ST_VALID = 0x20;

    public static final int ST_RELATIME = 0x1000;

    /// The same with other flags.
    public StatFs withFlags(long newFlags) {
        return new StatFs(
                type, bsize, blocks, bfree, bavail, files, ffree, fsid, namelen, frsize, newFlags);
    }

    /// Writes the structure, [#SIZE] bytes.
    public void encode(byte[] buf, int off) {
        long[] fields = {
            type, bsize, blocks, bfree, bavail, files, ffree, fsid, namelen, frsize, flags
        };
        for (int i = 0; i < fields.length; i++) {
            Abi.putLong(buf, off + 8 * i, fields[i]);
        }
    }
}
