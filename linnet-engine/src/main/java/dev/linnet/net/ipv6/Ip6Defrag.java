package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.Ip6Mib;
import dev.linnet.kernel.sysctl.Ipv6Sysctls;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.Pernet;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.ipv4.FragEcn;
import dev.linnet.net.ipv4.InetFragQueue;
import dev.linnet.net.ipv4.InetFrags;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.Ecn;
import dev.linnet.wire.Icmpv6;
import dev.linnet.wire.IpProto;
import dev.linnet.wire.Ipv6;
import dev.linnet.wire.Ipv6Ext;
import dev.linnet.wire.Tcp;
import dev.linnet.wire.Udp;
import org.jspecify.annotations.Nullable;

/// Puts IPv6 packets together that come in fragments (RFC 8200 section 4.5;
/// `net/ipv6/reassembly.c`).
public final class Ip6Defrag {
    private static final Pernet<Ip6Defrag> OF = new Pernet<>(Ip6Defrag::new);

    /// Code of a parameter problem: the first fragment lacks headers (RFC 7112).
    private static final int HDR_INCOMP = 3;

    private static final int MAX_PAYLOAD = 0xFFFF;

    /// What tells packets apart (`struct frag_v6_compare_key`); the interface only for addresses that
    /// mean something only there.
    private record Key(
            long saddrHi, long saddrLo, long daddrHi, long daddrLo, int id, int ifindex) {}

    private final NetNamespace net;
    private final InetFrags<Key> frags;

    private Ip6Defrag(NetNamespace net) {
        this.net = net;
        this.frags =
                new InetFrags<>(
                        net,
                        () -> net.sysctl.get(Ipv6Sysctls.IP6FRAG_HIGH_THRESH),
                        () -> net.sysctl.get(Ipv6Sysctls.IP6FRAG_TIME));
    }

