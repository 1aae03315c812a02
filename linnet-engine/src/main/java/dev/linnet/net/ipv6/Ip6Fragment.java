package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.Ip6Mib;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.GsoSegment;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkBuff.Destructor;
import dev.linnet.net.core.skb.SkbChecksum;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.uapi.Errno;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.Icmpv6;
import dev.linnet.wire.Ipv6;
import dev.linnet.wire.Ipv6Ext;

/// Cuts packets of this host that are larger than the MTU into fragments (RFC 8200 section 4.5,
/// `ip6_fragment`). Each gets the headers and a fragment header, the payload is shared.
final class Ip6Fragment {
    private static final int HEADROOM = 128;

    private Ip6Fragment() {}

    /// Sends a packet whose network header is at `data` in fragments; takes ownership.
    ///
    /// @return 0 or what the device said; `-EMSGSIZE` for a packet that must not be fragmented, of
    ///     which its sender is told by ICMP
    @Kernel("ip6_fragment")
    static int fragment(SkBuff skb, Rt6Info rt, int mtu) {
        int headers = unfragmentable(skb);
        int most = size(skb, mtu);
        boolean allowed = Ip6Cb.has(skb, Ip6Cb.IGNORE_DF) || skb.len <= mtu;
        if (!allowed || most < headers + Ipv6Ext.FRAGMENT_BYTES + 8) {
            Icmp6.send(skb, Icmpv6.PKT_TOOBIG, 0, mtu);
            return fail(skb, rt.dev.net, DropReason.PKT_TOO_BIG, -Errno.EMSGSIZE);
        }
        if (skb.ipSummed == SkBuff.CHECKSUM_PARTIAL && !SkbChecksum.help(skb)) {
            return fail(skb, rt.dev.net, DropReason.SKB_CSUM, -Errno.EINVAL);
        }
        return cutUp(skb, rt, headers, most - headers - Ipv6Ext.FRAGMENT_BYTES & ~7);
    }

    private static int fail(SkBuff skb, NetNamespace net, DropReason reason, int err) {
        net.mib.inc(Ip6Mib.FRAGFAILS);
        skb.drop(reason);
        return err;
    }

    /// Largest fragment: what the socket asks for, and what came in fragments goes on in fragments
    /// that are no larger.
    private static int size(SkBuff skb, int mtu) {
        int size = mtu;
        if (skb.fragMaxSize != 0 && skb.fragMaxSize < size) {
            size = Math.max(skb.fragMaxSize, Ipv6.MIN_MTU);
        }
        if (skb.sk instanceof InetSock sk && sk.fragSize6 != 0 && sk.fragSize6 < size) {
            size = sk.fragSize6;
        }
        return size;
    }

    /// Bytes of the headers that every fragment has: up to the last one that nodes on the way look
    /// at.
    @Kernel("ip6_find_1stfragopt")
    private static int unfragmentable(SkBuff skb) {
        byte[] b = skb.buf;
        int start = skb.networkHeader;
        int at = start + Ipv6.HEADER_BYTES;
        int next = Ipv6.nexthdr(b, start);
        while (next == Ipv6Ext.HOP_BY_HOP && at + 2 <= skb.tail) {
            next = Ipv6Ext.nexthdr(b, at);
            at += Ipv6Ext.bytes(b, at, Ipv6Ext.HOP_BY_HOP);
        }
        return at - start;
    }

    /// @param room bytes of payload in each fragment but the last, a multiple of eight
    private static int cutUp(SkBuff skb, Rt6Info rt, int headers, int room) {
        NetNamespace net = rt.dev.net;
        int id = selectIdent(net);
        int rc = 0;
        int at = headers;
        while (at < skb.len && rc == 0) {
            int n = Math.min(room, skb.len - at);
            SkBuff frag = one(skb, headers, at, n, id);
            at += n;
            net.mib.inc(Ip6Mib.FRAGCREATES);
            rc = Ip6Output.finishOutput2(frag, rt);
        }
        net.mib.inc(rc == 0 ? Ip6Mib.FRAGOKS : Ip6Mib.FRAGFAILS);
        skb.consume();
        return rc;
    }

    /// An identification that cannot be guessed (RFC 7739); 0 means none yet.
    @Kernel("ipv6_select_ident")
    private static int selectIdent(NetNamespace net) {
        int id = net.random.nextInt();
        return id == 0 ? 1 : id;
    }

    private static SkBuff one(SkBuff skb, int headers, int at, int bytes, int id) {
        int stripe = SoftIrq.current().stripe;
        int room = HEADROOM + Ipv6Ext.FRAGMENT_BYTES;
        SkBuff frag = SkbOps.copyHeaders(skb, stripe, room, headers, 0);
        SkbOps.shareRange(skb, at, bytes, frag);
        byte[] b = frag.buf;
        int old = frag.data;
        int nh = frag.push(Ipv6Ext.FRAGMENT_BYTES);
        System.arraycopy(b, old, b, nh, headers);
        frag.networkHeader = nh;
        int ext = nh + headers;
        frag.transportHeader = ext;
        int next = naming(b, nh, headers);
        boolean more = at + bytes < skb.len;
        Ipv6Ext.putFragment(b, ext, Bytes.u8(b, next), at - headers, more, id);
        Bytes.u8(b, next, Ipv6Ext.FRAGMENT);
        Ipv6.payloadLen(b, nh, frag.len - Ipv6.HEADER_BYTES);
        if (skb.destructor == Destructor.WFREE && skb.sk != null) {
            skb.sk.setOwnerW(frag);
        }
        return frag;
    }

    /// Where the byte stands that names the first header behind the unfragmentable ones.
    private static int naming(byte[] b, int nh, int headers) {
        int naming = nh + Ipv6.NEXTHDR;
        int at = nh + Ipv6.HEADER_BYTES;
        while (at < nh + headers) {
            naming = at;
            at += Ipv6Ext.bytes(b, at, Ipv6Ext.HOP_BY_HOP);
        }
        return naming;
    }

    /// A large packet is cut into its segments first, and those that do not fit are fragmented, or
    /// their sender is told.
    @Kernel({"ip6_finish_output_gso", "ip6_finish_output_gso_slowpath_drop"})
    static int segmentFirst(SkBuff skb, Rt6Info rt, int mtu) {
        SkBuff seg = GsoSegment.segment(skb, rt.dev.hasFeature(NetDevice.F_HW_CSUM));
        if (seg == null) {
            skb.drop(DropReason.SKB_GSO_SEG);
            return -Errno.ENOMEM;
        }
        skb.consume();
        int rc = 0;
        while (seg != null) {
            SkBuff next = seg.next;
            seg.next = null;
            int err = seg.len > mtu ? fragment(seg, rt, mtu) : Ip6Output.finishOutput2(seg, rt);
            if (err != 0 && rc == 0) {
                rc = err;
            }
            seg = next;
        }
        return rc;
    }
}
