package dev.linnet.hook;

import java.nio.ByteBuffer;

/// A message that a socket of a sockmap sends, or the part of it that is in hand
/// (`struct sk_msg_md`).
public interface SkMsg {
    /// The sender.
    HookSocket socket();

    /// Bytes in hand; a long message comes in several parts.
    int size();

    /// The bytes in hand from their beginning on, read-only, as many as lie together.
    ByteBuffer data();
}
