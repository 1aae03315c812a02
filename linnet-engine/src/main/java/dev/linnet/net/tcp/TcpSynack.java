package dev.linnet.net.tcp;

import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.sock.RequestSock;
import dev.linnet.net.core.skb.SkBuff;
import org.jspecify.annotations.Nullable;

/// SYN-ACKs for requests.
final class TcpSynack {
    private TcpSynack() {}

    static final int SYNACK_NORMAL = 0;

    static final int SYNACK_FASTOPEN = 1;

    static final int SYNACK_COOKIE = 2;

    static final int SYNACK_RETRANS = 3;

    static SkBuff make(TcpSock listener, DstEntry dst, RequestSock req, @Nullable FastOpenCookie foc, int type, @Nullable SkBuff synSkb) {
        throw new AssertionError();
    }

    static int send(TcpSock listener, @Nullable DstEntry dst, RequestSock req, @Nullable FastOpenCookie foc, int type, @Nullable SkBuff synSkb) {
        throw new AssertionError();
    }

    static int rtxSynack(TcpSock listener, RequestSock req) {
        throw new AssertionError();
    }
}
