package dev.linnet.packetdrill.packet;

import dev.linnet.packetdrill.packet.Packet.Header;
import dev.linnet.packetdrill.packet.Packet.Kind;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.Icmp;
import dev.linnet.wire.Icmpv6;
import dev.linnet.wire.Ipv4;
import dev.linnet.wire.Ipv6;
import dev.linnet.wire.Malformed;
import dev.linnet.wire.Tcp;
import dev.linnet.wire.Udp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds the headers of a packet that the kernel sent.
public final class PacketParser {
    private static final int ETHERTYPE_IPV4 = 0x0800;
    private static final int ETHERTYPE_IPV6 = 0x86dd;
    private static final int ETHERTYPE_MPLS = 0x8847;
    private static final int MPLS_ENTRY_BYTES = 4;
    private static final int MPLS_BOTTOM = 0x100;

    private final byte[] bytes;
    private final List<Header> headers = new ArrayList<>();
    private int end;

    private PacketParser(byte[] bytes) {
        this.bytes = bytes;
        this.end = bytes.length;
    }

    /// The packet in these bytes.
    ///
    /// @return null for a packet that no script can speak of: a fragment, another protocol, ARP
    /// @throws IllegalArgumentException if a header contradicts itself or runs past the end
    public static @Nullable Packet parse(byte[] datagram) {
        PacketParser parser = new PacketParser(datagram);
        Kind first = datagram.length == 0 ? null : parser.ipKind(0);
        if (first == null || !parser.parse(first, 0)) {
            return null;
        }
        byte[] trimmed =
                parser.end == datagram.length ? datagram : Arrays.copyOf(datagram, parser.end);
        return new Packet(trimmed, parser.headers);
    }

    private @Nullable Kind ipKind(int at) {
        if (at >= end) {
            return null;
        }
        return switch (bytes[at] >>> 4 & 0xf) {
            case 4 -> Kind.IPV4;
            case 6 -> Kind.IPV6;
            default -> null;
        };
    }

    /// Walks from the header at `at` to the transport; false if there is one that is not known.
    private boolean parse(Kind kind, int at) {
        return switch (kind) {
            case IPV4 -> ipv4(at);
            case IPV6 -> ipv6(at);
            case GRE -> gre(at);
            case MPLS -> mpls(at);
            case TCP -> transport(kind, at, Tcp.checkHeader(bytes, at, end - at));
            case UDP -> transport(kind, at, Udp.checkHeader(bytes, at, end - at));
            case ICMPV4 -> transport(kind, at, Icmp.checkHeader(bytes, at, end - at));
            case ICMPV6 -> transport(kind, at, Icmpv6.checkHeader(bytes, at, end - at));
        };
    }

    private boolean transport(Kind kind, int at, int result) {
        int length = check(kind, result);
        add(kind, at, kind == Kind.UDP ? Udp.HEADER_BYTES : length);
        return true;
    }

    private boolean ipv4(int at) {
        int headerBytes = check(Kind.IPV4, Ipv4.checkHeader(bytes, at, end - at));
        if (Ipv4.isFragment(bytes, at)) {
            return false;
        }
        end = at + Ipv4.totLen(bytes, at);
        add(Kind.IPV4, at, headerBytes);
        return next(Packet.kindOf(Ipv4.protocol(bytes, at)), at + headerBytes);
    }

    private boolean ipv6(int at) {
        check(Kind.IPV6, Ipv6.checkHeader(bytes, at, end - at));
        end = at + Ipv6.HEADER_BYTES + Ipv6.payloadLen(bytes, at);
        add(Kind.IPV6, at, Ipv6.HEADER_BYTES);
        return next(Packet.kindOf(Ipv6.nexthdr(bytes, at)), at + Ipv6.HEADER_BYTES);
    }

    private boolean gre(int at) {
        int headerBytes = Gre.headerBytes(need(Kind.GRE, at, Gre.BASE_BYTES));
        need(Kind.GRE, at, headerBytes);
        add(Kind.GRE, at, headerBytes);
        Kind inner =
                switch (Bytes.u16(bytes, at + 2)) {
                    case ETHERTYPE_IPV4 -> Kind.IPV4;
                    case ETHERTYPE_IPV6 -> Kind.IPV6;
                    case ETHERTYPE_MPLS -> Kind.MPLS;
                    default -> null;
                };
        return next(inner, at + headerBytes);
    }

    private boolean mpls(int at) {
        int next = at;
        boolean bottom = false;
        while (!bottom) {
            need(Kind.MPLS, next, MPLS_ENTRY_BYTES);
            bottom = (Bytes.u32(bytes, next) & MPLS_BOTTOM) != 0;
            next += MPLS_ENTRY_BYTES;
        }
        add(Kind.MPLS, at, next - at);
        return next(ipKind(next), next);
    }

    private boolean next(@Nullable Kind kind, int at) {
        return kind != null && parse(kind, at);
    }

    private void add(Kind kind, int at, int length) {
        headers.add(new Header(kind, at, length));
    }

    /// Checks that `length` bytes are there; returns the first two.
    private int need(Kind kind, int at, int length) {
        if (at + length > end) {
            throw new IllegalArgumentException(kind + " header overflows the packet");
        }
        return Bytes.u16(bytes, at);
    }

    private static int check(Kind kind, int result) {
        if (result < 0) {
            throw new IllegalArgumentException(kind + " header: " + Malformed.text(result));
        }
        return result;
    }
}
