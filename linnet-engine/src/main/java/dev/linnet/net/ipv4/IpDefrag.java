package dev.linnet.net.ipv4;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.IpMib;
import dev.linnet.kernel.sysctl.IpSysctls;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.Pernet;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.wire.Icmp;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Ipv4;
import org.jspecify.annotations.Nullable;

/// Puts IPv4 datagrams together that come in fragments (RFC 791 section 3.2, RFC 815;
/// `net/ipv4/ip_fragment.c`).
public final class IpDefrag {
    private static final Pernet<IpDefrag> OF = new Pernet<>(IpDefrag::new);

    /// What tells datagrams apart (`struct frag_v4_compare_key`).
    private record Key(int saddr, int daddr, int id, int protocol) {}

    private final NetNamespace net;
    private final InetFrags<Key> frags;

    private IpDefrag(NetNamespace net) {
        this.net = net;
        this.frags =
                new InetFrags<>(
                        net,
                        () -> net.sysctl.get(IpSysctls.IPFRAG_HIGH_THRESH),
                        () -> net.sysctl.get(IpSysctls.IPFRAG_TIME));
    }

    /// Sets reassembly up in a namespace: what came over a device that goes down is given up.
    @Kernel("ipfrag_init")
    public static void init(NetNamespace net) {
        IpDefrag defrag = OF.of(net);
        net.devices.addNotifier(
                (dev, event) -> {
                    switch (event) {
                        case DOWN, UNREGISTER -> defrag.frags.purge(dev.ifindex);
                        case REGISTER, UP, CHANGE_MTU -> {}
                    }
                });
    }

    /// The fragments of a namespace, to be looked at.
    public static InetFrags<?> frags(NetNamespace net) {
        return OF.of(net).frags;
    }

    /// Takes a fragment, `data` at its header: the whole datagram if this was the one that was missing,
    /// else null (`ip_defrag`). Takes ownership.
    @Kernel("ip_defrag")
    public static @Nullable SkBuff defrag(SkBuff skb) {
        NetDevice dev = skb.dev;
        assert dev != null : "a received packet has a device";
        return OF.of(dev.net).add(skb);
    }

    private @Nullable SkBuff add(SkBuff skb) {
        net.mib.inc(IpMib.REASMREQDS);
        skb.orphan();
        int nh = skb.networkHeader;
        Key key =
                new Key(
                        Ipv4.saddr(skb.buf, nh),
                        Ipv4.daddr(skb.buf, nh),
                        Ipv4.id(skb.buf, nh),
                        Ipv4.protocol(skb.buf, nh));
        Ipq q = (Ipq) frags.find(key, Ipq::new);
        if (q == null) {
            net.mib.inc(IpMib.REASMFAILS);
            skb.drop(DropReason.NOMEM);
            return null;
        }
        synchronized (q) {
            return q.queue(skb);
        }
    }

    /// One datagram (`struct ipq`).
    private final class Ipq extends InetFragQueue<Key> {
        private final InetPeers.Peer peer;
        private int rid;

        Ipq(Key key) {
            super(frags, key);
            this.peer = InetPeers.OF.of(net).get(0, In6Addr.mapV4(key.saddr));
        }

