package dev.linnet.net.unix;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.NetCoreSysctls;
import dev.linnet.kernel.sysctl.UnixSysctls;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.Proto;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SocketType;

/// The protocol below AF_UNIX (`unix_stream_proto`, `unix_dgram_proto`). The family does all work
/// itself, so this makes socks and refuses what is asked of a protocol.
final class UnixProto extends Proto {
    private static final UnixProto STREAM = new UnixProto("UNIX-STREAM");
    private static final UnixProto DGRAM = new UnixProto("UNIX");

    private UnixProto(String name) {
        super(name);
    }

    /// The protocol of a type of sockets.
    static UnixProto of(int type) {
        return type == SocketType.SOCK_STREAM ? STREAM : DGRAM;
    }

    @Override
    @Kernel("unix_create1")
    public Sock newSock(NetNamespace net, int family, int type, int protocol) {
        UnixSock sk = new UnixSock(net, type, this);
        sk.sndbuf = net.sysctl.get(NetCoreSysctls.WMEM_DEFAULT);
        sk.rcvbuf = net.sysctl.get(NetCoreSysctls.RMEM_DEFAULT);
        sk.maxAckBacklog = net.sysctl.get(UnixSysctls.MAX_DGRAM_QLEN);
        sk.scmRecvFlags = Sock.SCM_RECV_RIGHTS;
        UnixTable.OF.of(net).add(sk);
        return sk;
    }

    @Override
    @Kernel("unix_setsockopt")
    public int setInq(Sock sk, int value) {
        if (this != STREAM) {
            return -Errno.ENOPROTOOPT;
        }
        if (value != 0 && value != 1) {
            return -Errno.EINVAL;
        }
        ((UnixSock) sk).recvmsgInq = value != 0;
        return 0;
    }

    @Override
    public boolean hasPeekOff() {
        return true;
    }

    @Override
    public void close(Sock sk, long timeoutJiffies) {
        UnixRelease.release((UnixSock) sk, false);
    }

    @Override
    public int connect(Sock sk, SockAddr addr) {
        return -Errno.EOPNOTSUPP;
    }

    @Override
    public int disconnect(Sock sk, int flags) {
        return -Errno.EOPNOTSUPP;
    }

    @Override
    public int sendmsg(Sock sk, MsgHdr msg) {
        return -Errno.EOPNOTSUPP;
    }

    @Override
    public int recvmsg(Sock sk, MsgHdr msg, int flags) {
        return -Errno.EOPNOTSUPP;
    }

    @Override
    public int getPort(Sock sk, int port) {
        return -Errno.EOPNOTSUPP;
    }

    @Override
    public void hash(Sock sk) {}

    @Override
    public void unhash(Sock sk) {}

    @Override
    public int setsockopt(Sock sk, int level, int name, byte[] value) {
        return -Errno.EOPNOTSUPP;
    }

    @Override
    public int getsockopt(Sock sk, int level, int name, byte[] value) {
        return -Errno.EOPNOTSUPP;
    }

    @Override
    public int ioctl(Sock sk, int cmd) {
        return -Errno.ENOIOCTLCMD;
    }

    @Override
    public int poll(Sock sk) {
        return UnixPoll.stream((UnixSock) sk);
    }

    @Override
    public void backlogRcv(Sock sk, SkBuff skb) {
        throw new IllegalStateException("AF_UNIX has no backlog");
    }
}
