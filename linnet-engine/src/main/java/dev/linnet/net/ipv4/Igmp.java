package dev.linnet.net.ipv4;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.dev.Flow;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.Rtn;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.net.core.sock.NetProtocol;
import dev.linnet.net.core.sock.NetProtocols;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.Checksum;
import dev.linnet.wire.In4Addr;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.IpProto;
import dev.linnet.wire.Ipv4;
import dev.linnet.wire.Ipv4Options;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Group membership for IPv4: IGMP 3 (RFC 3376), and 2 and 1 (RFC 2236, RFC 1112) where a router
/// knows no better (`net/ipv4/igmp.c`).
final class Igmp extends NetProtocol {
    private static final int QUERY = 0x11;
    private static final int V1_REPORT = 0x12;
    private static final int V2_REPORT = 0x16;
    private static final int V2_LEAVE = 0x17;
    private static final int V3_REPORT = 0x22;

    /// Bytes of a message of the older versions, of a query of version 3, of a record without sources.
    private static final int MESSAGE_BYTES = 8;

    private static final int V3_QUERY_BYTES = 12;
    private static final int RECORD_BYTES = 8;

    /// 224.0.0.2 and 224.0.0.22.
    private static final int ALL_ROUTERS = 0xE000_0002;

    private static final int IGMPV3_ROUTERS = 0xE000_0016;

    private static final int TOS_INTERNETCONTROL = 0xC0;
    private static final int HEADER_BYTES = Ipv4.HEADER_BYTES + 4;
    private static final int HEADROOM = 64;

    /// In tenths of a second, what version 1 allows for an answer.
    private static final int V1_MAX_DELAY = 100;

    private static final int JIFFIES_PER_TENTH = 100;

    private Igmp() {}

    /// Sets IGMP up in a namespace.
    @Kernel("igmp_mc_init")
    static void init(NetNamespace net) {
        NetProtocols.add(net, IpProto.IGMP, new Igmp(), null);
    }

    // ---- hearing
    // -----------------------------------------------------------------------------------

    @Override
    @Kernel("igmp_rcv")
    public void rcv(SkBuff skb) {
        NetDevice dev = skb.dev;
        InDevice in = dev == null ? null : InDevice.of(dev);
        if (in == null || !skb.mayPull(MESSAGE_BYTES)) {
            skb.drop(DropReason.PKT_TOO_SMALL);
            return;
        }
        if (Checksum.fold(SkbOps.checksum(skb, 0, skb.len, 0)) != 0) {
            skb.drop(DropReason.ICMP_CSUM);
            return;
        }
        switch (Bytes.u8(skb.buf, skb.data)) {
            case QUERY -> query(skb, in);
            case V1_REPORT, V2_REPORT -> {
                int saddr = Ipv4.saddr(skb.buf, skb.networkHeader);
                if (InetAddrType.of(in.dev.net, saddr, 0) != Rtn.LOCAL) {
                    in.igmp.heardReport(Bytes.u32(skb.buf, skb.data + 4));
                }
            }
            default -> {}
        }
        skb.consume();
    }

    /// The version of a query is in its length and in whether it names a time (RFC 3376 section 7.1).
    private static void query(SkBuff skb, InDevice in) {
        int code = Bytes.u8(skb.buf, skb.data + 1);
        int group = Bytes.u32(skb.buf, skb.data + 4);
        if (skb.len == MESSAGE_BYTES) {
            int version = code == 0 ? 1 : 2;
            int tenths = code == 0 ? V1_MAX_DELAY : code;
            in.igmp.query(version, version == 1 ? 0 : group, List.of(), tenths * JIFFIES_PER_TENTH);
        } else if (skb.len >= V3_QUERY_BYTES && skb.mayPull(V3_QUERY_BYTES)) {
            int sources = Bytes.u16(skb.buf, skb.data + 10);
            if (skb.mayPull(V3_QUERY_BYTES + 4 * sources)) {
                List<Integer> asked = new ArrayList<>();
                for (int i = 0; i < sources; i++) {
                    asked.add(Bytes.u32(skb.buf, skb.data + V3_QUERY_BYTES + 4 * i));
                }
                int tenths = floatingPoint(code);
                in.igmp.query(3, group, asked, Math.max(1, tenths * JIFFIES_PER_TENTH));
            }
        }
    }

    /// Large times have an exponent of three bits (RFC 3376 section 4.1.1).
    @Kernel("IGMPV3_MRC")
    private static int floatingPoint(int code) {
        return code < 0x80 ? code : (code & 0xF | 0x10) << ((code >> 4 & 7) + 3);
    }

    /// Errors about these messages mean nothing to anybody.
    @Override
    public void err(SkBuff skb, NetDevice dev, int icmpType, int icmpCode, int info) {}

