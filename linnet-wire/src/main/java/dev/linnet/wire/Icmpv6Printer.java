package dev.linnet.wire;

/// The ICMPv6 part of a [PacketPrinter] line, neighbour discovery included.
final class Icmpv6Printer {

    private Icmpv6Printer() {}

    /// Prints the message at `off`.
    ///
    /// @param end behind the last byte of it that is there
    /// @param length the bytes that there should be
    static StringBuilder append(StringBuilder sb, byte[] b, int off, int end, int length) {
        int headerBytes = Icmpv6.checkHeader(b, off, end - off);
        if (headerBytes < 0) {
            return Text.malformed(sb, "icmp6", headerBytes);
        }
        sb.append("ICMP6, ");
        int type = Icmpv6.type(b, off);
        switch (type) {
            case Icmpv6.DEST_UNREACH -> unreachable(sb, b, off, end);
            case Icmpv6.PKT_TOOBIG ->
                    unsigned(sb.append("packet too big, mtu "), Icmpv6.mtu(b, off));
            case Icmpv6.TIME_EXCEED -> timeExceeded(sb, b, off, end);
            case Icmpv6.PARAM_PROB -> parameterProblem(sb, b, off);
            case Icmpv6.ECHO_REQUEST -> echo(sb.append("echo request"), b, off);
            case Icmpv6.ECHO_REPLY -> echo(sb.append("echo reply"), b, off);
            case Icmpv6.MGM_QUERY -> sb.append("multicast listener query");
            case Icmpv6.MGM_REPORT -> sb.append("multicast listener report");
            case Icmpv6.MGM_REDUCTION -> sb.append("multicast listener done");
            case Icmpv6.MLD2_REPORT -> {
                sb.append("multicast listener report v2, ").append(Icmpv6.sequence(b, off));
                sb.append(" group record(s)");
            }
            default -> neighbourDiscovery(sb, type, b, off, end);
        }
        return sb.append(", length ").append(length);
    }

    private static void unreachable(StringBuilder sb, byte[] b, int off, int end) {
        sb.append("destination unreachable, ");
        int quoted = off + Icmpv6.HEADER_BYTES;
        int code = Icmpv6.code(b, off);
        sb.append(
                switch (code) {
                    case Icmpv6.NO_ROUTE -> "unreachable route";
                    case Icmpv6.ADM_PROHIBITED -> "unreachable prohibited";
                    case Icmpv6.NOT_NEIGHBOUR -> "beyond scope";
                    case Icmpv6.ADDR_UNREACH -> "unreachable address";
                    case Icmpv6.PORT_UNREACH -> "unreachable port,";
                    case Icmpv6.POLICY_FAIL -> "failed policy";
                    case Icmpv6.REJECT_ROUTE -> "rejected route";
                    default -> "unknown unreach code (" + code + ")";
                });
        if (end - quoted < Ipv6.HEADER_BYTES) {
            sb.append(" [|icmp6]");
            return;
        }
        destination(sb.append(' '), b, quoted);
        if (code == Icmpv6.PORT_UNREACH) {
            port(sb, b, quoted, end);
        }
    }

    private static void destination(StringBuilder sb, byte[] b, int quoted) {
        In6Addr.append(sb, Ipv6.daddrHi(b, quoted), Ipv6.daddrLo(b, quoted));
    }

    private static void port(StringBuilder sb, byte[] b, int quoted, int end) {
        int nexthdr = Ipv6.nexthdr(b, quoted);
        long reached = Ipv6Ext.skip(b, quoted + Ipv6.HEADER_BYTES, end, nexthdr);
        int transport = Ipv6Ext.reachedOffset(reached);
        if (reached < 0 || end - transport < 4) {
            sb.append(" [|icmp6]");
            return;
        }
        sb.append(' ').append(IpProto.name(Ipv6Ext.reachedType(reached)));
        sb.append(" port ").append(Udp.dest(b, transport));
    }

    private static void timeExceeded(StringBuilder sb, byte[] b, int off, int end) {
        int code = Icmpv6.code(b, off);
        sb.append(
                switch (code) {
                    case Icmpv6.EXC_HOPLIMIT -> "time exceeded in-transit";
                    case Icmpv6.EXC_FRAGTIME -> "time exceeded in-transit (reassembly)";
                    default -> "time exceeded, unknown code (" + code + ")";
                });
        int quoted = off + Icmpv6.HEADER_BYTES;
        if (code == Icmpv6.EXC_HOPLIMIT && end - quoted >= Ipv6.HEADER_BYTES) {
            destination(sb.append(" for "), b, quoted);
        }
    }

    private static void parameterProblem(StringBuilder sb, byte[] b, int off) {
        int code = Icmpv6.code(b, off);
        sb.append("parameter problem, ");
        sb.append(
                switch (code) {
                    case Icmpv6.HDR_FIELD -> "erroneous";
                    case Icmpv6.UNK_NEXTHDR -> "next header";
                    case Icmpv6.UNK_OPTION -> "option";
                    default -> "code-#" + code;
                });
        unsigned(sb.append(" - octet "), Icmpv6.pointer(b, off));
    }

    private static void echo(StringBuilder sb, byte[] b, int off) {
        sb.append(", id ").append(Icmpv6.identifier(b, off));
        sb.append(", seq ").append(Icmpv6.sequence(b, off));
    }

    private static void neighbourDiscovery(StringBuilder sb, int type, byte[] b, int off, int end) {
        int fixedBytes = Ndisc.checkHeader(b, off, end - off);
        if (fixedBytes == Malformed.BAD_TYPE) {
            sb.append("unknown icmp6 type (").append(type).append(')');
            return;
        }
        if (fixedBytes < 0) {
            Text.malformed(sb, "icmp6", fixedBytes);
            return;
        }
        switch (type) {
            case Ndisc.ROUTER_SOLICITATION -> sb.append("router solicitation");
            case Ndisc.ROUTER_ADVERTISEMENT -> sb.append("router advertisement");
            case Ndisc.NEIGHBOUR_SOLICITATION ->
                    target(sb.append("neighbor solicitation, who has "), b, off);
            case Ndisc.NEIGHBOUR_ADVERTISEMENT ->
                    target(sb.append("neighbor advertisement, tgt is "), b, off);
            default -> {
                sb.append("redirect, ");
                In6Addr.append(sb, Ndisc.redirectDestHi(b, off), Ndisc.redirectDestLo(b, off));
                target(sb.append(" to "), b, off);
            }
        }
    }

    private static void target(StringBuilder sb, byte[] b, int off) {
        In6Addr.append(sb, Ndisc.targetHi(b, off), Ndisc.targetLo(b, off));
    }

    private static void unsigned(StringBuilder sb, int value) {
        sb.append(Integer.toUnsignedLong(value));
    }
}
