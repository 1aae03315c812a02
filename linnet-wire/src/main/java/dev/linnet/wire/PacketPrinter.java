package dev.linnet.wire;

/// Prints a packet on one line, in tcpdump's notation:
///
/// ```text
/// IP 192.0.2.1.40000 > 192.0.2.2.80: Flags [S], seq 1, win 64240, options [mss 1460], length 0
/// ```
///
/// The line is what `tcpdump -nn -t -S` prints: numeric addresses and ports, no time, absolute
/// sequence numbers; for Ethernet, what it prints with `-e`. On top of that fragments of IPv4 show
/// their place as those of IPv6 do, ports stand with the addresses even behind extension headers,
/// and newer TCP flags and options have names. Data above TCP, UDP and ICMP is not looked at.
///
/// Any bytes may be given, nothing is assumed to be valid: what is cut off shows as `[|tcp]`, a
/// header that contradicts itself as `[tcp: …]` with the words of [Malformed#text]. No function
/// here throws if `off` and `len` are within the array. Every function returns its `sb`.
public final class PacketPrinter {

    private PacketPrinter() {}

    /// The line for a packet that starts as `linkType` ([LinkType]) says; other types print as
    /// such.
    public static StringBuilder append(StringBuilder sb, int linkType, byte[] b, int off, int len) {
        return switch (linkType) {
            case LinkType.ETHERNET -> ethernet(sb, b, off, len);
            case LinkType.RAW -> ip(sb, b, off, len);
            default -> sb.append("link-type ").append(linkType).append(", length ").append(len);
        };
    }

    /// The line for an Ethernet frame.
    public static StringBuilder ethernet(StringBuilder sb, byte[] b, int off, int len) {
        if (Ethernet.checkHeader(b, off, len) < 0) {
            return sb.append("[|ether]");
        }
        MacAddr.append(sb, Ethernet.source(b, off)).append(" > ");
        MacAddr.append(sb, Ethernet.dest(b, off)).append(", ");
        int proto = Ethernet.proto(b, off);
        ethertype(sb, proto).append(", length ").append(len).append(": ");
        int end = off + len;
        int data = off + Ethernet.HEADER_BYTES;
        while (isVlan(proto) && end - data >= Ethernet.VLAN_BYTES) {
            int tci = Bytes.u16(b, data);
            proto = Bytes.u16(b, data + 2);
            data += Ethernet.VLAN_BYTES;
            sb.append("vlan ").append(tci & Ethernet.VLAN_VID_MASK);
            sb.append(", p ").append(tci >>> 13).append(", ");
            ethertype(sb, proto).append(", ");
        }
        return ethernetPayload(sb, proto, b, data, end);
    }

    private static boolean isVlan(int proto) {
        return proto == Ethernet.P_8021Q || proto == Ethernet.P_8021AD;
    }

    private static StringBuilder ethertype(StringBuilder sb, int proto) {
        if (proto < Ethernet.P_802_3_MIN) {
            return sb.append("802.3");
        }
        String name =
                switch (proto) {
                    case Ethernet.P_IP -> "IPv4";
                    case Ethernet.P_ARP -> "ARP";
                    case Ethernet.P_IPV6 -> "IPv6";
                    case Ethernet.P_8021Q -> "802.1Q";
                    case Ethernet.P_8021AD -> "802.1Q-QinQ";
                    default -> "Unknown";
                };
        Text.hex4(sb.append("ethertype ").append(name).append(" (0x"), proto);
        return sb.append(')');
    }

    private static StringBuilder ethernetPayload(
            StringBuilder sb, int proto, byte[] b, int off, int end) {
        return switch (proto) {
            case Ethernet.P_IP -> ipv4(sb, b, off, end);
            case Ethernet.P_IPV6 -> ipv6(sb, b, off, end);
            case Ethernet.P_ARP -> arp(sb, b, off, end);
            default -> sb.append("data, length ").append(end - off);
        };
    }

