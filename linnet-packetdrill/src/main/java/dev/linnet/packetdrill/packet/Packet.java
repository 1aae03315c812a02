package dev.linnet.packetdrill.packet;

import dev.linnet.wire.Bytes;
import dev.linnet.wire.Icmp;
import dev.linnet.wire.IpProto;
import dev.linnet.wire.Ipv4;
import dev.linnet.wire.Ipv6;
import dev.linnet.wire.Tcp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One IP datagram: its bytes and where its headers are.
///
/// The last header is the transport, the one before it the IP header that carries it; headers
/// before these are encapsulation. The bytes are this object's own and may be changed in place.
public final class Packet {
    /// What a header is.
    public enum Kind {
        IPV4,
        IPV6,
        GRE,
        MPLS,
        TCP,
        UDP,
        ICMPV4,
        ICMPV6
    }

    /// One header: what it is, where it starts, its length.
    public record Header(Kind kind, int offset, int bytes) {}

    private final byte[] bytes;
    private final List<Header> headers;

    /// A packet whose headers are known; `headers` ends with an IP header and a transport.
    public Packet(byte[] bytes, List<Header> headers) {
        this.bytes = bytes;
        this.headers = List.copyOf(headers);
    }

    /// An independent copy.
    public Packet copy() {
        return new Packet(bytes.clone(), headers);
    }

    /// The datagram.
    public byte[] bytes() {
        return bytes;
    }

    /// The headers, the outermost first.
    public List<Header> headers() {
        return headers;
    }

    /// The transport.
    public Header transport() {
        return headers.getLast();
    }

    /// Where the transport header starts.
    public int transportOffset() {
        return transport().offset();
    }

    /// The IP header that carries the transport.
    public Header ip() {
        return headers.get(headers.size() - 2);
    }

    /// Where that IP header starts.
    public int ipOffset() {
        return ip().offset();
    }

    /// True if the IP header next to the transport is IPv6.
    public boolean isV6() {
        return ip().kind() == Kind.IPV6;
    }

    /// True if the transport is TCP.
    public boolean isTcp() {
        return transport().kind() == Kind.TCP;
    }

    /// True if the transport is UDP.
    public boolean isUdp() {
        return transport().kind() == Kind.UDP;
    }

    /// True if the transport is ICMP or ICMPv6.
    public boolean isIcmp() {
        return transport().kind() == Kind.ICMPV4 || transport().kind() == Kind.ICMPV6;
    }

    /// Where the transport's payload starts.
    public int payloadOffset() {
        return transport().offset() + transport().bytes();
    }

    /// How long that payload is.
    public int payloadLength() {
        return bytes.length - payloadOffset();
    }

    /// True if the flags of the TCP header contain all of `mask` (see [Tcp]).
    public boolean hasFlags(int mask) {
        return isTcp() && (Tcp.flags(bytes, transportOffset()) & mask) == mask;
    }

    /// Addresses and ports.
    public Tuple tuple() {
        int at = transportOffset();
        boolean ports = isTcp() || isUdp();
        return new Tuple(
                source(bytes, ipOffset(), isV6()),
                ports ? Bytes.u16(bytes, at) : 0,
                destination(bytes, ipOffset(), isV6()),
                ports ? Bytes.u16(bytes, at + 2) : 0);
    }

    /// Rewrites addresses and ports; in an ICMP error also those of the packet that it quotes,
    /// which went the other way.
    public void setTuple(Tuple tuple) {
        setAddresses(ipOffset(), tuple);
        if (isTcp() || isUdp()) {
            setPorts(transportOffset(), tuple);
            return;
        }
        int quoted = quotedIpOffset();
        if (quoted >= 0) {
            Tuple reversed = tuple.reversed();
            setAddresses(quoted, reversed);
            setPorts(quoted + (isV6() ? Ipv6.HEADER_BYTES : Ipv4.HEADER_BYTES), reversed);
        }
    }

    private void setAddresses(int ip, Tuple tuple) {
        IpAddress source = tuple.source();
        IpAddress destination = tuple.destination();
        if (isV6()) {
            Ipv6.saddr(bytes, ip, source.hi(), source.lo());
            Ipv6.daddr(bytes, ip, destination.hi(), destination.lo());
        } else {
            Ipv4.saddr(bytes, ip, source.bits());
            Ipv4.daddr(bytes, ip, destination.bits());
        }
    }

    private void setPorts(int at, Tuple tuple) {
        Bytes.u16(bytes, at, tuple.sourcePort());
        Bytes.u16(bytes, at + 2, tuple.destinationPort());
    }

    /// Where the IP header starts that an ICMP message quotes, or -1: it quotes none.
    public int quotedIpOffset() {
        int at = transportOffset() + Icmp.HEADER_BYTES;
        int version = isIcmp() && at < bytes.length ? bytes[at] >>> 4 & 0xf : 0;
        return version == (isV6() ? 6 : 4) ? at : -1;
    }

    /// Where the transport header starts that an ICMP message quotes, if it is of `protocol`; else
    /// -1.
    public int quotedTransportOffset(int protocol) {
        int ip = quotedIpOffset();
        if (ip < 0) {
            return -1;
        }
        int actual = isV6() ? Ipv6.nexthdr(bytes, ip) : Ipv4.protocol(bytes, ip);
        return actual == protocol ? ip + (isV6() ? Ipv6.HEADER_BYTES : Ipv4.HEADER_BYTES) : -1;
    }

    static IpAddress source(byte[] b, int ip, boolean v6) {
        return v6
                ? new IpAddress(true, Ipv6.saddrHi(b, ip), Ipv6.saddrLo(b, ip))
                : IpAddress.v4(Ipv4.saddr(b, ip));
    }

    static IpAddress destination(byte[] b, int ip, boolean v6) {
        return v6
                ? new IpAddress(true, Ipv6.daddrHi(b, ip), Ipv6.daddrLo(b, ip))
                : IpAddress.v4(Ipv4.daddr(b, ip));
    }

    /// The IP protocol number of a transport kind.
    static int protocol(Kind kind) {
        return switch (kind) {
            case IPV4 -> IpProto.IPIP;
            case IPV6 -> IpProto.IPV6;
            case GRE -> IpProto.GRE;
            case TCP -> IpProto.TCP;
            case UDP -> IpProto.UDP;
            case ICMPV4 -> IpProto.ICMP;
            case ICMPV6 -> IpProto.ICMPV6;
            case MPLS -> throw new IllegalArgumentException("MPLS is not an IP protocol");
        };
    }

    /// The kind of header that an IP protocol number announces, or null for one that is not known
    /// here.
    static @Nullable Kind kindOf(int protocol) {
        return switch (protocol) {
            case IpProto.IPIP -> Kind.IPV4;
            case IpProto.IPV6 -> Kind.IPV6;
            case IpProto.GRE -> Kind.GRE;
            case IpProto.TCP -> Kind.TCP;
            case IpProto.UDP -> Kind.UDP;
            case IpProto.ICMP -> Kind.ICMPV4;
            case IpProto.ICMPV6 -> Kind.ICMPV6;
            default -> null;
        };
    }
}
