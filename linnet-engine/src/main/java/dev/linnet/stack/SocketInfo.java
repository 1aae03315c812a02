package dev.linnet.stack;

import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.TcpInfo;
import dev.linnet.uapi.TcpState;
import org.jspecify.annotations.Nullable;

/// A socket of a host at one moment, as `ss` shows it.
///
/// @param netid `tcp`, `udp` …
/// @param recvQ bytes that the user has not read; of a listener: connections that wait
/// @param sendQ bytes that are not acknowledged; of a listener: how many may wait
/// @param info `tcp_info` of a TCP connection, else null
public record SocketInfo(
        String netid,
        TcpState state,
        SockAddr local,
        SockAddr peer,
        long recvQ,
        long sendQ,
        long inode,
        @Nullable TcpInfo info) {}
