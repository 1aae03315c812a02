package dev.linnet.uapi;

/// Operations and events of `epoll`.
///
/// Source: `include/uapi/linux/eventpoll.h`.
public final class Epoll {
    // Flag of `epoll_create1`.

    public static final int EPOLL_CLOEXEC = 0x80000;

    // Operations of `epoll_ctl`.

    public static final int EPOLL_CTL_ADD = 1;
    public static final int EPOLL_CTL_DEL = 2;
    public static final int EPOLL_CTL_MOD = 3;

    // Events.

    /// As POLLIN.
    public static final int EPOLLIN = 1;

    /// As POLLPRI.
    public static final int EPOLLPRI = 2;

    /// As POLLOUT.
    public static final int EPOLLOUT = 4;

    /// As POLLERR.
    public static final int EPOLLERR = 8;

    /// As POLLHUP.
    public static final int EPOLLHUP = 0x10;

    /// As POLLNVAL.
    public static final int EPOLLNVAL = 0x20;

    /// As POLLRDNORM.
    public static final int EPOLLRDNORM = 0x40;

    /// As POLLRDBAND.
    public static final int EPOLLRDBAND = 0x80;

    /// As POLLWRNORM.
    public static final int EPOLLWRNORM = 0x100;

    /// As POLLWRBAND.
    public static final int EPOLLWRBAND = 0x200;

    /// As POLLMSG.
    public static final int EPOLLMSG = 0x400;

    /// As POLLRDHUP.
    public static final int EPOLLRDHUP = 0x2000;

    // How an item reports.

    public static final int EPOLL_URING_WAKE = 0x8000000;

    /// Wake one of the waiting epolls, not all.
    public static final int EPOLLEXCLUSIVE = 0x10000000;

    /// Keep the machine awake; without an effect here.
    public static final int EPOLLWAKEUP = 0x20000000;

    /// Report once, then rest until modified.
    public static final int EPOLLONESHOT = 0x40000000;

    /// Report changes (edge), not conditions (level).
    public static final int EPOLLET = 0x80000000;

    /// Bits that steer epoll and are no events of a file.
    public static final int EP_PRIVATE_BITS = EPOLLWAKEUP | EPOLLONESHOT | EPOLLET | EPOLLEXCLUSIVE;

    /// The bits that may stand beside EPOLLEXCLUSIVE.
    public static final int EPOLLEXCLUSIVE_OK_BITS =
            EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP | EPOLLWAKEUP | EPOLLET | EPOLLEXCLUSIVE;

    private Epoll() {}
}
