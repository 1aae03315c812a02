package dev.linnet.net.core.sock;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.Pernet;
import dev.linnet.net.core.skb.SkBuff;
import org.jspecify.annotations.Nullable;

/// Where the network layers show packets to raw sockets before the transport gets them
/// (`raw_local_deliver`, `raw6_local_deliver`).
public abstract class RawDeliver {
    private static final Pernet<Slot> SLOT = new Pernet<>(net -> new Slot());

    private static final class Slot {
        volatile @Nullable RawDeliver raw;
    }

    /// Installs the raw protocol when the namespace is set up.
    public static void install(NetNamespace net, RawDeliver raw) {
        SLOT.of(net).raw = raw;
    }

    /// Gives copies to the raw sockets that want the packet; true if there were any. The packet stays
    /// the caller's; `data` is at the transport header.
    @HotPath
    public static boolean deliver(NetNamespace net, SkBuff skb, boolean ipv6, int protocol) {
        RawDeliver raw = SLOT.of(net).raw;
        return raw != null && raw.deliver(skb, ipv6, protocol);
    }

    /// Tells the raw sockets of a protocol that an ICMP error came about a packet of theirs.
    /// `skb.data` is at the network header of the quoted packet; it stays the caller's
    /// (`raw_icmp_error`, `raw6_icmp_error`).
    ///
    /// @param info the message's MTU, pointer or gateway, as in [NetProtocol#err]
    @Kernel({"raw_icmp_error", "raw6_icmp_error"})
    public static void error(
            NetNamespace net,
            SkBuff skb,
            boolean ipv6,
            int protocol,
            int type,
            int code,
            int info) {
        RawDeliver raw = SLOT.of(net).raw;
        if (raw != null) {
            raw.error(skb, ipv6, protocol, type, code, info);
        }
    }

    protected abstract boolean deliver(SkBuff skb, boolean ipv6, int protocol);

    /// By default errors go unheard.
    protected void error(SkBuff skb, boolean ipv6, int protocol, int type, int code, int info) {}
}