    // ---- telling
    // -----------------------------------------------------------------------------------

    /// Sends reports in the way of a version.
    static void send(InDevice in, int version, List<IgmpGroup.Report> reports) {
        if (version == 3) {
            sendV3(in, reports);
            return;
        }
        for (IgmpGroup.Report report : reports) {
            boolean left =
                    report.type() == IgmpGroup.CHANGE_TO_INCLUDE && report.sources().isEmpty();
            if (!left) {
                int type = version == 2 ? V2_REPORT : V1_REPORT;
                sendShort(in, type, report.group(), report.group());
            } else if (version == 2) {
                sendShort(in, V2_LEAVE, ALL_ROUTERS, report.group());
            }
        }
    }

    /// As many records as fit a packet.
    @Kernel({"igmpv3_send_cr", "igmpv3_send_report", "igmpv3_sendpack"})
    private static void sendV3(InDevice in, List<IgmpGroup.Report> reports) {
        int room = Math.min(in.dev.mtu, 1500) - HEADER_BYTES - MESSAGE_BYTES;
        int from = 0;
        while (from < reports.size()) {
            int bytes = 0;
            int to = from;
            while (to < reports.size() && bytes + size(reports.get(to)) <= room) {
                bytes += size(reports.get(to++));
            }
            if (to == from) {
                return; // a filter that no packet holds
            }
            sendRecords(in, reports.subList(from, to), bytes);
            from = to;
        }
    }

    private static int size(IgmpGroup.Report report) {
        return RECORD_BYTES + 4 * report.sources().size();
    }

    private static void sendRecords(InDevice in, List<IgmpGroup.Report> reports, int bytes) {
        SkBuff skb = message(in.dev, MESSAGE_BYTES + bytes);
        byte[] b = skb.buf;
        int at = skb.data;
        Bytes.u32(b, at, V3_REPORT << 24);
        Bytes.u32(b, at + 4, reports.size());
        at += MESSAGE_BYTES;
        for (IgmpGroup.Report report : reports) {
            Bytes.u32(b, at, report.type() << 24 | report.sources().size());
            Bytes.u32(b, at + 4, report.group());
            at += RECORD_BYTES;
            for (int source : report.sources()) {
                Bytes.u32(b, at, source);
                at += 4;
            }
        }
        xmit(in, skb, IGMPV3_ROUTERS);
    }

    @Kernel("igmp_send_report")
    private static void sendShort(InDevice in, int type, int dest, int group) {
        SkBuff skb = message(in.dev, MESSAGE_BYTES);
        Bytes.u32(skb.buf, skb.data, type << 24);
        Bytes.u32(skb.buf, skb.data + 4, group);
        xmit(in, skb, dest);
    }

    private static SkBuff message(NetDevice dev, int bytes) {
        int stripe = SoftIrq.current().stripe;
        SkBuff skb = SkBuff.alloc(dev.net.pool, stripe, HEADROOM + bytes);
        skb.reserve(HEADROOM);
        int unused = skb.put(bytes);
        return skb;
    }

    /// Sends with TTL 1 and a router alert (RFC 3376 section 4).
    private static void xmit(InDevice in, SkBuff skb, int dest) {
        DstEntry rt = route(in.dev, dest);
        if (rt == null) {
            skb.drop(DropReason.IP_OUTNOROUTES);
            return;
        }
        byte[] b = skb.buf;
        Bytes.u16(b, skb.data + 2, Checksum.of(b, skb.data, skb.len));
        skb.transportHeader = skb.data;
        int header = skb.push(HEADER_BYTES);
        skb.networkHeader = header;
        skb.protocol = 0x0800;
        skb.dst = rt;
        Ipv4.put(
                b,
                header,
                TOS_INTERNETCONTROL,
                skb.len,
                0,
                Ipv4.DF,
                1,
                IpProto.IGMP,
                source(in),
                dest);
        Ipv4.headerBytes(b, header, HEADER_BYTES);
        Ipv4Options.putRouterAlert(b, header + Ipv4.HEADER_BYTES);
        IpOutput.localOut(in.dev.net, skb);
    }

    private static @Nullable DstEntry route(NetDevice dev, int dest) {
        Flow fl = new Flow();
        fl.daddrLo = In6Addr.mapV4(dest);
        fl.oif = dev.ifindex;
        fl.proto = IpProto.IGMP;
        return RouteOutput.lookup(dev.net, fl, new int[1]);
    }

    /// An address of the device itself, or 0.0.0.0 (RFC 3376 section 4.2.13).
    @Kernel("igmpv3_get_srcaddr")
    private static int source(InDevice in) {
        for (InDevice.IfAddr ifa : in.addrs) {
            if (!In4Addr.isLoopback(ifa.local())) {
                return ifa.local();
            }
        }
        return 0;
    }
}