    /// The line for an IPv4 or IPv6 packet; the first byte tells which.
    public static StringBuilder ip(StringBuilder sb, byte[] b, int off, int len) {
        if (len == 0) {
            return sb.append("[|ip]");
        }
        int version = Ipv4.version(b, off);
        return switch (version) {
            case 4 -> ipv4(sb.append("IP "), b, off, off + len);
            case 6 -> ipv6(sb.append("IP6 "), b, off, off + len);
            default -> sb.append("unknown ip ").append(version).append(", length ").append(len);
        };
    }

    /// The text of [#ip].
    public static String ipLine(byte[] b, int off, int len) {
        return ip(new StringBuilder(128), b, off, len).toString();
    }

    private static StringBuilder arp(StringBuilder sb, byte[] b, int off, int end) {
        int reason = Arp.checkHeader(b, off, end - off);
        if (reason < 0) {
            return Text.malformed(sb, "arp", reason);
        }
        int op = Arp.op(b, off);
        if (op == Arp.OP_REQUEST) {
            In4Addr.append(sb.append("Request who-has "), Arp.tip(b, off));
            if (Arp.tha(b, off) != 0) {
                MacAddr.append(sb.append(" ("), Arp.tha(b, off)).append(')');
            }
            In4Addr.append(sb.append(" tell "), Arp.sip(b, off));
        } else if (op == Arp.OP_REPLY) {
            In4Addr.append(sb.append("Reply "), Arp.sip(b, off));
            MacAddr.append(sb.append(" is-at "), Arp.sha(b, off));
        } else {
            sb.append("op ").append(op);
        }
        return sb.append(", length ").append(end - off);
    }

    private static StringBuilder ipv4(StringBuilder sb, byte[] b, int off, int end) {
        int headerBytes = Ipv4.checkHeader(b, off, end - off);
        if (headerBytes == Malformed.PAYLOAD_TRUNCATED) {
            missing(sb, Ipv4.totLen(b, off) - (end - off));
            headerBytes = Ipv4.headerBytes(b, off);
        }
        if (headerBytes < 0) {
            return Text.malformed(sb, "ip", headerBytes);
        }
        int length = Ipv4.totLen(b, off) - headerBytes;
        int data = off + headerBytes;
        int protocol = Ipv4.protocol(b, off);
        int fragmentOffset = Ipv4.fragmentOffsetBytes(b, off);
        int dataEnd = Math.min(end, data + length);
        boolean first = fragmentOffset == 0;
        endpoints(sb, b, off, data, first && hasPorts(protocol, data, dataEnd));
        if (Ipv4.isFragment(b, off)) {
            fragment(sb, fragmentOffset, length);
        }
        return first
                ? payload(sb, protocol, b, data, dataEnd, length)
                : sb.append(IpProto.name(protocol));
    }

    private static StringBuilder ipv6(StringBuilder sb, byte[] b, int off, int end) {
        int headerBytes = Ipv6.checkHeader(b, off, end - off);
        if (headerBytes == Malformed.PAYLOAD_TRUNCATED) {
            missing(sb, Ipv6.HEADER_BYTES + Ipv6.payloadLen(b, off) - (end - off));
            headerBytes = Ipv6.HEADER_BYTES;
        }
        if (headerBytes < 0) {
            return Text.malformed(sb, "ip6", headerBytes);
        }
        int length = Ipv6.payloadLen(b, off);
        int data = off + headerBytes;
        int dataEnd = Math.min(end, data + length);
        int nexthdr = Ipv6.nexthdr(b, off);
        long reached = Ipv6Ext.skip(b, data, dataEnd, nexthdr);
        int protocol = reached < 0 ? Ipv6Ext.NONE : Ipv6Ext.reachedType(reached);
        int transport = reached < 0 ? dataEnd : Ipv6Ext.reachedOffset(reached);
        endpoints(sb, b, off, transport, hasPorts(protocol, transport, dataEnd));
        extensions(sb, nexthdr, b, data, dataEnd, length);
        if (reached < 0) {
            return sb.append("[|ip6]");
        }
        if (protocol == Ipv6Ext.FRAGMENT) {
            return sb.append(IpProto.name(Ipv6Ext.nexthdr(b, transport)));
        }
        return payload(sb, protocol, b, transport, dataEnd, length - (transport - data));
    }