        /// Takes a fragment over (`ip_frag_queue`).
        @Kernel("ip_frag_queue")
        @Nullable SkBuff queue(SkBuff skb) {
            if (isDead()) {
                skb.drop(DropReason.FRAG_REASM_TIMEOUT);
                return null;
            }
            if (tooFar()) {
                restart(DropReason.FRAG_TOO_FAR);
            }
            byte[] b = skb.buf;
            int nh = skb.networkHeader;
            int ihl = Ipv4.headerBytes(b, nh);
            int offset = Ipv4.fragmentOffsetBytes(b, nh);
            int ecnBits = 1 << (Ipv4.tos(b, nh) & 3);
            int fragOff = Ipv4.fragOff(b, nh);
            boolean isLast = (fragOff & Ipv4.MF) == 0;
            int end = offset + skb.len - ihl;
            if (!isLast) {
                end &= ~7;
            }
            if (!noteEnd(end, isLast) || end == offset) {
                giveUp(skb, DropReason.IP_INHDR);
                return null;
            }
            skb.pull(ihl);
            skb.trim(end - offset);
            int size = skb.len + ihl;
            switch (insert(skb, offset)) {
                case DUP -> {
                    skb.drop(DropReason.DUP_FRAG);
                    return null;
                }
                case OVERLAP -> {
                    net.mib.inc(IpMib.REASM_OVERLAPS);
                    giveUp(skb, DropReason.DUP_FRAG);
                    return null;
                }
                default -> {}
            }
            ecn |= ecnBits;
            maxSize = Math.max(maxSize, size);
            if ((fragOff & Ipv4.DF) != 0) {
                maxDfSize = Math.max(maxDfSize, size);
            }
            return isComplete() ? reassemble(skb, ihl) : null;
        }

        /// Too many other fragments of the same sender came in between: identifications wrap round, this
        /// one may be of another datagram (`ip_frag_too_far`).
        @Kernel("ip_frag_too_far")
        private boolean tooFar() {
            int max = net.sysctl.get(IpSysctls.IPFRAG_MAX_DIST);
            if (max == 0) {
                return false;
            }
            int start = rid;
            rid = peer.nextRid();
            boolean far = !isEmpty() && rid - start > max;
            if (far) {
                net.mib.inc(IpMib.REASMFAILS);
            }
            return far;
        }

        private void giveUp(SkBuff skb, DropReason reason) {
            net.mib.inc(IpMib.REASMFAILS);
            discard(reason);
            skb.drop(reason);
        }

        /// Makes the datagram of its parts (`ip_frag_reasm`).
        ///
        /// @param latest the fragment that came last, in the queue already
        @Kernel("ip_frag_reasm")
        private @Nullable SkBuff reassemble(SkBuff latest, int latestIhl) {
            NetDevice dev = latest.dev;
            var dst = latest.dst;
            int ecnResult = FragEcn.combine(ecn);
            int firstIhl = firstHeaderBytes(latestIhl);
            if (ecnResult == FragEcn.INVALID || firstIhl + length() > Ipv4.MAX_TOT_LEN) {
                net.mib.inc(IpMib.REASMFAILS);
                discard(DropReason.PKT_TOO_BIG);
                return null;
            }
            SkBuff whole = assemble(firstIhl);
            whole.dev = dev;
            whole.dst = dst;
            byte[] b = whole.buf;
            int nh = whole.data;
            whole.networkHeader = nh;
            whole.transportHeader = nh + firstIhl;
            Ipv4.totLen(b, nh, whole.len);
            Ipv4.tos(b, nh, Ipv4.tos(b, nh) | ecnResult);
            whole.fragMaxSize = Math.max(maxDfSize, maxSize);
            boolean allDf = maxDfSize == maxSize;
            Ipv4.fragOff(b, nh, allDf ? Ipv4.DF : 0);
            if (allDf) {
                whole.ipFlags |= IpCb.FRAG_PMTU;
            }
            Ipv4.sendCheck(b, nh);
            net.mib.inc(IpMib.REASMOKS);
            return whole;
        }

        private int firstHeaderBytes(int otherwise) {
            SkBuff first = first();
            return first == null ? otherwise : first.data - first.networkHeader;
        }

        @Override
        @Kernel("ip_expire")
        protected void expired(@Nullable SkBuff first) {
            net.mib.inc(IpMib.REASMFAILS);
            net.mib.inc(IpMib.REASMTIMEOUT);
            NetDevice dev = first == null ? null : net.devices.byIndex(first.skbIif);
            if (first == null || dev == null) {
                return;
            }
            first.dev = dev;
            if (RouteInput.route(first, dev) == null) {
                Icmp4.send(first, Icmp.TIME_EXCEEDED, Icmp.EXC_FRAGTIME, 0);
            }
        }
    }
}
