package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.Icmpv6;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Ipv6;
import dev.linnet.wire.Ipv6Ext;
import dev.linnet.wire.OptionList;

/// The options inside hop-by-hop and destination headers (RFC 8200 section 4.2).
final class Ip6Tlv {
    /// Padding only aligns to eight bytes; more of it is a covert channel or an attack (RFC 4942
    /// section 2.1.9.5).
    private static final int MAX_PADDING = 7;

    private Ip6Tlv() {}

    /// Goes through the options of the header at `transportHeader`. False if the packet died of them.
    ///
    /// @param bytes of the header, all of them linear
    /// @param max options that may be there; negative: unknown ones are not skipped either
    @Kernel("ip6_parse_tlv")
    static boolean parse(SkBuff skb, int bytes, boolean hopByHop, int max) {
        int left = max < 0 ? -max : max;
        int padding = 0;
        int end = skb.transportHeader + bytes;
        int p = Ipv6Ext.firstOption(skb.buf, skb.transportHeader, end);
        for (; p >= 0; p = Ipv6Ext.nextOption(skb.buf, p, end)) {
            int type = Ipv6Ext.optionType(skb.buf, p);
            if (type == Ipv6Ext.OPT_PAD1 || type == Ipv6Ext.OPT_PADN) {
                padding += Ipv6Ext.optionBytes(skb.buf, p);
                if (padding > MAX_PADDING || !isZeroed(skb.buf, p)) {
                    return drop(skb, DropReason.IP_INHDR);
                }
                continue;
            }
            padding = 0;
            if (--left < 0) {
                return drop(skb, DropReason.IP_INHDR);
            }
            if (!option(skb, p, type, hopByHop, max < 0)) {
                return false;
            }
        }
        return p == OptionList.END || drop(skb, DropReason.IP_INHDR);
    }

    private static boolean isZeroed(byte[] b, int p) {
        int end = p + Ipv6Ext.optionBytes(b, p);
        for (int i = p + 2; i < end; i++) {
            if (b[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean option(
            SkBuff skb, int p, int type, boolean hopByHop, boolean refuseUnknown) {
        if (hopByHop && type == Ipv6Ext.OPT_ROUTER_ALERT) {
            return routerAlert(skb, p);
        }
        if (hopByHop && type == Ipv6Ext.OPT_JUMBO) {
            return jumbo(skb, p);
        }
        return unknown(skb, p, type, refuseUnknown);
    }

    @Kernel("ipv6_hop_ra")
    private static boolean routerAlert(SkBuff skb, int p) {
        if (Bytes.u8(skb.buf, p + 1) != 2) {
            return drop(skb, DropReason.IP_INHDR);
        }
        skb.ipFlags |= Ip6Cb.ROUTERALERT;
        return true;
    }

    /// The value of a packet's router alert option, whose hop-by-hop header was found good; -1 if it
    /// has none.
    static int routerAlertValue(SkBuff skb) {
        byte[] b = skb.buf;
        int at = skb.networkHeader + Ipv6.HEADER_BYTES;
        int end = at + (Bytes.u8(b, at + 1) + 1 << 3);
        for (int p = at + 2; p < end; ) {
            int type = Bytes.u8(b, p);
            if (type == Ipv6Ext.OPT_ROUTER_ALERT) {
                return Bytes.u16(b, p + 2);
            }
            p += type == 0 ? 1 : Ipv6Ext.optionBytes(b, p);
        }
        return -1;
    }

    /// The length of a packet beyond 64 KB (RFC 2675).
    @Kernel("ipv6_hop_jumbo")
    private static boolean jumbo(SkBuff skb, int p) {
        int at = p - skb.networkHeader;
        if (Bytes.u8(skb.buf, p + 1) != 4 || (at & 3) != 2) {
            return drop(skb, DropReason.IP_INHDR);
        }
        int len = Bytes.u32(skb.buf, p + 2);
        if (Integer.compareUnsigned(len, 0xFFFF) <= 0) {
            Exthdrs.paramProb(skb, Icmpv6.HDR_FIELD, at + 2, DropReason.IP_INHDR);
            return false;
        }
        if (Ipv6.payloadLen(skb.buf, skb.networkHeader) != 0) {
            Exthdrs.paramProb(skb, Icmpv6.HDR_FIELD, at, DropReason.IP_INHDR);
            return false;
        }
        if (Integer.compareUnsigned(len, skb.len - Ipv6.HEADER_BYTES) > 0) {
            return drop(skb, DropReason.PKT_TOO_SMALL);
        }
        skb.trim(len + Ipv6.HEADER_BYTES);
        return true;
    }

    /// An option that this host does not know says itself what is to be done.
    @Kernel("ip6_tlvopt_unknown")
    private static boolean unknown(SkBuff skb, int p, int type, boolean refuse) {
        int action = Ipv6Ext.actionIfUnknown(type);
        if (!refuse && action == Ipv6Ext.ACTION_SKIP) {
            return true;
        }
        boolean toMany = In6Addr.isMulticast(Ipv6.daddrHi(skb.buf, skb.networkHeader));
        boolean tell =
                action == Ipv6Ext.ACTION_DISCARD_ICMP
                        || (action == Ipv6Ext.ACTION_DISCARD_ICMP_UNLESS_MULTICAST && !toMany);
        if (!refuse && tell) {
            int pointer = p - skb.networkHeader;
            Exthdrs.paramProb(skb, Icmpv6.UNK_OPTION, pointer, DropReason.UNHANDLED_PROTO);
            return false;
        }
        return drop(skb, DropReason.UNHANDLED_PROTO);
    }

    private static boolean drop(SkBuff skb, DropReason reason) {
        skb.drop(reason);
        return false;
    }
}
