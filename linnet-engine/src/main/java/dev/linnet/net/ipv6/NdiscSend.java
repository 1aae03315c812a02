package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.kernel.sysctl.Conf6Sysctls;
import dev.linnet.net.core.dev.EtherHeader;
import dev.linnet.net.core.dev.Flow;
import dev.linnet.net.core.dev.Neighbour;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.Icmpv6;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.IpProto;
import dev.linnet.wire.Ipv6;
import dev.linnet.wire.Ndisc;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Messages of neighbour discovery that this host sends.
final class NdiscSend {
    /// Flags of [#na] (`nd_msg`).
    static final int ROUTER = Ndisc.NA_ROUTER;

    static final int SOLICITED = Ndisc.NA_SOLICITED;
    static final int OVERRIDE = Ndisc.NA_OVERRIDE;

    private static final int HEADROOM = 128;
    private static final int OPTION_BYTES = 8;
    private static final int HOPS = 255;
    private static final byte[] NO_OPTIONS = {};

    private NdiscSend() {}

    /// Asks for a neighbour's address, from the source of the packet that waits if that is ours.
    ///
    /// @param toHi where to: the neighbour itself, or its solicited-node group
    @Kernel({"ndisc_solicit", "ndisc_send_ns"})
    static void ns(Neighbour neigh, @Nullable SkBuff waiting, long toHi, long toLo) {
        NetDevice dev = neigh.dev;
        Flow fl = flow(toHi, toLo);
        if (!sourceOf(waiting, dev, fl) && !linkLocalSource(dev, fl)) {
            return;
        }
        boolean withAddress = dev.hardHeaderLen != 0;
        SkBuff skb = message(dev, Ndisc.NEIGHBOUR_SOLICITATION, withAddress ? OPTION_BYTES : 0);
        Ndisc.target(skb.buf, skb.data, neigh.hi, neigh.lo);
        if (withAddress) {
            putLinkAddr(skb, dev, Ndisc.OPT_SOURCE_LL_ADDR);
        }
        send(dev, skb, fl);
    }

    private static boolean sourceOf(@Nullable SkBuff waiting, NetDevice dev, Flow fl) {
        if (waiting == null) {
            return false;
        }
        long hi = Ipv6.saddrHi(waiting.buf, waiting.networkHeader);
        long lo = Ipv6.saddrLo(waiting.buf, waiting.networkHeader);
        int banned = Inet6IfAddr.TENTATIVE | Inet6IfAddr.OPTIMISTIC;
        Inet6Dev idev = Inet6Dev.of(dev);
        Inet6IfAddr ifp = idev == null ? null : idev.find(hi, lo);
        if (ifp == null || ifp.hasFlag(banned)) {
            return false;
        }
        fl.saddrHi = hi;
        fl.saddrLo = lo;
        return true;
    }

    private static boolean linkLocalSource(NetDevice dev, Flow fl) {
        Inet6Dev idev = Inet6Dev.of(dev);
        int banned = Inet6IfAddr.TENTATIVE | Inet6IfAddr.OPTIMISTIC;
        Inet6IfAddr ifp = idev == null ? null : idev.linkLocal(banned);
        if (ifp == null) {
            return false;
        }
        fl.saddrHi = ifp.hi;
        fl.saddrLo = ifp.lo;
        return true;
    }

    /// Asks whether somebody else has a tentative address (RFC 4862 section 5.4.2); the nonce tells
    /// the question from others' when the link brings it back (RFC 7527).
    @Kernel("ndisc_send_ns")
    static void dadProbe(Inet6IfAddr ifp) {
        NetDevice dev = ifp.idev.dev;
        Flow fl = flow(In6Addr.LINK_LOCAL_MULTICAST_HI, In6Addr.solicitedNodeLo(ifp.lo));
        int options = ifp.dadNonce != 0 ? OPTION_BYTES : 0;
        SkBuff skb = message(dev, Ndisc.NEIGHBOUR_SOLICITATION, options);
        Ndisc.target(skb.buf, skb.data, ifp.hi, ifp.lo);
        if (options != 0) {
            int at = skb.tail - OPTION_BYTES;
            Bytes.u8(skb.buf, at, Ndisc.OPT_NONCE);
            Bytes.u8(skb.buf, at + 1, 1);
            Bytes.u48(skb.buf, at + 2, ifp.dadNonce);
        }
        send(dev, skb, fl);
    }