    /// Sets reassembly up in a namespace: what came over a device that goes down is given up.
    @Kernel("ipv6_frag_init")
    static void init(NetNamespace net) {
        Ip6Defrag defrag = OF.of(net);
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

    /// Takes a packet with a fragment header at `transportHeader`, which is `data`. Gives the packet
    /// that goes on behind it: this one if it is not really a fragment (RFC 6946), the whole one if
    /// this was the fragment that was missing, else null. Takes ownership.
    @Kernel("ipv6_frag_rcv")
    static @Nullable SkBuff rcv(SkBuff skb, NetNamespace net) {
        byte[] b = skb.buf;
        int nh = skb.networkHeader;
        int ext = skb.transportHeader;
        net.mib.inc(Ip6Mib.REASMREQDS);
        boolean bad =
                Ip6Cb.has(skb, Ip6Cb.FRAGMENTED)
                        || Ipv6.payloadLen(b, nh) == 0
                        || !skb.mayPull(Ipv6Ext.FRAGMENT_BYTES);
        if (bad) {
            return refuse(skb, net, Icmpv6.HDR_FIELD, ext - nh);
        }
        b = skb.buf;
        nh = skb.networkHeader;
        ext = skb.transportHeader;
        if (Ipv6Ext.fragmentOffsetBytes(b, ext) == 0 && !Ipv6Ext.moreFragments(b, ext)) {
            net.mib.inc(Ip6Mib.REASMOKS);
            Ip6Cb.nhoff(skb, ext - nh);
            skb.ipFlags |= Ip6Cb.FRAGMENTED;
            skb.fragMaxSize = Ipv6.payloadLen(b, nh) + Ipv6.HEADER_BYTES;
            skb.transportHeader += Ipv6Ext.FRAGMENT_BYTES;
            return skb;
        }
        if (lacksHeaders(skb)) {
            return refuse(skb, net, HDR_INCOMP, 0);
        }
        return OF.of(net).add(skb);
    }

    private static @Nullable SkBuff refuse(SkBuff skb, NetNamespace net, int code, int pointer) {
        net.mib.inc(Ip6Mib.INHDRERRORS);
        Exthdrs.paramProb(skb, code, pointer, DropReason.IPV6_BAD_EXTHDR);
        return null;
    }

    /// True for a first fragment that does not have all headers up to the transport's (RFC 8200
    /// section 4.5).
    @Kernel("ipv6frag_thdr_truncated")
    private static boolean lacksHeaders(SkBuff skb) {
        byte[] b = skb.buf;
        if (Ipv6Ext.fragmentOffsetBytes(b, skb.transportHeader) != 0) {
            return false;
        }
        int at = skb.transportHeader;
        int next = Ipv6Ext.FRAGMENT;
        while (Ipv6Ext.isExtension(next)) {
            if (at + 2 > skb.tail) {
                return false;
            }
            int bytes = Ipv6Ext.bytes(b, at, next);
            next = Ipv6Ext.nexthdr(b, at);
            at += bytes;
        }
        int needed =
                switch (next) {
                    case IpProto.TCP -> Tcp.HEADER_BYTES;
                    case IpProto.UDP -> Udp.HEADER_BYTES;
                    case IpProto.ICMPV6 -> Icmpv6.HEADER_BYTES;
                    default -> 1;
                };
        return at - skb.data + needed > skb.len;
    }

    private @Nullable SkBuff add(SkBuff skb) {
        byte[] b = skb.buf;
        int nh = skb.networkHeader;
        long daddrHi = Ipv6.daddrHi(b, nh);
        long daddrLo = Ipv6.daddrLo(b, nh);
        boolean scoped = Ipv6Scope.needsInterface(daddrHi, daddrLo);
        NetDevice dev = skb.dev;
        assert dev != null;
        Key key =
                new Key(
                        Ipv6.saddrHi(b, nh),
                        Ipv6.saddrLo(b, nh),
                        daddrHi,
                        daddrLo,
                        Ipv6Ext.fragmentId(b, skb.transportHeader),
                        scoped ? dev.ifindex : 0);
        FragQueue q = (FragQueue) frags.find(key, FragQueue::new);
        if (q == null) {
            net.mib.inc(Ip6Mib.REASMFAILS);
            skb.drop(DropReason.NOMEM);
            return null;
        }
        int problem;
        synchronized (q) {
            problem = q.check(skb);
            if (problem < 0) {
                return q.queue(skb);
            }
        }
        return refuse(skb, net, Icmpv6.HDR_FIELD, problem); // sent without the queue's monitor
    }

    /// One packet (`struct frag_queue`).
    private final class FragQueue extends InetFragQueue<Key> {
        /// In the first fragment: where the byte stands that names the fragment header.
        private int nhoff;

        FragQueue(Key key) {
            super(frags, key);
        }

        /// Where the header is wrong, or negative: the packet must stay within 64 KB, and all parts
        /// but the last are multiples of eight bytes.
        int check(SkBuff skb) {
            int ext = skb.transportHeader;
            int end = end(skb);
            if (end > MAX_PAYLOAD) {
                return ext + 2 - skb.networkHeader;
            }
            return Ipv6Ext.moreFragments(skb.buf, ext) && (end & 7) != 0 ? Ipv6.PAYLOAD_LEN : -1;
        }

        private static int end(SkBuff skb) {
            int ext = skb.transportHeader;
            int headers = ext + Ipv6Ext.FRAGMENT_BYTES - skb.networkHeader - Ipv6.HEADER_BYTES;
            return Ipv6Ext.fragmentOffsetBytes(skb.buf, ext)
                    + Ipv6.payloadLen(skb.buf, skb.networkHeader)
                    - headers;
        }

        @Kernel("ip6_frag_queue")
        @Nullable SkBuff queue(SkBuff skb) {
            if (isDead()) {
                skb.drop(DropReason.DUP_FRAG);
                return null;
            }
            byte[] b = skb.buf;
            int ext = skb.transportHeader;
            int offset = Ipv6Ext.fragmentOffsetBytes(b, ext);
            int end = end(skb);
            boolean isLast = !Ipv6Ext.moreFragments(b, ext);
            if (end <= offset || !noteEnd(end, isLast)) {
                return giveUp(skb);
            }
            int ecnBits = 1 << (Ipv6.trafficClass(b, skb.networkHeader) & Ecn.MASK);
            int at = Ip6Cb.nhoff(skb);
            skb.pull(Ipv6Ext.FRAGMENT_BYTES);
            skb.trim(end - offset);
            int size = skb.len + skb.data - skb.networkHeader;
            switch (insert(skb, offset)) {
                case DUP -> {
                    skb.drop(DropReason.DUP_FRAG);
                    return null;
                }
                case OVERLAP -> {
                    return giveUp(skb);
                }
                default -> {}
            }
            ecn |= ecnBits;
            maxSize = Math.max(maxSize, size);
            if (offset == 0) {
                nhoff = at;
            }
            return isComplete() ? reassemble(skb) : null;
        }

        private @Nullable SkBuff giveUp(SkBuff skb) {
            net.mib.inc(Ip6Mib.REASMFAILS);
            discard(DropReason.IPV6_BAD_EXTHDR);
            skb.drop(DropReason.IPV6_BAD_EXTHDR);
            return null;
        }

        /// Makes the packet of its parts; the fragment header of the first one goes.
        ///
        /// @param latest the fragment that came last, in the queue already
        @Kernel("ip6_frag_reasm")
        private @Nullable SkBuff reassemble(SkBuff latest) {
            NetDevice dev = latest.dev;
            var dst = latest.dst;
            SkBuff first = first();
            assert first != null : "a complete packet has fragments";
            int headers = first.data - first.networkHeader;
            int payload = headers - Ipv6.HEADER_BYTES - Ipv6Ext.FRAGMENT_BYTES + length();
            int ecnResult = FragEcn.combine(ecn);
            if (ecnResult == FragEcn.INVALID || payload > MAX_PAYLOAD) {
                net.mib.inc(Ip6Mib.REASMFAILS);
                discard(DropReason.IPV6_BAD_EXTHDR);
                return null;
            }
            SkBuff whole = assemble(headers);
            whole.dev = dev;
            whole.dst = dst;
            takeFragmentHeaderOut(whole, headers);
            int nh = whole.networkHeader;
            Ipv6.payloadLen(whole.buf, nh, payload);
            int tclass = Ipv6.trafficClass(whole.buf, nh);
            Ipv6.trafficClass(whole.buf, nh, tclass | ecnResult);
            whole.transportHeader = whole.data + headers - Ipv6Ext.FRAGMENT_BYTES;
            Ip6Cb.nhoff(whole, nhoff);
            whole.ipFlags |= Ip6Cb.FRAGMENTED;
            whole.fragMaxSize = maxSize;
            net.mib.inc(Ip6Mib.REASMOKS);
            return whole;
        }

        /// The headers in front of the fragment header move over it.
        private void takeFragmentHeaderOut(SkBuff whole, int headers) {
            byte[] b = whole.buf;
            int start = whole.data;
            int before = headers - Ipv6Ext.FRAGMENT_BYTES;
            Bytes.u8(b, start + nhoff, Ipv6Ext.nexthdr(b, start + before));
            System.arraycopy(b, start, b, start + Ipv6Ext.FRAGMENT_BYTES, before);
            whole.pull(Ipv6Ext.FRAGMENT_BYTES);
            whole.networkHeader = whole.data;
        }

        @Override
        @Kernel("ip6frag_expire_frag_queue")
        protected void expired(@Nullable SkBuff first) {
            net.mib.inc(Ip6Mib.REASMFAILS);
            net.mib.inc(Ip6Mib.REASMTIMEOUT);
            NetDevice dev = first == null ? null : net.devices.byIndex(first.skbIif);
            if (first != null && dev != null) {
                first.dev = dev;
                Icmp6.send(first, Icmpv6.TIME_EXCEED, Icmpv6.EXC_FRAGTIME, 0);
            }
        }
    }
}
