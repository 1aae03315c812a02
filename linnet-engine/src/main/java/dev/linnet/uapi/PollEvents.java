package dev.linnet.uapi;

/// Events of `poll`.
///
/// Source: `include/uapi/asm-generic/poll.h`.
public final class PollEvents {
    /// Data, a connection to accept, or the end of the stream.
    public static final int POLLIN = 1;

    /// Urgent data.
    public static final int POLLPRI = 2;

    /// Room to write.
    public static final int POLLOUT = 4;

    /// A pending error; reported whether asked for or not.
    public static final int POLLERR = 8;

    /// Both directions are shut down; reported whether asked for or not.
    public static final int POLLHUP = 0x10;

    /// The descriptor is not open; reported whether asked for or not.
    public static final int POLLNVAL = 0x20;

    /// As POLLIN.
    public static final int POLLRDNORM = 0x40;

    /// Priority data.
    public static final int POLLRDBAND = 0x80;

    /// As POLLOUT.
    public static final int POLLWRNORM = 0x100;

    /// Room for priority data.
    public static final int POLLWRBAND = 0x200;

    public static final int POLLMSG = 0x400;
    public static final int POLLREMOVE = 0x1000;

    /// The peer has shut down its sending direction.
    public static final int POLLRDHUP = 0x2000;

    private PollEvents() {}
}
