package dev.linnet.uapi;

/// Flags of `send`, `recv` and their relatives.
///
/// Source: `include/linux/socket.h`.
public final class Msg {
    /// Urgent data.
    public static final int MSG_OOB = 1;

    /// Look at the data, leave it.
    public static final int MSG_PEEK = 2;

    /// Send to directly connected hosts only.
    public static final int MSG_DONTROUTE = 4;

    /// Find the path to the receiver only; nothing is sent.
    public static final int MSG_PROBE = 0x10;

    /// Result: control data was cut off.
    public static final int MSG_CTRUNC = 8;

    /// Number without an effect.
    public static final int MSG_PROXY = 0x10;

    /// Result: the datagram was cut off. Flag: return its whole length.
    public static final int MSG_TRUNC = 0x20;

    /// Do not wait in this call.
    public static final int MSG_DONTWAIT = 0x40;

    /// End of a record.
    public static final int MSG_EOR = 0x80;

    /// Wait until the whole buffer is full.
    public static final int MSG_WAITALL = 0x100;

    public static final int MSG_FIN = 0x200;
    public static final int MSG_SYN = 0x400;

    /// The neighbour is known to answer.
    public static final int MSG_CONFIRM = 0x800;

    public static final int MSG_RST = 0x1000;

    /// Read the error queue.
    public static final int MSG_ERRQUEUE = 0x2000;

    /// EPIPE without SIGPIPE.
    public static final int MSG_NOSIGNAL = 0x4000;

    /// More data follows; do not send a partial segment.
    public static final int MSG_MORE = 0x8000;

    /// `recvmmsg`: do not wait after the first message.
    public static final int MSG_WAITFORONE = 0x10000;

    /// `sendmmsg`: more messages follow.
    public static final int MSG_BATCH = 0x40000;

    /// Receive device memory.
    public static final int MSG_SOCK_DEVMEM = 0x2000000;

    /// Send the caller's pages without copying.
    public static final int MSG_ZEROCOPY = 0x4000000;

    /// Data goes with the SYN.
    public static final int MSG_FASTOPEN = 0x20000000;

    /// Received descriptors get FD_CLOEXEC.
    public static final int MSG_CMSG_CLOEXEC = 0x40000000;

    /// Inside the stack: the data are pages to be taken over (`sendfile`, `splice`). A program cannot
    /// set it.
    public static final int MSG_SPLICE_PAGES = 0x8000000;

    /// Set by the kernel for itself; `EINVAL` from a program.
    public static final int MSG_CMSG_COMPAT = 0x80000000;

    private Msg() {}
}
