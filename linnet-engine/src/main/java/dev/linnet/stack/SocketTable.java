package dev.linnet.stack;

import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.core.sock.InetTimewaitSock;
import dev.linnet.net.core.sock.RequestSock;
import dev.linnet.net.core.sock.SockCommon;
import dev.linnet.net.inet.InetHashtables;
import dev.linnet.net.tcp.TcpInfoFill;
import dev.linnet.net.tcp.TcpSock;
import dev.linnet.net.udp.UdpTable;
import dev.linnet.net.unix.UnixSock;
import dev.linnet.net.unix.UnixTable;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.uapi.SockAddrIn6;
import dev.linnet.uapi.SockAddrUn;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.TcpInfo;
import dev.linnet.uapi.TcpState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The sockets of a namespace as a list: listeners, connections in every state, requests of the SYN
/// queue, TIME-WAIT remains, datagram sockets, those of AF_UNIX.
final class SocketTable {
    private SocketTable() {}

    static List<SocketInfo> list(NetNamespace net) {
        List<SocketInfo> list = new ArrayList<>();
        InetHashtables tables = InetHashtables.OF.of(net);
        for (InetConnectionSock listener : tables.listeners.all()) {
            list.add(listener(listener));
        }
        List<SocketInfo> connections = new ArrayList<>();
        tables.ehash.forEach(sk -> connections.add(connection(sk)));
        connections.sort(
                Comparator.comparing((SocketInfo s) -> s.local().toString())
                        .thenComparing(s -> s.peer().toString()));
        list.addAll(connections);
        UdpTable.OF.of(net).all().forEach(sk -> list.add(datagram(sk)));
        UnixTable.OF.of(net).sockets().forEach(sk -> list.add(local(sk)));
        return list;
    }

    private static SocketInfo listener(InetConnectionSock sk) {
        return new SocketInfo(
                "tcp",
                sk.state,
                local(sk),
                address(sk.family, 0, 0, 0),
                sk.ackBacklog,
                sk.maxAckBacklog,
                sk.inode,
                null);
    }

    private static SocketInfo connection(SockCommon sk) {
        SockAddr local = local(sk);
        SockAddr peer = address(sk.family, sk.daddrHi, sk.daddrLo, sk.dport);
        return switch (sk) {
            case TcpSock tp -> {
                TcpInfo info = TcpInfoFill.fill(tp);
                yield new SocketInfo(
                        "tcp",
                        tp.state,
                        local,
                        peer,
                        Math.max(tp.rcvNxt - tp.copiedSeq, 0),
                        Math.max(tp.writeSeq - tp.sndUna, 0),
                        tp.inode,
                        info);
            }
            case InetTimewaitSock tw -> plain(tw.substate, local, peer);
            case RequestSock req -> plain(req.state, local, peer);
            default -> plain(sk.state, local, peer);
        };
    }

    private static SocketInfo plain(TcpState state, SockAddr local, SockAddr peer) {
        return new SocketInfo("tcp", state, local, peer, 0, 0, 0, null);
    }

    private static SocketInfo datagram(InetSock sk) {
        return new SocketInfo(
                "udp",
                sk.state,
                local(sk),
                address(sk.family, sk.daddrHi, sk.daddrLo, sk.dport),
                sk.rmemAlloc(),
                sk.wmemAlloc(),
                sk.inode,
                null);
    }

    /// Of AF_UNIX. A listener has connections and how many may wait in place of bytes.
    private static SocketInfo local(UnixSock sk) {
        boolean listening = sk.state == TcpState.TCP_LISTEN;
        UnixSock peer = sk.peer();
        return new SocketInfo(
                switch (sk.type) {
                    case SocketType.SOCK_STREAM -> "u_str";
                    case SocketType.SOCK_DGRAM -> "u_dgr";
                    default -> "u_seq";
                },
                sk.state,
                name(sk),
                peer == null ? SockAddrUn.UNNAMED : name(peer),
                listening ? sk.receiveQueue.qlen() : sk.unread(),
                listening ? sk.maxAckBacklog : sk.wmemAlloc(),
                sk.inode,
                null);
    }

    private static SockAddr name(UnixSock sk) {
        SockAddrUn name = sk.name();
        return name == null ? SockAddrUn.UNNAMED : name;
    }

    private static SockAddr local(SockCommon sk) {
        return address(sk.family, sk.rcvSaddrHi, sk.rcvSaddrLo, sk.num);
    }

    private static SockAddr address(int family, long hi, long lo, int port) {
        return family == Af.AF_INET
                ? new SockAddrIn(port, (int) lo)
                : new SockAddrIn6(port, hi, lo);
    }
}
