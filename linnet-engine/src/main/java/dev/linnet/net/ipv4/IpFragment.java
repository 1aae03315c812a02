package dev.linnet.net.ipv4;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.IpMib;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.GsoSegment;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkBuff.Destructor;
import dev.linnet.net.core.skb.SkbChecksum;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.uapi.Errno;
import dev.linnet.wire.Icmp;
import dev.linnet.wire.Ipv4;

/// Cuts packets that are larger than the MTU into fragments (RFC 791 section 3.2; `ip_fragment`).
/// Each gets a header of its own, the payload is shared.
final class IpFragment {
    private static final int HEADROOM = 128;

    private IpFragment() {}

    /// Sends a packet whose network header is at `data` in fragments; takes ownership.
    ///
    /// @return 0 or what the device said of the last one; `-EMSGSIZE` for a packet that must not be
    ///     fragmented, of which its sender is told by ICMP
    @Kernel("ip_fragment")
    static int fragment(SkBuff skb, Rtable rt, int mtu) {
        if (skb.gsoSize != 0) {
            return segmentFirst(skb, rt, mtu);
        }
        NetNamespace net = rt.dev.net;
        boolean df = (Ipv4.fragOff(skb.buf, skb.networkHeader) & Ipv4.DF) != 0;
        boolean wasDf = (skb.ipFlags & IpCb.FRAG_PMTU) != 0;
        if (df && (!wasDf || skb.fragMaxSize > mtu)) {
            net.mib.inc(IpMib.FRAGFAILS);
            Icmp4.send(skb, Icmp.DEST_UNREACH, Icmp.FRAG_NEEDED, mtu);
            skb.drop(DropReason.PKT_TOO_BIG);
            return -Errno.EMSGSIZE;
        }
        return doFragment(skb, rt, mtu);
    }

    /// A large packet is cut into its segments first, and those that do not fit are fragmented
    /// (`ip_finish_output_gso`).
    @Kernel("ip_finish_output_gso")
    private static int segmentFirst(SkBuff skb, Rtable rt, int mtu) {
        NetDevice dev = rt.dev;
        SkBuff seg = GsoSegment.segment(skb, dev.hasFeature(NetDevice.F_HW_CSUM));
        if (seg == null) {
            skb.drop(DropReason.SKB_GSO_SEG);
            return -Errno.ENOMEM;
        }
        skb.consume();
        int rc = 0;
        while (seg != null) {
            SkBuff next = seg.next;
            seg.next = null;
            int err = seg.len > mtu ? fragment(seg, rt, mtu) : IpOutput.finishOutput2(seg, rt);
            if (err != 0 && rc == 0) {
                rc = err;
            }
            seg = next;
        }
        return rc;
    }

    @Kernel({"ip_do_fragment", "ip_frag_next"})
    private static int doFragment(SkBuff skb, Rtable rt, int mtuOfRoute) {
        NetNamespace net = rt.dev.net;
        if (skb.ipSummed == SkBuff.CHECKSUM_PARTIAL && !SkbChecksum.help(skb)) {
            net.mib.inc(IpMib.FRAGFAILS);
            skb.drop(DropReason.SKB_CSUM);
            return -Errno.EINVAL;
        }
        int header = Ipv4.headerBytes(skb.buf, skb.networkHeader);
        // What came in fragments goes on in fragments that are no larger.
        int mtu = skb.fragMaxSize != 0 ? Math.min(mtuOfRoute, skb.fragMaxSize) : mtuOfRoute;
        int room = mtu - header & ~7;
        if (room < 8) {
            net.mib.inc(IpMib.FRAGFAILS);
            skb.drop(DropReason.PKT_TOO_BIG);
            return -Errno.EMSGSIZE;
        }
        int rc = 0;
        int at = header;
        while (at < skb.len) {
            boolean isLast = skb.len - at <= mtu - header;
            int n = isLast ? skb.len - at : room;
            SkBuff frag = one(skb, header, at, n, isLast);
            at += n;
            int err = IpOutput.finishOutput2(frag, rt);
            net.mib.inc(IpMib.FRAGCREATES);
            if (err != 0) {
                rc = err;
                break;
            }
        }
        net.mib.inc(rc == 0 ? IpMib.FRAGOKS : IpMib.FRAGFAILS);
        skb.consume();
        return rc;
    }

    private static SkBuff one(SkBuff skb, int header, int at, int bytes, boolean isLast) {
        int stripe = SoftIrq.current().stripe;
        SkBuff frag = SkbOps.copyHeaders(skb, stripe, HEADROOM, header, 0);
        SkbOps.shareRange(skb, at, bytes, frag);
        byte[] b = frag.buf;
        int nh = frag.data;
        frag.networkHeader = nh;
        frag.transportHeader = nh + header;
        if (at > header && header > Ipv4.HEADER_BYTES) {
            IpOptions.fragment(b, nh);
        }
        int before = Ipv4.fragOff(b, nh);
        int offset = (before & Ipv4.OFFSET_MASK) + (at - header >> 3);
        boolean more = !isLast || (before & Ipv4.MF) != 0;
        boolean df = (skb.ipFlags & IpCb.FRAG_PMTU) != 0;
        Ipv4.fragOff(b, nh, offset | (more ? Ipv4.MF : 0) | (df ? Ipv4.DF : 0));
        Ipv4.totLen(b, nh, header + bytes);
        Ipv4.sendCheck(b, nh);
        if (skb.destructor == Destructor.WFREE && skb.sk != null) {
            skb.sk.setOwnerW(frag);
        }
        return frag;
    }
}
