package dev.linnet.net.ipv4;

import dev.linnet.net.core.skb.SkBuff;

/// Fragmentation.
public final class IpFragment {
    private IpFragment() {}

    static int fragment(SkBuff skb, Rtable rt, int mtu) {
        throw new UnsupportedOperationException();
    }
}
