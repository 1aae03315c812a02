package dev.linnet.net.udp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.NetCoreSysctls;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.Datagram;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.MsgZerocopy;
import dev.linnet.net.core.sock.NetProtocols;
import dev.linnet.net.core.sock.Proto;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.net.inet.InetCork;
import dev.linnet.net.inet.InetDatagramConnect;
import dev.linnet.net.inet.InetDatagramDisconnect;
import dev.linnet.net.inet.InetSockopt;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Ioctl;
import dev.linnet.uapi.IpProto;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.Sol;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Udp;

/// UDP for the socket layer (`udp_prot`, `udpv6_prot`).
public final class UdpProto extends Proto {
    private UdpProto() {
        super("UDP");
    }

    /// Makes UDP known in a namespace.
    @Kernel({"udp_init", "udpv6_init"})
    public static UdpProto init(NetNamespace net) {
        NetProtocols.add(net, IpProto.IPPROTO_UDP, new UdpInput(false), new UdpInput(true));
        return new UdpProto();
    }

    @Override
    @Kernel("udp_init_sock")
    public Sock newSock(NetNamespace net, int family, int type, int protocol) {
        UdpSock sk = new UdpSock(net, family, type, protocol, this);
        sk.rcvbuf = net.sysctl.get(NetCoreSysctls.RMEM_DEFAULT);
        sk.sndbuf = net.sysctl.get(NetCoreSysctls.WMEM_DEFAULT);
        return sk;
    }

    @Override
    @Kernel({"udp_destroy_sock", "sk_common_release"})
    public void close(Sock sk, long timeoutJiffies) {
        UdpSock up = (UdpSock) sk;
        up.lock.lock();
        try {
            UdpCorking.flush(up);
            up.dead = true;
            unhash(up);
            InetSockopt.dropMemberships(up);
            up.socket = null;
        } finally {
            up.lock.unlock();
        }
        Datagram.purge(up);
        UdpMemory.update(up);
    }

    @Override
    public int connect(Sock sk, SockAddr addr) {
        UdpSock up = (UdpSock) sk;
        int err = InetDatagramConnect.connect(up, addr);
        if (err == 0 && In6Addr.isV4Mapped(up.daddrHi, up.daddrLo)) {
            InetCork cork = up.cork;
            if (cork != null && cork.isIpv4()) {
                cork.redirect(up);
            }
        }
        return err;
    }

    @Override
    @Kernel("__udp_disconnect")
    public int disconnect(Sock sk, int flags) {
        InetDatagramDisconnect.disconnect((InetSock) sk);
        return 0;
    }

    @Override
    public int sendmsg(Sock sk, MsgHdr msg) {
        int n = UdpSend.sendmsg((UdpSock) sk, msg);
        if (n >= 0 && sk.zerocopy && (msg.flags & Msg.MSG_ZEROCOPY) != 0) {
            MsgZerocopy.completed(sk);
        }
        return n;
    }

    @Override
    @Kernel("udp_splice_eof")
    public void spliceEof(Sock sk) {
        UdpCorking.end((UdpSock) sk);
    }

    @Override
    public int recvmsg(Sock sk, MsgHdr msg, int flags) {
        return UdpRecv.recvmsg((UdpSock) sk, msg, flags);
    }

    @Override
    public int getPort(Sock sk, int port) {
        return UdpTable.OF.of(sk.net).getPort((UdpSock) sk, port);
    }

    @Override
    public boolean hashed(Sock sk) {
        return ((UdpSock) sk).inTable;
    }

    @Override
    public void putPort(Sock sk) {
        unhash(sk);
    }

    /// A UDP socket becomes findable when it is bound.
    @Override
    public void hash(Sock sk) {
        throw new AssertionError("UDP sockets are hashed by getPort");
    }

    @Override
    public void unhash(Sock sk) {
        UdpTable.OF.of(sk.net).remove((UdpSock) sk);
        sk.num = 0;
        ((UdpSock) sk).sport = 0;
    }

    /// `SOL_UDPLITE` is taken for `SOL_UDP`.
    private static boolean isOwn(int level) {
        return level == Sol.SOL_UDP || level == Sol.SOL_UDPLITE;
    }

    @Override
    public int setsockopt(Sock sk, int level, int name, byte[] value) {
        return isOwn(level)
                ? UdpSockopt.set((UdpSock) sk, name, value)
                : InetSockopt.set((InetSock) sk, level, name, value);
    }

    @Override
    public int getsockopt(Sock sk, int level, int name, byte[] value) {
        return isOwn(level)
                ? UdpSockopt.get((UdpSock) sk, name, value)
                : InetSockopt.get((InetSock) sk, level, name, value);
    }

    @Override
    @Kernel("udp_ioctl")
    public int ioctl(Sock sk, int cmd) {
        return switch (cmd) {
            case Ioctl.SIOCOUTQ -> sk.wmemAlloc();
            case Ioctl.SIOCINQ -> Datagram.firstLength(sk, Udp.HEADER_BYTES);
            default -> -Errno.ENOIOCTLCMD;
        };
    }

    @Override
    public boolean hasPeekOff() {
        return true;
    }

    @Override
    public void shutdown(Sock sk, int how) {
        // The flags are set by the socket layer; nothing is told to a peer.
    }

    @Override
    @Kernel("udp_poll")
    public int poll(Sock sk) {
        return Datagram.poll(sk);
    }

    @Override
    public void backlogRcv(Sock sk, SkBuff skb) {
        throw new AssertionError("a UDP socket has no backlog");
    }
}
