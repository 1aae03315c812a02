package dev.linnet.net.inet;

import dev.linnet.kernel.sysctl.NetCoreSysctls;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.Datagram;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.core.sock.Proto;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Ioctl;
import dev.linnet.uapi.SockAddr;

/// What raw and ping sockets share: a queue of datagrams, a peer that is only remembered.
public abstract class InetDatagramProto extends Proto {
    protected InetDatagramProto(String name) {
        super(name);
    }

    /// Buffers of their default sizes.
    protected static void initBuffers(Sock sk) {
        sk.rcvbuf = sk.net.sysctl.get(NetCoreSysctls.RMEM_DEFAULT);
        sk.sndbuf = sk.net.sysctl.get(NetCoreSysctls.WMEM_DEFAULT);
    }

    @Override
    public void close(Sock sk, long timeoutJiffies) {
        sk.lock.lock();
        try {
            sk.dead = true;
            unhash(sk);
            if (sk instanceof InetDatagramSock own && own.cork != null) {
                own.cork.drop();
                own.cork = null;
            }
            InetSockopt.dropMemberships((InetSock) sk);
            sk.socket = null;
        } finally {
            sk.lock.unlock();
        }
        Datagram.purge(sk);
    }

    @Override
    public int connect(Sock sk, SockAddr addr) {
        return InetDatagramConnect.connect((InetSock) sk, addr);
    }

    @Override
    public int disconnect(Sock sk, int flags) {
        InetDatagramDisconnect.disconnect((InetSock) sk);
        return 0;
    }

    @Override
    public int setsockopt(Sock sk, int level, int name, byte[] value) {
        return InetSockopt.set((InetSock) sk, level, name, value);
    }

    @Override
    public int getsockopt(Sock sk, int level, int name, byte[] value) {
        return InetSockopt.get((InetSock) sk, level, name, value);
    }

    @Override
    public int ioctl(Sock sk, int cmd) {
        return switch (cmd) {
            case Ioctl.SIOCOUTQ -> sk.wmemAlloc();
            case Ioctl.SIOCINQ -> Datagram.firstLength(sk, 0);
            default -> -Errno.ENOIOCTLCMD;
        };
    }

    @Override
    public int poll(Sock sk) {
        return Datagram.poll(sk);
    }

    @Override
    public void backlogRcv(Sock sk, SkBuff skb) {
        throw new AssertionError(name + " sockets have no backlog");
    }
}
