package dev.linnet.uapi;

/// One descriptor of a `poll` (`struct pollfd`); reusable.
public final class PollFd {
    /// Bytes of the C structure.
    public static final int SIZE = 8;

    /// The descriptor; a negative one is passed over.
    public int fd;

    /// What to wait for, a set of [PollEvents].
    public int events;

    /// What happened, set by the call.
    public int revents;

    public PollFd(int fd, int events) {
        this.fd = fd;
        this.events = events;
    }

    /// Reads the C structure.
    public static PollFd decode(byte[] buf, int off) {
        PollFd pfd = new PollFd(Abi.getInt(buf, off), Abi.getShort(buf, off + 4));
        pfd.revents = Abi.getShort(buf, off + 6);
        return pfd;
    }

    /// Writes the C structure and returns its length.
    public int encode(byte[] buf, int off) {
        Abi.putInt(buf, off, fd);
        Abi.putShort(buf, off + 4, events);
        Abi.putShort(buf, off + 6, revents);
        return SIZE;
    }
}
