package dev.linnet.net.inet;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.dev.Flow;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.core.sock.IpcmCookie;
import dev.linnet.uapi.Errno;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Ipv4;
import org.jspecify.annotations.Nullable;

/// A datagram that is still being put together (`MSG_MORE`, `UDP_CORK`): the first write settled its
/// destination, its route and what it is sent with.
@Kernel("inet_cork")
public final class InetCork {
    /// Pieces of memory of a datagram: one for each write is enough for the smallest writes.
    private static final int MAX_FRAGS = 0x10000;

    /// What the length field of an IP header can say.
    private static final int MAX_LENGTH = 0xFFFF;

    private final SkBuff skb;
    private final Flow fl = new Flow();
    private final IpcmCookie ipc = new IpcmCookie();
    private DstEntry dst;
    private int dport;

    private InetCork(SkBuff skb, InetDatagramSend send, DstEntry dst) {
        this.skb = skb;
        this.dst = dst;
        this.dport = send.peer.port;
        fl.copyFrom(send.fl);
        ipc.copyFrom(send.ipc);
    }

    /// Begins a datagram with a packet; takes ownership.
    @Kernel("ip_setup_cork")
    public static @Nullable InetCork begin(SkBuff skb, InetDatagramSend send) {
        DstEntry dst = send.dst;
        return dst == null ? null : new InetCork(skb, send, dst);
    }

    public boolean isIpv4() {
        return In6Addr.isV4Mapped(fl.daddrHi, fl.daddrLo);
    }

    /// An IPv4 datagram goes where the socket has been connected meanwhile: `connect` uses the same
    /// flow.
    public void redirect(InetSock sk) {
        DstEntry route = sk.dstCheck();
        if (route != null) {
            dst = route;
            dport = sk.dport;
            fl.daddrHi = sk.daddrHi;
            fl.daddrLo = sk.daddrLo;
            fl.saddrHi = sk.saddrHi;
            fl.saddrLo = sk.saddrLo;
        }
    }

    /// Adds a packet, taking ownership: 0, or `-EMSGSIZE` if the datagram would be too long.
    ///
    /// @param header bytes of the transport header that is still to come
    @Kernel({"ip_append_data", "ip6_append_data"})
    public int append(SkBuff more, int header) {
        int max = (isIpv4() ? MAX_LENGTH - Ipv4.HEADER_BYTES : MAX_LENGTH) - header;
        boolean fits = skb.len + more.len <= max;
        if (!fits || !SkbOps.coalesce(skb, more, MAX_FRAGS)) {
            more.drop(DropReason.PKT_TOO_BIG);
            return -Errno.EMSGSIZE;
        }
        more.consume();
        return 0;
    }

    /// Makes `send` ready for sending the datagram, which is the caller's from now on.
    public SkBuff finish(InetDatagramSend send) {
        send.fl.copyFrom(fl);
        send.ipc.copyFrom(ipc);
        send.dst = dst;
        send.peer.port = dport;
        return skb;
    }

    /// Throws it away.
    @Kernel("ip_flush_pending_frames")
    public void drop() {
        skb.drop(DropReason.SOCKET_CLOSE);
    }
}
