package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.Conf6Sysctls;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.dev.NeighTable;
import dev.linnet.net.core.dev.Neighbour;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.Nud;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Ipv6;
import dev.linnet.wire.Ndisc;
import org.jspecify.annotations.Nullable;

/// Received neighbour solicitations and advertisements (RFC 4861 sections 7.1 and 7.2). The packet is
/// linear, its message at `data`, and stays the caller's; a function gives why it was not heeded, or
/// null.
final class NdiscNeighbour {
    private NdiscNeighbour() {}

    @Kernel("ndisc_recv_ns")
    static @Nullable DropReason solicitation(SkBuff skb, Inet6Dev idev) {
        byte[] b = skb.buf;
        int n = skb.networkHeader;
        long targetHi = Ndisc.targetHi(b, skb.data);
        long targetLo = Ndisc.targetLo(b, skb.data);
        long toHi = Ipv6.daddrHi(b, n);
        boolean dad = In6Addr.isUnspecified(Ipv6.saddrHi(b, n), Ipv6.saddrLo(b, n));
        if (In6Addr.isMulticast(targetHi)
                || (dad && !Ipv6Scope.isSolicitedNode(toHi, Ipv6.daddrLo(b, n)))) {
            return DropReason.IP_INVALID_DEST;
        }
        NdiscOpts opts = new NdiscOpts(skb, Ndisc.fixedBytes(Ndisc.NEIGHBOUR_SOLICITATION));
        boolean badSource = dad && opts.srcLladdr != NdiscOpts.ABSENT;
        if (!opts.ok || badSource || !opts.lladdrOk(opts.srcLladdr)) {
            return DropReason.IPV6_NDISC_BAD_OPTIONS;
        }
        Inet6IfAddr ifp = idev.find(targetHi, targetLo);
        if (ifp == null) {
            if (!idev.anycast.has(targetHi, targetLo)) {
                return DropReason.IPV6_NDISC_NS_OTHERHOST;
            }
            answer(skb, idev, targetHi, targetLo, opts, dad, 0);
            return null;
        }
        if (ifp.hasFlag(Inet6IfAddr.TENTATIVE | Inet6IfAddr.OPTIMISTIC)) {
            if (dad) {
                collision(ifp, opts);
                return null;
            }
            if (!ifp.hasFlag(Inet6IfAddr.OPTIMISTIC)) {
                return null;
            }
        }
        answer(skb, idev, ifp.hi, ifp.lo, opts, dad, NdiscSend.OVERRIDE);
        return null;
    }

    /// Somebody asks for an address that this host asks for, unless it is our own question that came
    /// back.
    private static void collision(Inet6IfAddr ifp, NdiscOpts opts) {
        boolean own =
                ifp.dadNonce != 0
                        && opts.nonce != NdiscOpts.ABSENT
                        && Ndisc.optionBytes(opts.buf, opts.nonce) == 8
                        && Bytes.u48(opts.buf, opts.nonce + 2) == ifp.dadNonce;
        if (!own) {
            AddrconfDad.fail(ifp);
        }
    }

    /// @param override 0 for an anycast address, which others have, too (RFC 4861 section 7.2.7)
    private static void answer(
            SkBuff skb,
            Inet6Dev idev,
            long hi,
            long lo,
            NdiscOpts opts,
            boolean dad,
            int override) {
        byte[] b = skb.buf;
        int n = skb.networkHeader;
        NetDevice dev = idev.dev;
        if (dad) {
            NdiscSend.na(
                    dev,
                    In6Addr.LINK_LOCAL_MULTICAST_HI,
                    In6Addr.ALL_NODES_LO,
                    hi,
                    lo,
                    override,
                    true);
            return;
        }
        long fromHi = Ipv6.saddrHi(b, n);
        long fromLo = Ipv6.saddrLo(b, n);
        boolean multicast = In6Addr.isMulticast(Ipv6.daddrHi(b, n));
        long lladdr = opts.lladdr(opts.srcLladdr, dev);
        boolean known = dev.hardHeaderLen == 0;
        if (!known) {
            NeighTable table = Ndisc6.table(dev.net);
            boolean create = !multicast || lladdr != Neighbour.NO_LLADDR;
            Neighbour neigh =
                    create
                            ? table.lookupOrCreate(dev, fromHi, fromLo)
                            : table.lookup(dev, fromHi, fromLo);
            if (neigh != null) {
                neigh.update(
                        lladdr,
                        Nud.STALE,
                        Neighbour.UPDATE_WEAK_OVERRIDE | Neighbour.UPDATE_OVERRIDE);
            }
            known = neigh != null;
        }
        if (known) {
            int flags = NdiscSend.SOLICITED | (multicast ? override : 0);
            NdiscSend.na(dev, fromHi, fromLo, hi, lo, flags, multicast);
        }
    }

