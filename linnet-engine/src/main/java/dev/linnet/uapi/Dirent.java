package dev.linnet.uapi;

import dev.linnet.kernel.Kernel;
import java.nio.charset.StandardCharsets;

/// An entry of a directory (`struct linux_dirent64`).
///
/// @param off where the listing goes on behind this entry, for `lseek`
/// @param type what kind of file it is, `DT_*`
@Kernel("linux_dirent64")
public record Dirent(long ino, long off, int type, String name) {
    public static final int DT_UNKNOWN = 0;
    public static final int DT_FIFO = 1;
    public static final int DT_CHR = 2;
    public static final int DT_DIR = 4;
    public static final int DT_BLK = 6;
    public static final int DT_REG = 8;
    public static final int DT_LNK = 10;
    public static final int DT_SOCK = 12;

    private static final int NAME_OFFSET = 19;

    /// Bytes of the structure with its name, a multiple of 8.
    public int size() {
        return NAME_OFFSET + name.getBytes(StandardCharsets.UTF_8).length + 8 & -8;
    }

    /// Writes the structure, [#size] bytes.
    public void encode(byte[] buf, int at) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        Abi.putLong(buf, at, ino);
        Abi.putLong(buf, at + 8, off);
        Abi.putShort(buf, at + 16, size());
        buf[at + 18] = (byte) type;
        System.arraycopy(text, 0, buf, at + NAME_OFFSET, text.length);
    }
}
