package dev.linnet.net.ipv6;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.sock.InetSock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// The rarer IPv6 settings of a socket (`struct ipv6_pinfo`), made when first used and kept in
/// [InetSock#pinet6]. Guarded by the sock's lock unless it says otherwise.
@Kernel("ipv6_pinfo")
public final class Ipv6Pinfo {
    /// Extension headers of sent packets, or null; read without the lock.
    volatile @Nullable Ipv6TxOptions opt;

    /// `IPV6_PKTINFO` set as an option: source address and interface of sent packets.
    long stickyHi;

    long stickyLo;
    int stickyIfindex;

    /// The groups that the socket has joined, the latest first; read without the lock.
    final List<Ip6Multicast.Membership> mcList = new CopyOnWriteArrayList<>();

    /// The anycast addresses and the flow labels that the socket holds.
    final List<Ip6Anycast.Membership> acList = new CopyOnWriteArrayList<>();

    final List<Ip6FlowLabel.Lease> flowLabels = new CopyOnWriteArrayList<>();

    /// `IPV6_ROUTER_ALERT`: the last value that was set was not 0.
    boolean rtalert;

    /// `IPV6_ROUTER_ALERT_ISOLATE`, `IPV6_RECVERR_RFC4884`.
    boolean rtalertIsolate;

    volatile boolean recverrRfc4884;

    /// Address preferences (`IPV6_PREFER_SRC_*`), as they were set.
    int srcprefs;

    /// The latest path MTU report that the user has not read, 0 if none (`rxpmtu`).
    volatile int rxpmtu;

    long rxpmtuHi;
    long rxpmtuLo;

    private Ipv6Pinfo() {}

    /// The settings of a sock, or null if it has none.
    @HotPath
    static @Nullable Ipv6Pinfo of(InetSock sk) {
        return (Ipv6Pinfo) sk.pinet6;
    }

    /// The settings of a sock, made now if need be.
    static Ipv6Pinfo make(InetSock sk) {
        synchronized (sk.receiveQueue) {
            Ipv6Pinfo pinfo = of(sk);
            if (pinfo == null) {
                pinfo = new Ipv6Pinfo();
                sk.pinet6 = pinfo;
            }
            return pinfo;
        }
    }

    /// The extension headers that go into every packet of a sock, or null.
    @HotPath
    static @Nullable Ipv6TxOptions txOptions(InetSock sk) {
        Ipv6Pinfo pinfo = of(sk);
        return pinfo == null ? null : pinfo.opt;
    }
}