    @Kernel("ndisc_recv_na")
    static @Nullable DropReason advertisement(SkBuff skb, Inet6Dev idev) {
        byte[] b = skb.buf;
        int n = skb.networkHeader;
        long targetHi = Ndisc.targetHi(b, skb.data);
        long targetLo = Ndisc.targetLo(b, skb.data);
        int flags = Ndisc.neighbourFlags(b, skb.data);
        boolean solicited = (flags & Ndisc.NA_SOLICITED) != 0;
        if (In6Addr.isMulticast(targetHi)
                || (solicited && In6Addr.isMulticast(Ipv6.daddrHi(b, n)))) {
            return DropReason.IP_INVALID_DEST;
        }
        if (!solicited && idev.cnf.get(Conf6Sysctls.DROP_UNSOLICITED_NA) != 0) {
            return DropReason.IP_INVALID_SOURCE;
        }
        NdiscOpts opts = new NdiscOpts(skb, Ndisc.fixedBytes(Ndisc.NEIGHBOUR_ADVERTISEMENT));
        if (!opts.ok || !opts.lladdrOk(opts.tgtLladdr)) {
            return DropReason.IPV6_NDISC_BAD_OPTIONS;
        }
        Inet6IfAddr ifp = idev.find(targetHi, targetLo);
        if (ifp != null) {
            if (skb.pktType != SkBuff.PACKET_LOOPBACK && ifp.hasFlag(Inet6IfAddr.TENTATIVE)) {
                AddrconfDad.fail(ifp);
            }
            return null;
        }
        if (idev.dev.hardHeaderLen != 0) {
            learn(idev, targetHi, targetLo, flags, opts, Ipv6.saddrHi(b, n), Ipv6.saddrLo(b, n));
        }
        return null;
    }

    private static void learn(
            Inet6Dev idev, long hi, long lo, int flags, NdiscOpts opts, long fromHi, long fromLo) {
        NeighTable table = Ndisc6.table(idev.net);
        Neighbour neigh = table.lookup(idev.dev, hi, lo);
        long lladdr = opts.lladdr(opts.tgtLladdr, idev.dev);
        int state = (flags & Ndisc.NA_SOLICITED) != 0 ? Nud.REACHABLE : Nud.STALE;
        if (neigh == null
                && lladdr != Neighbour.NO_LLADDR
                && takesUntracked(idev, fromHi, fromLo)) {
            neigh = table.lookupOrCreate(idev.dev, hi, lo);
            state = Nud.STALE;
        }
        if (neigh == null || (neigh.nudState() & Nud.FAILED) != 0) {
            return;
        }
        boolean wasRouter = neigh.isRouter();
        int how = Neighbour.UPDATE_WEAK_OVERRIDE | Neighbour.UPDATE_OVERRIDE_ISROUTER;
        if ((flags & Ndisc.NA_OVERRIDE) != 0) {
            how |= Neighbour.UPDATE_OVERRIDE;
        }
        if ((flags & Ndisc.NA_ROUTER) != 0) {
            how |= Neighbour.UPDATE_ISROUTER;
        }
        neigh.update(lladdr, state, how);
        if (wasRouter && !neigh.isRouter()) {
            NdiscRouter.noRouterAnyMore(idev, fromHi, fromLo);
        }
    }

    /// Whether a router learns neighbours that it did not ask for (RFC 9131).
    @Kernel("accept_untracked_na")
    private static boolean takesUntracked(Inet6Dev idev, long fromHi, long fromLo) {
        if (!idev.forwarding()) {
            return false;
        }
        return switch (idev.cnf.get(Conf6Sysctls.ACCEPT_UNTRACKED_NA)) {
            case 1 -> true;
            case 2 -> idev.onLink(fromHi, fromLo);
            default -> false;
        };
    }
}
