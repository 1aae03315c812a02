package dev.linnet.net.ipv4;

import dev.linnet.net.core.sock.InetSock;
import org.jspecify.annotations.Nullable;

/// What one datagram shall be sent with: the socket's settings, then what the control messages say (`struct ipcm_cookie`).
public final class IpcmCookie {
    /// Source address, 0 for the route's choice.
    public int addr;
    public int oif;
    /// 0 for the default of the socket and route.
    public int ttl;
    /// -1: the socket's.
    public int tos;
    public int protocol;
    public int priority;
    public int mark;
    public int tsflags;
    public byte @Nullable [] opt;
    /// UDP_SEGMENT.
    public int gsoSize;

    public IpcmCookie init(InetSock sk) {
        throw new UnsupportedOperationException();
    }
}
