package dev.linnet.net.ipv4;

import dev.linnet.net.core.NetNamespace;

/// ARP.
public final class Arp4 {
    private Arp4() {}

    public static void init(NetNamespace net) {
        throw new UnsupportedOperationException();
    }
}
