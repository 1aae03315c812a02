package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.net.core.sock.Stab;

/// TCP for a connection in a sockmap (`tcp_bpf_prots`).
final class TcpBpfProto extends TcpProto {
    @Kernel("tcp_bpf_prots")
    private static final TcpBpfProto TCP_BPF = new TcpBpfProto("TCP");

    private static final TcpBpfProto TCPV6_BPF = new TcpBpfProto("TCPv6");

    private TcpBpfProto(String name) {
        super(name);
    }

    /// The one that stands for a protocol.
    static TcpBpfProto of(String name) {
        return name.equals(TCP_BPF.name) ? TCP_BPF : TCPV6_BPF;
    }

    @Override
    @HotPath
    public int sendmsg(Sock sk, MsgHdr msg) {
        return TcpBpf.sendmsg((TcpSock) sk, msg);
    }

    @Override
    @HotPath
    public int recvmsg(Sock sk, MsgHdr msg, int flags) {
        return TcpBpf.recvmsg((TcpSock) sk, msg, flags);
    }

    @Override
    public int poll(Sock sk) {
        return TcpBpf.poll((TcpSock) sk);
    }

    @Override
    public void close(Sock sk, long timeoutJiffies) {
        Stab.close(sk);
        super.close(sk, timeoutJiffies);
    }
}
