package dev.linnet.net.ipv4;

import dev.linnet.net.core.skb.SkBuff;

/// Forwarding.
public final class IpForward {
    private IpForward() {}

    static void forward(SkBuff skb, Rtable rt) {
        throw new UnsupportedOperationException();
    }
}
