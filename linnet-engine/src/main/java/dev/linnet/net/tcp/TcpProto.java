package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.InetTimewaitSock;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.Proto;
import dev.linnet.net.core.sock.ProtoOps;
import dev.linnet.net.core.sock.RequestSockOps;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.net.inet.InetBindHash;
import dev.linnet.net.inet.InetConnectionSocks;
import dev.linnet.net.inet.InetCskPort;
import dev.linnet.net.inet.InetCskV4;
import dev.linnet.net.inet.InetCskV6;
import dev.linnet.net.inet.InetHashtables;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.TcpState;
import org.jspecify.annotations.Nullable;

/// TCP for the socket layer (`tcp_prot`, `tcpv6_prot`): what each call does is in the classes it
/// dispatches to.
public sealed class TcpProto extends Proto permits TcpBpfProto {
    /// For `AF_INET` sockets.
    @Kernel("tcp_prot")
    public static final TcpProto TCP = new TcpProto("TCP");

    /// For `AF_INET6` sockets.
    @Kernel("tcpv6_prot")
    public static final TcpProto TCPV6 = new TcpProto("TCPv6");

    TcpProto(String name) {
        super(name);
    }

    @Override
    @Kernel({"tcp_v4_init_sock", "tcp_v6_init_sock"})
    public Sock newSock(NetNamespace net, int family, int type, int protocol) {
        TcpSock tp = new TcpSock(net, family, type, protocol, this, TcpCong.defaultFor(net));
        tp.afOps = family == Af.AF_INET ? InetCskV4.OPS : InetCskV6.OPS;
        TcpInit.initSock(tp);
        return tp;
    }

    @Override
    public void close(Sock sk, long timeoutJiffies) {
        TcpClose.close((TcpSock) sk, timeoutJiffies);
    }

    @Override
    public int connect(Sock sk, SockAddr addr) {
        return TcpConnect.connect((TcpSock) sk, addr);
    }

    @Override
    public int disconnect(Sock sk, int flags) {
        return TcpDisconnect.disconnect((TcpSock) sk);
    }

    @Override
    public @Nullable Sock accept(Sock sk, boolean nonblock, int[] result) {
        return InetConnectionSocks.accept((TcpSock) sk, nonblock, result);
    }

    @Override
    public int sendmsg(Sock sk, MsgHdr msg) {
        return TcpSendmsg.sendmsg((TcpSock) sk, msg);
    }

    @Override
    public int recvmsg(Sock sk, MsgHdr msg, int flags) {
        return TcpRecvmsg.recvmsg((TcpSock) sk, msg, flags);
    }

    @Override
    public int getPort(Sock sk, int port) {
        return InetCskPort.getPort((TcpSock) sk, port);
    }

    @Override
    @Kernel("tcp_bpf_update_proto")
    public int psockUpdateProt(Sock sk) {
        if (sk.state != TcpState.TCP_ESTABLISHED) {
            return -Errno.EOPNOTSUPP;
        }
        sk.prot = TcpBpfProto.of(name);
        return 0;
    }

    @Override
    public boolean hashed(Sock sk) {
        return sk.state != TcpState.TCP_CLOSE;
    }

    @Override
    @Kernel("inet_put_port")
    public void putPort(Sock sk) {
        InetBindHash.OF.of(sk.net).putPort((TcpSock) sk);
    }

    @Override
    public void hash(Sock sk) {
        InetHashtables.hash((TcpSock) sk);
    }

    @Override
    public void unhash(Sock sk) {
        InetHashtables.unhash((TcpSock) sk);
    }

    @Override
    public byte[] timestampStats(Sock sk, SkBuff orig) {
        return TcpTstampStats.of((TcpSock) sk, orig);
    }

    @Override
    public int setsockopt(Sock sk, int level, int name, byte[] value) {
        return TcpSockopt.setsockopt((TcpSock) sk, level, name, value);
    }

    @Override
    public int getsockopt(Sock sk, int level, int name, byte[] value) {
        return TcpSockopt.getsockopt((TcpSock) sk, level, name, value);
    }

    @Override
    public int ioctl(Sock sk, int cmd) {
        return TcpIoctl.ioctl((TcpSock) sk, cmd);
    }

    @Override
    public void shutdown(Sock sk, int how) {
        TcpClose.shutdown((TcpSock) sk, how);
    }

    @Override
    public int poll(Sock sk) {
        return TcpPoll.poll((TcpSock) sk);
    }

    @Override
    @Kernel("tcp_splice_read")
    public int spliceRead(Sock sk, ProtoOps.PageSink sink, int count, boolean nonblock) {
        return TcpSplice.spliceRead((TcpSock) sk, sink, count, nonblock);
    }

    @Override
    @Kernel("tcp_splice_eof")
    public void spliceEof(Sock sk) {
        TcpSock tp = (TcpSock) sk;
        tp.lock.lock();
        try {
            TcpOutput.push(tp, 0, TcpMss.sendMss(tp, 0), tp.nonagle, tp.xmitSizeGoal);
        } finally {
            tp.lock.unlock();
        }
    }

    @Override
    @Kernel("tcp_set_keepalive")
    public void keepalive(Sock sk, boolean on) {
        TcpTimer.setKeepalive((TcpSock) sk, on);
    }

    @Override
    @Kernel("tcp_set_rcvlowat")
    public int setRcvlowat(Sock sk, int low) {
        return TcpSockoptActions.rcvlowat((TcpSock) sk, low);
    }

    @Override
    public boolean hasPeekOff() {
        return true;
    }

    @Override
    public int timestampKey(Sock sk, boolean fromWrite) {
        TcpSock tp = (TcpSock) sk;
        return fromWrite ? tp.writeSeq : tp.sndUna;
    }

    @Override
    public boolean twskUnique(Sock sk, InetTimewaitSock tw, boolean auto) {
        return TcpTimewait.unique((TcpSock) sk, tw, auto);
    }

    @Override
    public void destroy(Sock sk) {
        TcpDisconnect.destroy((TcpSock) sk);
    }

    @Override
    public RequestSockOps rskOps() {
        return TcpListen.OPS;
    }

    @Override
    public void backlogRcv(Sock sk, SkBuff skb) {
        TcpRcv.received((TcpSock) sk, skb);
    }
}
