package dev.linnet.uapi;

/// An event of epoll (`struct epoll_event`, packed on x86-64).
///
/// @param events bits of [Epoll]
/// @param data what the program gave to `epoll_ctl`
public record EpollEvent(int events, long data) {
    /// Bytes of the C structure.
    public static final int SIZE = 12;

    /// Reads the C structure.
    public static EpollEvent decode(byte[] buf, int off) {
        return new EpollEvent(Abi.getInt(buf, off), Abi.getLong(buf, off + 4));
    }

    /// Writes the C structure and returns its length.
    public int encode(byte[] buf, int off) {
        return encode(events, data, buf, off);
    }

    /// The same without an object.
    public static int encode(int events, long data, byte[] buf, int off) {
        Abi.putInt(buf, off, events);
        Abi.putLong(buf, off + 4, data);
        return SIZE;
    }
}
