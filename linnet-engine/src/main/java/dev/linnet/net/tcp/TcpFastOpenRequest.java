package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.skb.UbufInfo;
import dev.linnet.net.core.sock.MsgHdr;
import org.jspecify.annotations.Nullable;

/// A send that opens its connection with the data in the SYN (`struct tcp_fastopen_request`).
/// Guarded by the sock's lock; lives from the call to the moment at which the SYN's fate is known.
@Kernel("tcp_fastopen_request")
public final class TcpFastOpenRequest {
    /// Starts as a request for a cookie.
    public final FastOpenCookie cookie = new FastOpenCookie();

    {
        cookie.len = 0;
    }

    /// The data of `sendmsg(MSG_FASTOPEN)`, or null once the SYN is built, and with
    /// `TCP_FASTOPEN_CONNECT` before the first write.
    public @Nullable MsgHdr data;

    /// Bytes that the user wants to send.
    public int size;

    /// Bytes that are in the SYN's packet.
    public int copied;

    /// The zero-copy send that the bytes belong to, or null.
    public @Nullable UbufInfo uarg;
}
