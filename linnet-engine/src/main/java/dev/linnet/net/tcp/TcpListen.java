package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.net.core.sock.RequestSock;
import dev.linnet.net.core.sock.RequestSockOps;
import dev.linnet.net.core.sock.RequestSockQueue;
import dev.linnet.net.inet.InetConnectionSocks;
import dev.linnet.uapi.TcpState;

/// TCP as a listener (`tcp_request_sock_ops` and the TCP part of `inet_listen`).
public final class TcpListen extends RequestSockOps {
    static final TcpListen OPS = new TcpListen();

    private TcpListen() {}

    /// Makes a sock listen whose backlog is set; sock locked. 0, or `-EADDRINUSE`.
    ///
    /// With the fitting bits of `net.ipv4.tcp_fastopen` a listener takes Fast Open without having
    /// been asked to.
    @Kernel("__inet_listen_sk")
    public static int start(TcpSock tp) {
        if (tp.acceptQueue == null) {
            tp.acceptQueue = new RequestSockQueue();
        }
        int bits = TcpFastOpen.SERVER_ENABLE | TcpFastOpen.SERVER_WO_SOCKOPT;
        int knob = tp.net.sysctl.get(TcpSysctls.FASTOPEN);
        if ((knob & bits) == bits && tp.acceptQueue.fastopenMaxQlen == 0) {
            TcpFastOpen.queueTune(tp, tp.maxAckBacklog);
        }
        int err = InetConnectionSocks.listenStart(tp);
        if (err == 0) {
            TcpCallBpf.listen(tp);
        }
        return err;
    }

    @Override
    public int rtxSynAck(InetConnectionSock listener, RequestSock req) {
        return TcpSynack.rtxSynack((TcpSock) listener, req);
    }

    @Override
    @Kernel("tcp_syn_ack_timeout")
    public void synAckTimeout(RequestSock req) {
        req.net.mib.inc(dev.linnet.kernel.mib.TcpExt.TCPTIMEOUTS);
    }

    /// A Fast Open child whose handshake is not over would keep a request that refers to the closed
    /// listener.
    @Override
    @Kernel("inet_child_forget")
    public void forgotten(InetConnectionSock child, RequestSock req) {
        TcpSock tp = (TcpSock) child;
        TcpNet.OF.of(tp.net).orphanCount.incrementAndGet();
        if (tp.fastopenReqsk == req) {
            tp.fastopenReqsk = null;
        }
    }

    @Override
    public void discard(InetConnectionSock child) {
        TcpSynRecvSock.giveUp((TcpSock) child);
    }

    @Override
    public void listenStop(InetConnectionSock listener) {
        TcpFastOpen.forgetResetRequests((TcpSock) listener);
    }

    @Override
    public void listenState(InetConnectionSock sk, TcpState state) {
        TcpStates.set((TcpSock) sk, state);
    }
}