    /// Tells of an address of this host.
    ///
    /// @param flags a set of [#ROUTER], [#SOLICITED], [#OVERRIDE]
    /// @param withAddress with the link-layer address
    @Kernel("ndisc_send_na")
    static void na(
            NetDevice dev,
            long toHi,
            long toLo,
            long targetHi,
            long targetLo,
            int flags,
            boolean withAddress) {
        Inet6Dev idev = Inet6Dev.of(dev);
        Inet6IfAddr ifp = idev == null ? null : idev.find(targetHi, targetLo);
        if (ifp == null) { // an anycast address is no source
            ifp = SourceAddress.select(dev.net, dev, toHi, toLo);
        }
        if (idev == null || ifp == null) {
            return;
        }
        boolean optimistic = ifp.hasFlag(Inet6IfAddr.OPTIMISTIC);
        boolean option =
                (withAddress || idev.cnf.on(Conf6Sysctls.FORCE_TLLAO)) && dev.hardHeaderLen != 0;
        SkBuff skb = message(dev, Ndisc.NEIGHBOUR_ADVERTISEMENT, option ? OPTION_BYTES : 0);
        Ndisc.target(skb.buf, skb.data, targetHi, targetLo);
        int router = idev.forwarding() ? ROUTER : 0;
        int all = flags | router;
        Ndisc.neighbourFlags(skb.buf, skb.data, optimistic ? all & ~OVERRIDE : all);
        if (option) {
            putLinkAddr(skb, dev, Ndisc.OPT_TARGET_LL_ADDR);
        }
        Flow fl = flow(toHi, toLo);
        fl.saddrHi = ifp.hi;
        fl.saddrLo = ifp.lo;
        send(dev, skb, fl);
    }

    /// Asks for routers.
    @Kernel("ndisc_send_rs")
    static void rs(Inet6Dev idev) {
        NetDevice dev = idev.dev;
        Inet6IfAddr ifp = idev.linkLocal(Inet6IfAddr.TENTATIVE);
        if (ifp == null) {
            return;
        }
        boolean withAddress = dev.hardHeaderLen != 0 && !ifp.hasFlag(Inet6IfAddr.OPTIMISTIC);
        SkBuff skb = message(dev, Ndisc.ROUTER_SOLICITATION, withAddress ? OPTION_BYTES : 0);
        if (withAddress) {
            putLinkAddr(skb, dev, Ndisc.OPT_SOURCE_LL_ADDR);
        }
        Flow fl = flow(In6Addr.LINK_LOCAL_MULTICAST_HI, In6Addr.ALL_ROUTERS_LO);
        fl.saddrHi = ifp.hi;
        fl.saddrLo = ifp.lo;
        send(dev, skb, fl);
    }

    static Flow flow(long toHi, long toLo) {
        Flow fl = new Flow();
        fl.daddrHi = toHi;
        fl.daddrLo = toLo;
        fl.proto = IpProto.ICMPV6;
        return fl;
    }

    /// A message of a type, its fields zero, with room for `optionBytes` of options at its end.
    static SkBuff message(NetDevice dev, int type, int optionBytes) {
        int bytes = Ndisc.fixedBytes(type) + optionBytes;
        SkBuff skb = SkBuff.alloc(dev.net.pool, SoftIrq.current().stripe, HEADROOM + bytes);
        skb.reserve(HEADROOM);
        int at = skb.put(bytes);
        Arrays.fill(skb.buf, at, at + bytes, (byte) 0);
        Icmpv6.put(skb.buf, at, type, 0, 0);
        return skb;
    }

    private static void putLinkAddr(SkBuff skb, NetDevice dev, int option) {
        int at = skb.tail - OPTION_BYTES;
        Ndisc.putLinkAddr(skb.buf, at, option, EtherHeader.address(dev));
    }

    static void send(NetDevice dev, SkBuff skb, Flow fl) {
        Inet6Dev idev = Inet6Dev.of(dev);
        int tclass = idev == null ? 0 : idev.cnf.get(Conf6Sysctls.NDISC_TCLASS);
        Icmp6Send.direct(dev, skb, fl, tclass, HOPS, NO_OPTIONS);
    }
}
