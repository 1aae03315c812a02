package dev.linnet.net.ipv6;

import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.Proto;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.SockAddr;

/// Socks of no protocol, whose options and queues are what is tested.
final class TestSock {
    private TestSock() {}

    static InetSock datagram(NetNamespace net, int type, int protocol) {
        return new Datagram(net, type, protocol);
    }

    static InetSock stream(NetNamespace net) {
        return new Stream(net);
    }

    private static final class Datagram extends InetSock {
        Datagram(NetNamespace net, int type, int protocol) {
            super(net, 10, type, protocol, new NoProto());
            rcvbuf = 212_992;
            sndbuf = 212_992;
        }

        @Override
        protected void backlogRcv(SkBuff skb) {
            skb.drop(DropReason.NO_SOCKET);
        }
    }

    private static final class Stream extends InetConnectionSock {
        Stream(NetNamespace net) {
            super(net, 10, 1, 6, new NoProto());
        }

        @Override
        protected void backlogRcv(SkBuff skb) {
            skb.drop(DropReason.NO_SOCKET);
        }
    }

    private static final class NoProto extends Proto {
        NoProto() {
            super("NONE");
        }

        @Override
        public Sock newSock(NetNamespace net, int family, int type, int protocol) {
            return new Datagram(net, type, protocol);
        }

        @Override
        public void close(Sock sk, long timeoutJiffies) {}

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
            return 0;
        }

        @Override
        public void hash(Sock sk) {}

        @Override
        public void unhash(Sock sk) {}

        @Override
        public int setsockopt(Sock sk, int level, int name, byte[] value) {
            return -Errno.ENOPROTOOPT;
        }

        @Override
        public int getsockopt(Sock sk, int level, int name, byte[] value) {
            return -Errno.ENOPROTOOPT;
        }

        @Override
        public int ioctl(Sock sk, int cmd) {
            return -Errno.ENOIOCTLCMD;
        }

        @Override
        public int poll(Sock sk) {
            return 0;
        }

        @Override
        public void backlogRcv(Sock sk, SkBuff skb) {
            skb.drop(DropReason.NO_SOCKET);
        }
    }
}
