package dev.linnet.kernel.mib;

import dev.linnet.kernel.Kernel;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/// The texts of `/proc/net/snmp`, `netstat` and `snmp6`, as the kernel lays them out.
public final class ProcNet {
    private static final int TYPES = 256;

    /// So many types of ICMP messages stand in one pair of `IcmpMsg` lines.
    private static final int PER_LINE = 16;

    /// Types that the line `Icmp` names, in its order.
    private static final IcmpName[] ICMP_NAMES = {
        new IcmpName("DestUnreachs", 3),
        new IcmpName("TimeExcds", 11),
        new IcmpName("ParmProbs", 12),
        new IcmpName("SrcQuenchs", 4),
        new IcmpName("Redirects", 5),
        new IcmpName("Echos", 8),
        new IcmpName("EchoReps", 0),
        new IcmpName("Timestamps", 13),
        new IcmpName("TimestampReps", 14),
        new IcmpName("AddrMasks", 17),
        new IcmpName("AddrMaskReps", 18),
    };

    /// Types that `snmp6` names, in its order.
    private static final IcmpName[] ICMP6_NAMES = {
        new IcmpName("DestUnreachs", 1),
        new IcmpName("PktTooBigs", 2),
        new IcmpName("TimeExcds", 3),
        new IcmpName("ParmProblems", 4),
        new IcmpName("Echos", 128),
        new IcmpName("EchoReplies", 129),
        new IcmpName("GroupMembQueries", 130),
        new IcmpName("GroupMembResponses", 131),
        new IcmpName("GroupMembReductions", 132),
        new IcmpName("RouterSolicits", 133),
        new IcmpName("RouterAdvertisements", 134),
        new IcmpName("NeighborSolicits", 135),
        new IcmpName("NeighborAdvertisements", 136),
        new IcmpName("Redirects", 137),
        new IcmpName("MLDv2Reports", 143),
    };

    private ProcNet() {}

    private record IcmpName(String text, int type) {}

    /// `/proc/net/snmp`.
    ///
    /// @param forwarding the sysctl `net.ipv4.ip_forward`
    /// @param defaultTtl the sysctl `net.ipv4.ip_default_ttl`
    @Kernel("snmp_seq_show")
    public static String snmp(MibCounters mib, boolean forwarding, int defaultTtl) {
        StringBuilder out = new StringBuilder(2048);
        Line ip = new Line("Ip");
        ip.add("Forwarding", forwarding ? 1 : 2).add("DefaultTTL", defaultTtl);
        ip.addGroup(mib, IpMib.values(), MibGroup.IP).write(out);
        icmp(mib).write(out);
        icmpMsg(mib.icmpMsg(), out);
        new Line("Tcp").addGroup(mib, TcpMib.values(), MibGroup.TCP).write(out);
        new Line("Udp").addGroup(mib, UdpMib.values(), MibGroup.UDP).write(out);
        new Line("UdpLite").addGroup(mib, UdpLiteMib.values(), MibGroup.UDP_LITE).write(out);
        return out.toString();
    }

    /// `/proc/net/netstat`.
    @Kernel("netstat_seq_show")
    public static String netstat(MibCounters mib) {
        StringBuilder out = new StringBuilder(4096);
        new Line("TcpExt").addGroup(mib, TcpExt.values(), MibGroup.TCP_EXT).write(out);
        new Line("IpExt").addGroup(mib, IpMib.values(), MibGroup.IP_EXT).write(out);
        return out.toString();
    }

    /// `/proc/net/snmp6`.
    @Kernel("snmp6_seq_show")
    public static String snmp6(MibCounters mib) {
        StringBuilder out = new StringBuilder(4096);
        column(out, mib, Ip6Mib.values());
        column(out, mib, Icmp6Mib.values());
        icmp6Msg(mib.icmp6Msg(), out);
        column(out, mib, Udp6Mib.values());
        column(out, mib, UdpLite6Mib.values());
        return out.toString();
    }

    /// The types stand between the counters of received and those of sent messages.
    @Kernel("icmp_put")
    private static Line icmp(MibCounters mib) {
        Line line = new Line("Icmp");
        for (IcmpMib counter : IcmpMib.values()) {
            if (counter == IcmpMib.OUTMSGS) {
                for (IcmpName name : ICMP_NAMES) {
                    line.add("In" + name.text, mib.icmpMsg().received(name.type));
                }
            }
            line.add(counter.text(), mib.get(counter));
        }
        for (IcmpName name : ICMP_NAMES) {
            line.add("Out" + name.text, mib.icmpMsg().sent(name.type));
        }
        return line;
    }

    @Kernel("icmpmsg_put")
    private static void icmpMsg(IcmpMsgCounters counters, StringBuilder out) {
        Line line = new Line("IcmpMsg");
        for (int i = 0; i < 2 * TYPES; i++) {
            boolean in = i < TYPES;
            int type = i & TYPES - 1;
            long count = in ? counters.received(type) : counters.sent(type);
            if (count != 0) {
                line.add((in ? "InType" : "OutType") + type, count);
            }
            if (line.size() == PER_LINE) {
                line.write(out);
                line = new Line("IcmpMsg");
            }
        }
        if (line.size() > 0) {
            line.write(out);
        }
    }

    @Kernel("snmp6_seq_show_icmpv6msg")
    private static void icmp6Msg(IcmpMsgCounters counters, StringBuilder out) {
        for (IcmpName name : ICMP6_NAMES) {
            row(out, "Icmp6In" + name.text, counters.received(name.type));
        }
        for (IcmpName name : ICMP6_NAMES) {
            row(out, "Icmp6Out" + name.text, counters.sent(name.type));
        }
        for (int i = 0; i < 2 * TYPES; i++) {
            boolean in = i < TYPES;
            int type = i & TYPES - 1;
            long count = in ? counters.received(type) : counters.sent(type);
            if (count != 0) {
                row(out, (in ? "Icmp6InType" : "Icmp6OutType") + type, count);
            }
        }
    }

    private static void column(StringBuilder out, MibCounters mib, Mib[] counters) {
        for (Mib counter : counters) {
            row(out, counter.nstatName(), mib.get(counter));
        }
    }

    private static void row(StringBuilder out, String name, long count) {
        out.append(name).repeat(' ', Math.max(0, 32 - name.length()));
        out.append('\t').append(count).append('\n');
    }

    /// A pair of lines: names, then values.
    private static final class Line {
        private final String prefix;
        private final List<String> names = new ArrayList<>();
        private final List<Long> values = new ArrayList<>();

        Line(String prefix) {
            this.prefix = prefix;
        }

        Line add(String name, long value) {
            names.add(name);
            values.add(value);
            return this;
        }

        Line addGroup(MibCounters mib, Mib[] counters, MibGroup group) {
            for (Mib counter : counters) {
                if (counter.group() == group) {
                    add(counter.text(), mib.get(counter));
                }
            }
            return this;
        }

        int size() {
            return names.size();
        }

        void write(StringBuilder out) {
            StringJoiner head = new StringJoiner(" ", prefix + ": ", "\n");
            StringJoiner body = new StringJoiner(" ", prefix + ": ", "\n");
            names.forEach(head::add);
            values.forEach(v -> body.add(Long.toString(v)));
            out.append(head).append(body);
        }
    }
}
