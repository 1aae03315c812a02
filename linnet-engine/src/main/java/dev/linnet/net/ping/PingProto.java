package dev.linnet.net.ping;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.Pernet;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.net.core.sock.Datagram;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.PingDeliver;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.net.inet.AddrType;
import dev.linnet.net.inet.InetDatagramProto;
import dev.linnet.net.inet.InetDatagramRecv;
import dev.linnet.net.inet.InetDatagramSend;
import dev.linnet.net.inet.InetDatagramSock;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.IpProto;
import dev.linnet.uapi.Msg;
import dev.linnet.wire.Checksum;
import dev.linnet.wire.Icmp;
import dev.linnet.wire.Icmpv6;
import dev.linnet.wire.In6Addr;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Ping sockets (`ping_prot`, `pingv6_prot`): the local port is the identifier of echo requests.
public final class PingProto extends InetDatagramProto {
    private static final Pernet<Table> TABLE = new Pernet<>(net -> new Table());

    /// Identifier and family to socket.
    private static final class Table {
        final ConcurrentHashMap<Integer, InetDatagramSock> socks = new ConcurrentHashMap<>();
        int next;
    }

    private PingProto() {
        super("PING");
    }

    /// The ping sockets of a namespace, for `/proc/net/icmp`.
    public static List<InetDatagramSock> all(NetNamespace net) {
        return List.copyOf(TABLE.of(net).socks.values());
    }

    @Kernel("ping_init")
    public static PingProto init(NetNamespace net) {
        PingDeliver.install(net, new PingInput());
        return new PingProto();
    }

    private static int key(int family, int ident) {
        return (family == Af.AF_INET6 ? 1 << 16 : 0) | ident;
    }

    static @Nullable InetDatagramSock find(NetNamespace net, int family, int ident) {
        return TABLE.of(net).socks.get(key(family, ident));
    }

    @Override
    public Sock newSock(NetNamespace net, int family, int type, int protocol) {
        InetDatagramSock sk = new InetDatagramSock(net, family, type, protocol, this);
        initBuffers(sk);
        return sk;
    }

    @Override
    @Kernel("ping_get_port")
    public int getPort(Sock sk, int port) {
        Table table = TABLE.of(sk.net);
        InetDatagramSock ping = (InetDatagramSock) sk;
        synchronized (table) {
            int ident = port;
            for (int i = 0; ident == 0 && i < 0xFFFF; i++) {
                int candidate = (table.next = table.next % 0xFFFF + 1);
                ident = table.socks.containsKey(key(sk.family, candidate)) ? 0 : candidate;
            }
            if (ident == 0 || table.socks.putIfAbsent(key(sk.family, ident), ping) != null) {
                return -Errno.EADDRINUSE;
            }
            sk.num = ident;
            return 0;
        }
    }

    @Override
    public void hash(Sock sk) {
        throw new AssertionError("ping sockets are hashed by getPort");
    }

    @Override
    @Kernel("ping_unhash")
    public void unhash(Sock sk) {
        TABLE.of(sk.net).socks.remove(key(sk.family, sk.num), (InetDatagramSock) sk);
        sk.num = 0;
        ((InetDatagramSock) sk).sport = 0;
    }

