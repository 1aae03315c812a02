package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.InetConnectionSockAfOps;
import dev.linnet.net.core.sock.RequestSock;
import dev.linnet.net.core.sock.SockCommon;
import dev.linnet.net.inet.InetBindHash;
import dev.linnet.net.inet.InetConnectionSocks;
import dev.linnet.net.inet.InetCskV4;
import dev.linnet.net.inet.InetCskV6;
import dev.linnet.net.inet.InetEhash;
import dev.linnet.net.inet.InetHashtables;
import dev.linnet.uapi.Af;
import dev.linnet.wire.In6Addr;
import org.jspecify.annotations.Nullable;

/// The sock of a connection that a peer opened (`tcp_v4_syn_recv_sock`, `tcp_v6_syn_recv_sock`).
final class TcpSynRecvSock {
    private TcpSynRecvSock() {}

    /// Makes the connection of a request and puts it into the hashes in the request's place.
    ///
    /// @param dst the route to the peer, or null to look it up
    /// @param unhash the request to be replaced in the hash; null with a SYN cookie, where there is
    ///     none
    /// @param own set in `[0]` if this call won the request; if not, the sock is not hashed
    /// @return the connection, locked; null when the accept queue is full, there is no route, or a
    ///     cookie's connection exists already
    @Kernel({"tcp_v4_syn_recv_sock", "tcp_v6_syn_recv_sock"})
    static @Nullable TcpSock create(
            TcpSock listener,
            SkBuff skb,
            RequestSock req,
            @Nullable DstEntry dst,
            @Nullable RequestSock unhash,
            boolean[] own) {
        if (InetConnectionSocks.acceptqIsFull(listener)) {
            listener.net.mib.inc(TcpExt.LISTENOVERFLOWS);
            TcpConnRequest.countDrop(listener);
            return null;
        }
        DstEntry route = dst != null ? dst : listener.afOps.routeReq(listener, req);
        if (route == null) {
            TcpConnRequest.countDrop(listener);
            return null;
        }
        TcpSock child = TcpOpenreqChild.create(listener, req, skb);
        boolean locked = child.lock.tryLock();
        assert locked;
        child.afOps = afOps(child);
        child.dst = route;
        reflectTos(listener, req, child);
        caOpenreqChild(child);
        TcpMss.syncMss(child, route.mtu());
        child.advmss = TcpMss.mssClamp(listener, route.advmss());
        TcpRcvSpace.initializeRcvMss(child);
        child.md5 = TcpMd5.copyFor(listener, req);
        return hash(listener, req, child, unhash, own) ? child : null;
    }

    private static InetConnectionSockAfOps afOps(TcpSock child) {
        if (child.family == Af.AF_INET) {
            return InetCskV4.OPS;
        }
        return In6Addr.isV4Mapped(child.daddrHi, child.daddrLo) ? InetCskV6.MAPPED : InetCskV6.OPS;
    }

    private static void reflectTos(TcpSock listener, RequestSock req, TcpSock child) {
        if (!listener.net.sysctl.get(TcpSysctls.REFLECT_TOS)) {
            return;
        }
        if (child.ipv4()) {
            child.tos = req.synTos & ~3;
        } else {
            child.tclass = req.synTos & ~3;
        }
    }

    /// The listener's congestion control if its user chose it, else the namespace's.
    @Kernel("tcp_ca_openreq_child")
    private static void caOpenreqChild(TcpSock child) {
        if (!child.caSetsockopt) {
            TcpCong.assign(child);
        }
    }

    private static boolean hash(
            TcpSock listener,
            RequestSock req,
            TcpSock child,
            @Nullable RequestSock unhash,
            boolean[] own) {
        if (!InetBindHash.OF.of(listener.net).inheritPort(listener, child)) {
            giveUp(child);
            TcpConnRequest.countDrop(listener);
            return false;
        }
        InetEhash ehash = InetHashtables.OF.of(listener.net).ehash;
        if (unhash != null) {
            own[0] = ehash.insert(child, unhash);
        } else {
            SockCommon duplicate = ehash.insertUnlessFound(child);
            own[0] = duplicate == null;
            if (duplicate != null) {
                giveUp(child);
                return false;
            }
        }
        if (own[0]) {
            child.savedSyn = req.savedSyn;
            req.savedSyn = null;
        }
        return true;
    }

    /// Ends a sock that nobody has seen yet.
    @Kernel("inet_csk_prepare_forced_close")
    static void giveUp(TcpSock child) {
        child.dead = true;
        TcpNet.OF.of(child.net).orphanCount.incrementAndGet();
        TcpClose.done(child);
        child.lock.unlock();
    }
}
