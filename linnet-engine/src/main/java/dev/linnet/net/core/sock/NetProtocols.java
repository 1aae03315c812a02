package dev.linnet.net.core.sock;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.Pernet;
import org.jspecify.annotations.Nullable;

/// The transport protocols of a namespace by their IP protocol number (`inet_protos`,
/// `inet6_protos`).
public final class NetProtocols {
    public static final Pernet<NetProtocols> OF = new Pernet<>(net -> new NetProtocols());

    private final @Nullable NetProtocol[] inet = new NetProtocol[256];
    private final @Nullable NetProtocol[] inet6 = new NetProtocol[256];

    private NetProtocols() {}

    /// Registers a protocol for IPv4 packets, IPv6 packets, or both, when the namespace is set up.
    @Kernel({"inet_add_protocol", "inet6_add_protocol"})
    public static void add(
            NetNamespace net,
            int protocol,
            @Nullable NetProtocol forInet,
            @Nullable NetProtocol forInet6) {
        NetProtocols protos = OF.of(net);
        if (forInet != null) {
            protos.inet[protocol] = forInet;
        }
        if (forInet6 != null) {
            protos.inet6[protocol] = forInet6;
        }
    }

    public @Nullable NetProtocol inet(int protocol) {
        return inet[protocol & 0xFF];
    }

    public @Nullable NetProtocol inet6(int protocol) {
        return inet6[protocol & 0xFF];
    }
}
