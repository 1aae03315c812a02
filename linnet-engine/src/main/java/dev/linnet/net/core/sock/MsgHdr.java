package dev.linnet.net.core.sock;

import dev.linnet.fs.IovIter;
import dev.linnet.kernel.mm.PageSource;
import dev.linnet.uapi.SockAddr;
import org.jspecify.annotations.Nullable;

/// One message of a `sendmsg` or `recvmsg` on its way through the socket layer (`struct msghdr`).
///
/// Made or reused by the caller, for one call at a time.
public final class MsgHdr {
    /// The user's buffers.
    public final IovIter iter = new IovIter();

    /// Sending: the destination, or null. Receiving: set to the source by the protocol.
    public @Nullable SockAddr name;

    /// Sending: control messages as the user laid them out, or null. Receiving: null if the user
    /// wants none, else where they go.
    public byte @Nullable [] control;

    /// Receiving: bytes of [#control] that are filled. Sending: bytes that count.
    public int controlLen;

    /// `MSG_*` given by the user when sending; set for the user when receiving (`MSG_TRUNC` …).
    public int flags;

    /// Zero-copy pages or page-cache pages handed in by `sendfile` instead of [#iter], or null.
    public @Nullable PageSource pages;

    /// Where in the packet that was found the user's data begin, after what `SO_PEEK_OFF` skips.
    public int peekFrom;

    /// Why there is no packet: 0 or `-errno`, set by what finds or makes one for this message.
    public int err;

    private static final ThreadLocal<MsgHdr> SCRATCH = ThreadLocal.withInitial(MsgHdr::new);

    /// The calling thread's own message, empty, for the length of one call that makes no other.
    public static MsgHdr scratch() {
        return SCRATCH.get().reset();
    }

    /// Ready for the next call.
    public MsgHdr reset() {
        iter.clear();
        name = null;
        control = null;
        controlLen = 0;
        flags = 0;
        pages = null;
        peekFrom = 0;
        err = 0;
        return this;
    }
}
