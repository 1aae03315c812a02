package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;

/// A Fast Open cookie (RFC 7413 section 4.1.1, `struct tcp_fastopen_cookie`), or the wish for one.
///
/// [#len] tells the cases apart: -1 none, 0 a request for a cookie, else 4 to 16 bytes. Belongs to
/// whoever parses or sends a segment; reusable.
@Kernel("tcp_fastopen_cookie")
public final class FastOpenCookie {
    /// `TCP_FASTOPEN_COOKIE_MIN`, `_MAX`, and the size of those that this stack makes, bytes.
    public static final int MIN = 4;

    public static final int MAX = 16;
    public static final int SIZE = 8;

    /// Bytes that are valid in [#val], 0 for a request, -1 for no option at all.
    public int len = -1;

    public final byte[] val = new byte[MAX];

    /// Carried in the experimental option 254 (RFC 6994) instead of option 34.
    public boolean exp;

    /// No cookie and no option.
    public FastOpenCookie clear() {
        len = -1;
        exp = false;
        return this;
    }

    public void copyFrom(FastOpenCookie o) {
        len = o.len;
        exp = o.exp;
        System.arraycopy(o.val, 0, val, 0, MAX);
    }

    /// True if both carry the same bytes; the option's form does not count.
    public boolean sameBytes(FastOpenCookie o) {
        if (len != o.len) {
            return false;
        }
        int diff = 0;
        for (int i = 0; i < len; i++) {
            diff |= val[i] ^ o.val[i];
        }
        return diff == 0;
    }
}