    private static void missing(StringBuilder sb, int bytes) {
        sb.append("truncated-ip - ").append(bytes).append(" bytes missing! ");
    }

    /// Prints one word for each extension header that lies before `end`.
    private static void extensions(
            StringBuilder sb, int nexthdr, byte[] b, int off, int end, int length) {
        int start = off;
        while (Ipv6Ext.isExtension(nexthdr) && end - off >= Ipv6Ext.FRAGMENT_BYTES) {
            int bytes = Ipv6Ext.bytes(b, off, nexthdr);
            switch (nexthdr) {
                case Ipv6Ext.HOP_BY_HOP -> sb.append("HBH ");
                case Ipv6Ext.DEST_OPTIONS -> sb.append("DSTOPT ");
                case Ipv6Ext.AUTH -> sb.append("AH ");
                case Ipv6Ext.ROUTING -> {
                    sb.append("srcrt (type=").append(Ipv6Ext.routingType(b, off));
                    sb.append(", segleft=").append(Ipv6Ext.segmentsLeft(b, off)).append(") ");
                }
                default -> {
                    int fragmentOffset = Ipv6Ext.fragmentOffsetBytes(b, off);
                    fragment(sb, fragmentOffset, length - (off + bytes - start));
                    if (fragmentOffset != 0) {
                        return;
                    }
                }
            }
            nexthdr = Ipv6Ext.nexthdr(b, off);
            off += bytes;
        }
    }

    private static void fragment(StringBuilder sb, int offset, int length) {
        sb.append("frag (").append(offset).append('|').append(length).append(") ");
    }

    /// Whether the transport header at `off` begins with two ports that lie before `end`.
    private static boolean hasPorts(int protocol, int off, int end) {
        return switch (protocol) {
            case IpProto.TCP, IpProto.UDP, IpProto.UDPLITE, IpProto.SCTP -> end - off >= 4;
            default -> false;
        };
    }

    /// Prints `source > destination: ` for the IP header at `ip`.
    private static void endpoints(
            StringBuilder sb, byte[] b, int ip, int transport, boolean ports) {
        boolean v4 = Ipv4.version(b, ip) == 4;
        address(sb, b, ip + (v4 ? Ipv4.SADDR : Ipv6.SADDR), v4);
        port(sb, b, transport, ports).append(" > ");
        address(sb, b, ip + (v4 ? Ipv4.DADDR : Ipv6.DADDR), v4);
        port(sb, b, transport + 2, ports).append(": ");
    }

    private static void address(StringBuilder sb, byte[] b, int off, boolean v4) {
        if (v4) {
            In4Addr.append(sb, Bytes.u32(b, off));
        } else {
            In6Addr.append(sb, Bytes.u64(b, off), Bytes.u64(b, off + 8));
        }
    }

    private static StringBuilder port(StringBuilder sb, byte[] b, int off, boolean present) {
        return present ? sb.append('.').append(Bytes.u16(b, off)) : sb;
    }

    /// Prints what an IP packet carries.
    ///
    /// @param end behind the last byte of it that is there
    /// @param length the bytes that there should be
    private static StringBuilder payload(
            StringBuilder sb, int protocol, byte[] b, int off, int end, int length) {
        return switch (protocol) {
            case IpProto.TCP -> TcpPrinter.append(sb, b, off, end, length);
            case IpProto.UDP -> udp(sb, b, off, end);
            case IpProto.ICMP -> IcmpPrinter.append(sb, b, off, end, length);
            case IpProto.ICMPV6 -> Icmpv6Printer.append(sb, b, off, end, length);
            case Ipv6Ext.NONE -> sb.append("no next header");
            default -> sb.append(IpProto.name(protocol)).append(", length ").append(length);
        };
    }

    private static StringBuilder udp(StringBuilder sb, byte[] b, int off, int end) {
        int headerBytes = Udp.checkHeader(b, off, end - off);
        if (headerBytes == Malformed.HEADER_TRUNCATED || headerBytes == Malformed.BAD_LENGTH) {
            return Text.malformed(sb, "udp", headerBytes);
        }
        return sb.append("UDP, length ").append(Udp.len(b, off) - Udp.HEADER_BYTES);
    }
}
