package dev.linnet.uapi;

/// Control messages: the entries of `msg_control`, read and written in place. An entry is a header of
/// 16 bytes (length with the header as a `size_t`, level, type), its data, and padding to a multiple
/// of eight.
///
/// ```
///  0        8       12       16
///  | length | level |  type  | data … | padding |
/// ```
///
/// Mirrors `struct cmsghdr` and its macros in `include/linux/socket.h`.
public final class CmsgHdr {
    /// Bytes of the header.
    public static final int SIZE = 16;

    private CmsgHdr() {}

    /// A length rounded up to a multiple of eight (`CMSG_ALIGN`).
    public static int align(int len) {
        return len + 7 & ~7;
    }

    /// What the header's length field says for `dataLen` bytes of data (`CMSG_LEN`).
    public static int len(int dataLen) {
        return SIZE + dataLen;
    }

    /// Room that an entry with `dataLen` bytes of data takes (`CMSG_SPACE`).
    public static int space(int dataLen) {
        return SIZE + align(dataLen);
    }

    /// Writes a header for `dataLen` bytes of data, which go to `off + SIZE`.
    public static void put(byte[] buf, int off, int level, int type, int dataLen) {
        Abi.putLong(buf, off, len(dataLen));
        Abi.putInt(buf, off + 8, level);
        Abi.putInt(buf, off + 12, type);
    }

    /// The level of the entry at `off`, one of [Sol].
    public static int level(byte[] buf, int off) {
        return Abi.getInt(buf, off + 8);
    }

    /// The type of the entry at `off`.
    public static int type(byte[] buf, int off) {
        return Abi.getInt(buf, off + 12);
    }

    /// Bytes of data of the entry at `off`; call only where [#ok] is true.
    public static int dataLen(byte[] buf, int off) {
        return (int) Abi.getLong(buf, off) - SIZE;
    }

    /// Whether an entry that is complete begins at `off`, in a control buffer that ends at `end`
    /// (`CMSG_OK`). If it is not, `sendmsg` answers EINVAL.
    public static boolean ok(byte[] buf, int off, int end) {
        if (end - off < SIZE) {
            return false;
        }
        long len = Abi.getLong(buf, off);
        return len >= SIZE && len <= end - off;
    }

    /// Where the entry after that at `off` begins, or -1 if there is no room for a header there
    /// or the entry at `off` is not complete (`CMSG_NXTHDR`).
    public static int next(byte[] buf, int off, int end) {
        long len = Abi.getLong(buf, off);
        if (len < SIZE || len > end - off) {
            return -1;
        }
        int next = off + align((int) len);
        return end - next < SIZE ? -1 : next;
    }
}
