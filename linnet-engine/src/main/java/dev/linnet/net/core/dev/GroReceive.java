package dev.linnet.net.core.dev;

import dev.linnet.net.core.skb.SkBuff;

/// Merges received segments; one per receiving thread.
public final class GroReceive {
    /// Takes ownership.
    public void receive(SkBuff skb) {
        throw new UnsupportedOperationException();
    }

    /// Hands on all that is held: at the end of a batch.
    public void flush() {
        throw new UnsupportedOperationException();
    }
}
