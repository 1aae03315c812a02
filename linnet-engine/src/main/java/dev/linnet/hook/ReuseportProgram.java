package dev.linnet.hook;

import dev.linnet.uapi.SockAddr;
import java.nio.ByteBuffer;

/// Chooses which socket of a group that shares a port through `SO_REUSEPORT` gets a connection or
/// datagram (`SO_ATTACH_REUSEPORT_EBPF`). Runs on the thread that carries the packet.
@FunctionalInterface
public interface ReuseportProgram {
    /// What there is to choose by (`struct sk_reuseport_md`). Valid only during the call.
    ///
    /// @param hash of the addresses and ports: what chooses where there is no program
    /// @param from who sent the packet
    /// @param to where it was sent
    /// @param protocol `IPPROTO_TCP` or `IPPROTO_UDP`
    /// @param members how many sockets there are to choose from
    /// @param packet the packet from its transport header on, read-only
    record Context(
            int hash, SockAddr from, SockAddr to, int protocol, int members, ByteBuffer packet) {}

    /// @return index of the member, in the order in which they joined; any number that is none lets the
    ///     hash choose
    int select(Context context);
}
