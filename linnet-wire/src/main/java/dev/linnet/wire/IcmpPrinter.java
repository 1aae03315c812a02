package dev.linnet.wire;

/// The ICMP part of a [PacketPrinter] line.
final class IcmpPrinter {

    private IcmpPrinter() {}

    /// Prints the message at `off`.
    ///
    /// @param end behind the last byte of it that is there
    /// @param length the bytes that there should be
    static StringBuilder append(StringBuilder sb, byte[] b, int off, int end, int length) {
        int headerBytes = Icmp.checkHeader(b, off, end - off);
        if (headerBytes < 0) {
            return Text.malformed(sb, "icmp", headerBytes);
        }
        sb.append("ICMP ");
        int type = Icmp.type(b, off);
        switch (type) {
            case Icmp.ECHO -> conversation(sb.append("echo request,"), b, off, ",");
            case Icmp.ECHO_REPLY -> conversation(sb.append("echo reply,"), b, off, ",");
            case Icmp.TIMESTAMP -> conversation(sb.append("time stamp query"), b, off, "");
            case Icmp.TIMESTAMP_REPLY -> conversation(sb.append("time stamp reply"), b, off, "");
            case Icmp.SOURCE_QUENCH -> sb.append("source quench");
            case Icmp.DEST_UNREACH -> unreachable(sb, b, off, end);
            case Icmp.REDIRECT -> redirect(sb, b, off, end);
            case Icmp.TIME_EXCEEDED -> timeExceeded(sb, Icmp.code(b, off));
            case Icmp.PARAMETER_PROB -> parameterProblem(sb, b, off);
            default -> sb.append("type-#").append(type);
        }
        return sb.append(", length ").append(length);
    }

    private static void conversation(StringBuilder sb, byte[] b, int off, String comma) {
        sb.append(" id ").append(Icmp.id(b, off)).append(comma);
        sb.append(" seq ").append(Icmp.sequence(b, off));
    }

    private static void unreachable(StringBuilder sb, byte[] b, int off, int end) {
        int quoted = off + Icmp.HEADER_BYTES;
        if (end - quoted < Ipv4.HEADER_BYTES) {
            sb.append("unreachable - code ").append(Icmp.code(b, off)).append(" [|icmp]");
            return;
        }
        int code = Icmp.code(b, off);
        switch (code) {
            case Icmp.PORT_UNREACH -> {
                destination(sb, b, quoted);
                port(sb, b, quoted, end);
            }
            case Icmp.PROT_UNREACH -> {
                destination(sb, b, quoted);
                sb.append(" protocol ").append(Ipv4.protocol(b, quoted)).append(" unreachable");
            }
            case Icmp.FRAG_NEEDED -> {
                destination(sb, b, quoted).append(" unreachable - need to frag");
                if (Icmp.mtu(b, off) != 0) {
                    sb.append(" (mtu ").append(Icmp.mtu(b, off)).append(')');
                }
            }
            default -> {
                destination(sb.append(unreachableWhat(code)), b, quoted).append(" unreachable");
                sb.append(unreachableWhy(code));
            }
        }
    }

    private static String unreachableWhat(int code) {
        return switch (code) {
            case Icmp.NET_UNREACH, Icmp.NET_UNKNOWN, Icmp.NET_ANO, Icmp.NET_UNR_TOS -> "net ";
            case Icmp.SR_FAILED, Icmp.HOST_ISOLATED -> "";
            default -> "host ";
        };
    }

    private static String unreachableWhy(int code) {
        return switch (code) {
            case Icmp.NET_UNREACH, Icmp.HOST_UNREACH -> "";
            case Icmp.SR_FAILED -> " - source route failed";
            case Icmp.NET_UNKNOWN, Icmp.HOST_UNKNOWN -> " - unknown";
            case Icmp.HOST_ISOLATED -> " - source host isolated";
            case Icmp.NET_ANO, Icmp.HOST_ANO -> " - admin prohibited";
            case Icmp.NET_UNR_TOS, Icmp.HOST_UNR_TOS -> " - tos prohibited";
            case Icmp.PKT_FILTERED -> " - admin prohibited filter";
            case Icmp.PREC_VIOLATION -> " - host precedence violation";
            case Icmp.PREC_CUTOFF -> " - precedence cutoff";
            default -> " - code " + code;
        };
    }

    private static StringBuilder destination(StringBuilder sb, byte[] b, int quoted) {
        return In4Addr.append(sb, Ipv4.daddr(b, quoted));
    }

    private static void port(StringBuilder sb, byte[] b, int quoted, int end) {
        int protocol = Ipv4.protocol(b, quoted);
        int transport = quoted + Ipv4.headerBytes(b, quoted);
        sb.append(' ').append(IpProto.name(protocol));
        if (end - transport >= 4) {
            sb.append(" port ").append(Udp.dest(b, transport));
        }
        sb.append(" unreachable");
    }

    private static void redirect(StringBuilder sb, byte[] b, int off, int end) {
        int code = Icmp.code(b, off);
        boolean tos = code == Icmp.REDIR_NET_TOS || code == Icmp.REDIR_HOST_TOS;
        boolean net = code == Icmp.REDIR_NET || code == Icmp.REDIR_NET_TOS;
        sb.append(tos ? "redirect-tos" : "redirect");
        int quoted = off + Icmp.HEADER_BYTES;
        if (end - quoted >= Ipv4.HEADER_BYTES) {
            destination(sb.append(' '), b, quoted);
        }
        In4Addr.append(sb.append(net ? " to net " : " to host "), Icmp.gateway(b, off));
    }

    private static void timeExceeded(StringBuilder sb, int code) {
        switch (code) {
            case Icmp.EXC_TTL -> sb.append("time exceeded in-transit");
            case Icmp.EXC_FRAGTIME -> sb.append("ip reassembly time exceeded");
            default -> sb.append("time exceeded-#").append(code);
        }
    }

    private static void parameterProblem(StringBuilder sb, byte[] b, int off) {
        int code = Icmp.code(b, off);
        if (code == 0) {
            sb.append("parameter problem - octet ").append(Icmp.pointer(b, off));
        } else {
            sb.append("parameter problem - code ").append(code);
        }
    }
}
