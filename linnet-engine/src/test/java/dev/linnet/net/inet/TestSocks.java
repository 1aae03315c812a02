package dev.linnet.net.inet;

import dev.linnet.kernel.sched.VirtualScheduler;
import dev.linnet.kernel.sysctl.Machine;
import dev.linnet.kernel.sysctl.SysctlValues;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.NetRandom;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkBuffPool;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.net.core.sock.InetTimewaitSock;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.Proto;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.IpProto;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.TcpState;
import dev.linnet.wire.In4Addr;
import dev.linnet.wire.In6Addr;
import java.util.concurrent.atomic.AtomicLong;

/// A namespace with socks of a protocol that does nothing, for tests of the tables.
final class TestSocks {
    final VirtualScheduler scheduler = new VirtualScheduler(1);
    final NetNamespace net;
    final TestProto proto = new TestProto();

    TestSocks(long seed) {
        net =
                new NetNamespace(
                        "test",
                        scheduler,
                        new SkBuffPool(),
                        new NetRandom(seed),
                        SysctlValues.initial(Machine.ofMemory(1L << 32)),
                        new AtomicLong(1));
    }

    static final class TestSock extends InetConnectionSock {
        TestSock(NetNamespace net, int family, Proto prot) {
            super(net, family, SocketType.SOCK_STREAM, IpProto.IPPROTO_TCP, prot);
        }

        @Override
        protected void backlogRcv(SkBuff skb) {
            throw new IllegalStateException("nothing is received here");
        }
    }

    /// Lets connecting socks take TIME-WAIT remains if told to.
    static final class TestProto extends Proto {
        boolean reuseTimewait;

        TestProto() {
            super("test");
        }

        @Override
        public boolean twskUnique(Sock sk, InetTimewaitSock tw, boolean auto) {
            return reuseTimewait;
        }

        @Override
        public Sock newSock(NetNamespace net, int family, int type, int protocol) {
            return new TestSock(net, family, this);
        }

        @Override
        public void close(Sock sk, long timeoutJiffies) {}

        @Override
        public int connect(Sock sk, SockAddr addr) {
            return -Errno.EOPNOTSUPP;
        }

        @Override
        public int disconnect(Sock sk, int flags) {
            return 0;
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
            return InetCskPort.getPort((TestSock) sk, port);
        }

        @Override
        public void hash(Sock sk) {
            InetHashtables.hash((TestSock) sk);
        }

        @Override
        public void unhash(Sock sk) {
            InetHashtables.unhash((TestSock) sk);
        }

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
            throw new IllegalStateException("nothing is received here");
        }
    }

    /// A sock with a local address, `0.0.0.0`, `::` or any other.
    TestSock sock(int family, String address) {
        TestSock sk = new TestSock(net, family, proto);
        setLocal(sk, address);
        return sk;
    }

    static void setLocal(TestSock sk, String address) {
        long[] a = address(address);
        boolean any = AddrType.isAny(a[0], a[1]);
        sk.rcvSaddrHi = a[0];
        sk.rcvSaddrLo = any ? 0 : a[1];
        sk.saddrHi = sk.rcvSaddrHi;
        sk.saddrLo = sk.rcvSaddrLo;
    }

    /// An address as two longs, IPv4 in mapped form.
    static long[] address(String text) {
        if (In6Addr.isLiteral(text)) {
            In6Addr v6 = In6Addr.parse(text);
            return new long[] {v6.hi(), v6.lo()};
        }
        return new long[] {0, In6Addr.mapV4(In4Addr.parse(text))};
    }

    /// A connection's sock, in no table.
    TestSock connection(int family, String local, int port, String foreign, int fport) {
        TestSock sk = sock(family, local);
        long[] f = address(foreign);
        sk.daddrHi = f[0];
        sk.daddrLo = f[1];
        sk.dport = fport;
        sk.num = port;
        sk.sport = port;
        sk.state = TcpState.TCP_ESTABLISHED;
        return sk;
    }
}