    @Override
    @Kernel({"ping_v4_sendmsg", "ping_v6_sendmsg"})
    public int sendmsg(Sock sock, MsgHdr msg) {
        InetDatagramSock sk = (InetDatagramSock) sock;
        long count = msg.iter.count();
        if (count > 0xFFFF) {
            return -Errno.EMSGSIZE;
        }
        if ((msg.flags & Msg.MSG_OOB) != 0) {
            return -Errno.EOPNOTSUPP;
        }
        if (count < Icmp.HEADER_BYTES) {
            return -Errno.EINVAL;
        }
        InetDatagramSend send = InetDatagramSend.scratch();
        int err = send.prepare(sk, msg);
        if (err != 0) {
            return err;
        }
        boolean v4 = send.ipv4();
        if (v4 != (sk.family == Af.AF_INET)) {
            return -Errno.EINVAL;
        }
        if (v4 && (msg.flags & Msg.MSG_PROBE) != 0) {
            return (int) count;
        }
        if (!v4) {
            msg.flags |= Msg.MSG_DONTWAIT; // IPv6's never wait for room
            send.fl.dport = Icmpv6.ECHO_REQUEST << 8; // type and code stand where others have ports
        }
        err = send.tooLong(sk, count);
        if (err != 0) {
            return err;
        }
        SkBuff skb = send.packet(sk, msg);
        if (skb == null) {
            return msg.err;
        }
        if (!echoRequest(sk, skb, send, v4)) {
            skb.drop(DropReason.INVALID_PROTO);
            return -Errno.EINVAL;
        }
        err = send.send(sk, skb, v4 ? IpProto.IPPROTO_ICMP : IpProto.IPPROTO_ICMPV6);
        return err < 0 ? err : (int) count;
    }

    /// Checks the user's message and puts identifier and checksum in (`ping_common_sendmsg`).
    @Kernel("ping_common_sendmsg")
    private static boolean echoRequest(
            InetDatagramSock sk, SkBuff skb, InetDatagramSend send, boolean v4) {
        skb.mayPull(Icmp.HEADER_BYTES);
        SkbOps.unshareHead(skb, 0);
        int h = skb.data;
        int type = Icmp.type(skb.buf, h);
        boolean echo = type == (v4 ? Icmp.ECHO : Icmpv6.ECHO_REQUEST);
        if (!echo || Icmp.code(skb.buf, h) != 0) {
            return false;
        }
        skb.transportHeader = h;
        Icmp.id(skb.buf, h, sk.num);
        Icmp.checksum(skb.buf, h, 0);
        int pseudo =
                v4
                        ? 0
                        : Checksum.pseudoV6(
                                send.fl.saddrHi,
                                send.fl.saddrLo,
                                send.fl.daddrHi,
                                send.fl.daddrLo,
                                skb.len,
                                IpProto.IPPROTO_ICMPV6,
                                0);
        Icmp.checksum(skb.buf, h, Checksum.fold(SkbOps.checksum(skb, 0, skb.len, pseudo)));
        return true;
    }

    @Override
    @Kernel("ping_recvmsg")
    public int recvmsg(Sock sock, MsgHdr msg, int flags) {
        InetDatagramSock sk = (InetDatagramSock) sock;
        if ((flags & Msg.MSG_OOB) != 0) {
            return -Errno.EOPNOTSUPP;
        }
        if ((flags & Msg.MSG_ERRQUEUE) != 0) {
            return InetDatagramRecv.errqueue(sk, msg);
        }
        boolean peek = (flags & Msg.MSG_PEEK) != 0;
        SkBuff skb = Datagram.recv(sk, (flags & Msg.MSG_DONTWAIT) != 0, peek, msg);
        if (skb == null) {
            return msg.err;
        }
        try {
            int want = (int) Math.min(skb.len, msg.iter.count());
            if (SkbOps.copyToIter(skb, 0, msg.iter, want) < want) {
                return -Errno.EFAULT;
            }
            if (want < skb.len) {
                msg.flags |= Msg.MSG_TRUNC;
            }
            InetDatagramRecv.describe(sk, skb, msg, 0);
            return want; // also with MSG_TRUNC
        } finally {
            skb.consume();
        }
    }

    @Override
    public boolean timesOnly() {
        return true;
    }

    /// True if a reply to `daddr` is for the socket.
    static boolean matches(InetDatagramSock sk, long saddrHi, long saddrLo, int iif) {
        boolean peer =
                AddrType.isAny(sk.daddrHi, sk.daddrLo)
                        || (sk.daddrHi == saddrHi && sk.daddrLo == saddrLo);
        return peer && (sk.boundDevIf == 0 || sk.boundDevIf == iif);
    }

    /// An IPv4 address in the form that socks keep.
    static long mapped(int v4) {
        return In6Addr.mapV4(v4);
    }
}
