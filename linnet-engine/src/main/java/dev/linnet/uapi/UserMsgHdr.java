package dev.linnet.uapi;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A message of `sendmsg` or `recvmsg` as a program makes it (`struct msghdr`). Reusable, for one
/// call at a time.
public final class UserMsgHdr {
    /// Destination when sending; the source after receiving, or null.
    public @Nullable SockAddr name;

    /// The data, each buffer from position to limit. The positions are not moved.
    public ByteBuffer[] iov = {};

    /// Control messages: when sending what to send, when receiving where they go; or null.
    public byte @Nullable [] control;

    /// Bytes of [#control] in use.
    public int controlLen;

    /// After receiving: `MSG_*` flags of what happened.
    public int flags;

    /// After `sendmmsg` or `recvmmsg`: bytes of this message (`msg_len`).
    public int length;
}
