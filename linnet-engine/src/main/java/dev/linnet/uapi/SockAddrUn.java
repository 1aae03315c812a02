package dev.linnet.uapi;

import java.nio.charset.StandardCharsets;

/// The name of an AF_UNIX socket (`struct sockaddr_un`): a path, an abstract name, or none.
///
/// Names are bytes. They are kept one byte per char (ISO 8859-1), so that any name survives and
/// records compare by value.
///
/// @param name the bytes: empty for an unnamed socket, starting with `\0` for an abstract name
public record SockAddrUn(String name) implements SockAddr {
    /// Longest name (`sizeof(sun_path)`).
    public static final int PATH_MAX = 108;

    /// Size of the C structure.
    public static final int SIZE = 110;

    /// An unnamed socket.
    public static final SockAddrUn UNNAMED = new SockAddrUn("");

    private static final int PATH_OFFSET = 2;

    /// The address of a path, encoded in UTF-8.
    public static SockAddrUn path(String path) {
        return new SockAddrUn(bytesAsChars(path));
    }

    /// An abstract name, given without the leading zero byte.
    public static SockAddrUn abstractName(String name) {
        return new SockAddrUn("\0" + bytesAsChars(name));
    }

    private static String bytesAsChars(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    static SockAddrUn read(byte[] buf, int off, int len) {
        int size = Math.min(len - PATH_OFFSET, PATH_MAX);
        String name = new String(buf, off + PATH_OFFSET, size, StandardCharsets.ISO_8859_1);
        int end = name.indexOf('\0');
        return new SockAddrUn(end > 0 ? name.substring(0, end) : name);
    }

    /// Whether the name is abstract, that is, not in the file system.
    public boolean isAbstract() {
        return !name.isEmpty() && name.charAt(0) == '\0';
    }

    @Override
    public int family() {
        return Af.AF_UNIX;
    }

    /// Two bytes for the family and those of the name; a path is counted with its final zero.
    @Override
    public int length() {
        return PATH_OFFSET + name.length() + (name.isEmpty() || isAbstract() ? 0 : 1);
    }

    @Override
    public int encode(byte[] buf, int off) {
        Abi.putShort(buf, off, Af.AF_UNIX);
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, buf, off + PATH_OFFSET, bytes.length);
        if (length() > PATH_OFFSET + bytes.length) {
            buf[off + PATH_OFFSET + bytes.length] = 0;
        }
        return length();
    }

    /// The path, `@name` for an abstract name, `*` for none.
    @Override
    public String toString() {
        String text =
                new String(name.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        return text.isEmpty() ? "*" : text.replace('\0', '@');
    }
}
