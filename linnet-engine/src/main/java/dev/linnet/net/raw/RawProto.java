package dev.linnet.net.raw;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.Pernet;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.net.core.sock.Datagram;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.RawDeliver;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.net.inet.InetDatagramProto;
import dev.linnet.net.inet.InetDatagramRecv;
import dev.linnet.net.inet.InetDatagramSock;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.IpProto;
import dev.linnet.uapi.Msg;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Raw sockets (`raw_prot`, `rawv6_prot`): packets of one IP protocol, before any transport sees
/// them.
public final class RawProto extends InetDatagramProto {
    static final Pernet<List<InetDatagramSock>> SOCKS =
            new Pernet<>(net -> new CopyOnWriteArrayList<>());

    private RawProto() {
        super("RAW");
    }

    /// The raw sockets of a namespace, for `/proc/net/raw`.
    public static List<InetDatagramSock> all(NetNamespace net) {
        return List.copyOf(SOCKS.of(net));
    }

    @Kernel("raw_init")
    public static RawProto init(NetNamespace net) {
        RawDeliver.install(net, new RawInput(net));
        return new RawProto();
    }

    @Override
    public Sock newSock(NetNamespace net, int family, int type, int protocol) {
        InetDatagramSock sk = new InetDatagramSock(net, family, type, protocol, this);
        initBuffers(sk);
        if (protocol == IpProto.IPPROTO_ICMPV6) {
            sk.checksumOffset = 2;
        }
        return sk;
    }

    @Override
    @Kernel({"raw_sendmsg", "rawv6_sendmsg"})
    public int sendmsg(Sock sk, MsgHdr msg) {
        return RawSend.sendmsg((InetDatagramSock) sk, msg);
    }

    @Override
    @Kernel({"raw_recvmsg", "rawv6_recvmsg"})
    public int recvmsg(Sock sk, MsgHdr msg, int flags) {
        InetDatagramSock raw = (InetDatagramSock) sk;
        if ((flags & Msg.MSG_OOB) != 0) {
            return -Errno.EOPNOTSUPP;
        }
        if ((flags & Msg.MSG_ERRQUEUE) != 0) {
            return InetDatagramRecv.errqueue(raw, msg);
        }
        boolean peek = (flags & Msg.MSG_PEEK) != 0;
        SkBuff skb = Datagram.recv(raw, (flags & Msg.MSG_DONTWAIT) != 0, peek, msg);
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
            InetDatagramRecv.describe(raw, skb, msg, 0);
            return (flags & Msg.MSG_TRUNC) != 0 ? skb.len : want;
        } finally {
            skb.consume();
        }
    }

    /// A raw socket has no port; binding only sets its address.
    @Override
    public int getPort(Sock sk, int port) {
        return 0;
    }

    @Override
    @Kernel("raw_hash_sk")
    public void hash(Sock sk) {
        SOCKS.of(sk.net).add((InetDatagramSock) sk);
    }

    @Override
    @Kernel("raw_unhash_sk")
    public void unhash(Sock sk) {
        SOCKS.of(sk.net).remove((InetDatagramSock) sk);
    }

    @Override
    public int setsockopt(Sock sk, int level, int name, byte[] value) {
        return RawSockopt.set((InetDatagramSock) sk, level, name, value);
    }

    @Override
    public int getsockopt(Sock sk, int level, int name, byte[] value) {
        return RawSockopt.get((InetDatagramSock) sk, level, name, value);
    }
}
