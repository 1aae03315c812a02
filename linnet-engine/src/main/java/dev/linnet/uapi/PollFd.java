package dev.linnet.uapi;

/// One descriptor of a `poll` (`struct pollfd`); reusable.
public final class PollFd {
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
}
