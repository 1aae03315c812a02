package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.net.core.dev.Flow;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.ipv6.MldDev.Change;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.Icmpv6;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.IpProto;
import dev.linnet.wire.Ipv6;
import java.util.ArrayList;
import java.util.List;

/// Reports of the groups that an interface is in (RFC 3810 section 5.2, RFC 2710).
final class MldReport {
    /// Types of records.
    static final int IS_INCLUDE = 1;

    static final int IS_EXCLUDE = 2;
    static final int TO_INCLUDE = 3;
    static final int TO_EXCLUDE = 4;
    static final int ALLOW = 5;
    static final int BLOCK = 6;

    private static final int HEADROOM = 128;
    private static final int RECORD_BYTES = 20;
    private static final int ADDRESS_BYTES = 16;
    private static final int V1_BYTES = 24;

    /// All routers that speak version 2: `ff02::16`.
    private static final long ALL_MLDV2_ROUTERS_LO = 0x16;

    /// Hop-by-hop options: a router alert for multicast listeners (RFC 2711), two bytes of padding.
    private static final byte[] ROUTER_ALERT = {IpProto.ICMPV6, 0, 5, 2, 0, 0, 1, 0};

    private MldReport() {}

    /// Sends records, in as many packets as they need.
    @Kernel({"add_grec", "mld_newpack", "mld_sendpack"})
    static void sendChanges(Inet6Dev idev, List<Change> records) {
        int room = idev.dev.mtu - Ipv6.HEADER_BYTES - ROUTER_ALERT.length - Icmpv6.HEADER_BYTES;
        List<Change> packet = new ArrayList<>();
        int bytes = 0;
        for (Change record : records) {
            int size = size(record, room);
            if (bytes + size > room) {
                send(idev, packet, bytes);
                packet.clear();
                bytes = 0;
            }
            packet.add(record);
            bytes += size;
        }
        if (!packet.isEmpty()) {
            send(idev, packet, bytes);
        }
    }

    /// Bytes of a record; sources that no packet has room for are left out.
    private static int size(Change record, int room) {
        return RECORD_BYTES + ADDRESS_BYTES * sources(record, room);
    }

    private static int sources(Change record, int room) {
        return Math.min(record.sources.size(), (room - RECORD_BYTES) / ADDRESS_BYTES);
    }

    private static void send(Inet6Dev idev, List<Change> records, int bytes) {
        SkBuff skb = message(idev, Icmpv6.MLD2_REPORT, bytes + Icmpv6.HEADER_BYTES);
        byte[] b = skb.buf;
        Icmpv6.sequence(b, skb.data, records.size());
        int at = skb.data + Icmpv6.HEADER_BYTES;
        for (Change record : records) {
            int count = sources(record, bytes);
            Bytes.u8(b, at, record.type);
            Bytes.u8(b, at + 1, 0);
            Bytes.u16(b, at + 2, count);
            Bytes.u64(b, at + 4, record.hi);
            Bytes.u64(b, at + 12, record.lo);
            at += RECORD_BYTES;
            for (In6Addr source : record.sources.stream().limit(count).toList()) {
                Bytes.u64(b, at, source.hi());
                Bytes.u64(b, at + 8, source.lo());
                at += ADDRESS_BYTES;
            }
        }
        sendTo(idev, skb, In6Addr.LINK_LOCAL_MULTICAST_HI, ALL_MLDV2_ROUTERS_LO);
    }

    /// Tells of a change as version 1 does: a report, or that the group was left.
    @Kernel({"igmp6_send", "igmp6_join_group", "igmp6_leave_group"})
    static void sendV1(Inet6Dev idev, Change change) {
        switch (change.type) {
            case TO_EXCLUDE, ALLOW -> sendV1(idev, change.hi, change.lo);
            case TO_INCLUDE -> {
                SkBuff skb = v1Message(idev, Icmpv6.MGM_REDUCTION, change.hi, change.lo);
                sendTo(idev, skb, In6Addr.LINK_LOCAL_MULTICAST_HI, In6Addr.ALL_ROUTERS_LO);
            }
            default -> {}
        }
    }

    /// Reports one group as version 1 does: to the group itself.
    @Kernel("igmp6_send")
    static void sendV1(Inet6Dev idev, long hi, long lo) {
        sendTo(idev, v1Message(idev, Icmpv6.MGM_REPORT, hi, lo), hi, lo);
    }

    private static SkBuff v1Message(Inet6Dev idev, int type, long hi, long lo) {
        SkBuff skb = message(idev, type, V1_BYTES);
        Bytes.u64(skb.buf, skb.data + 8, hi);
        Bytes.u64(skb.buf, skb.data + 16, lo);
        return skb;
    }

    private static SkBuff message(Inet6Dev idev, int type, int bytes) {
        SkBuff skb = SkBuff.alloc(idev.net.pool, SoftIrq.current().stripe, HEADROOM + bytes);
        skb.reserve(HEADROOM);
        Icmpv6.put(skb.buf, skb.put(bytes), type, 0, 0);
        return skb;
    }

    /// From the link-local address, or from the unspecified one as long as that is tentative (RFC
    /// 3590).
    private static void sendTo(Inet6Dev idev, SkBuff skb, long hi, long lo) {
        Flow fl = NdiscSend.flow(hi, lo);
        Inet6IfAddr ifp = idev.linkLocal(Inet6IfAddr.TENTATIVE);
        if (ifp != null) {
            fl.saddrHi = ifp.hi;
            fl.saddrLo = ifp.lo;
        }
        Icmp6Send.direct(idev.dev, skb, fl, 0, 1, ROUTER_ALERT);
    }
}
