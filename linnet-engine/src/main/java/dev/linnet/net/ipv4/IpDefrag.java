package dev.linnet.net.ipv4;

import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.skb.SkBuff;
import org.jspecify.annotations.Nullable;

/// Reassembly.
public final class IpDefrag {
    private IpDefrag() {}

    public static void init(NetNamespace net) {
        throw new UnsupportedOperationException();
    }

    /// Takes ownership; the whole datagram when this fragment completes it.
    public static @Nullable SkBuff defrag(SkBuff skb) {
        throw new UnsupportedOperationException();
    }
}
