package dev.linnet.packetdrill.packet;

import dev.linnet.packetdrill.packet.Packet.Header;
import dev.linnet.packetdrill.packet.Packet.Kind;
import dev.linnet.packetdrill.script.PacketSpec;
import dev.linnet.packetdrill.script.Source;
import dev.linnet.packetdrill.script.TcpOption;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.Icmp;
import dev.linnet.wire.Icmpv6;
import dev.linnet.wire.IpProto;
import dev.linnet.wire.Ipv4;
import dev.linnet.wire.Ipv6;
import dev.linnet.wire.Tcp;
import dev.linnet.wire.Udp;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// Makes the bytes of a packet that a script writes. Addresses and ports are left 0 unless the
/// script names them; payload is zeroes.
public final class PacketBuilder {
    /// The TTL of packets whose script names none.
    private static final int TTL = 255;

    private static final int MAX_DATAGRAM_BYTES = 65535;

    /// How much of the quoted transport header an ICMP error carries before the quoted payload.
    private static final int QUOTED_BYTES = 8;

    private final PacketSpec spec;
    private final boolean v6;

    private PacketBuilder(PacketSpec spec, boolean v6) {
        this.spec = spec;
        this.v6 = v6;
    }

    /// Builds the packet for a script that runs over IPv4 or IPv6.
    ///
    /// @throws IllegalArgumentException if there can be no such packet
    public static ScriptPacket build(PacketSpec spec, boolean v6) {
        PacketBuilder builder = new PacketBuilder(spec, v6);
        Packet packet =
                switch (spec) {
                    case PacketSpec.Tcp tcp -> builder.tcp(tcp);
                    case PacketSpec.Udp udp -> builder.udp(udp);
                    case PacketSpec.Icmp icmp -> builder.icmp(icmp);
                };
        PacketSpec.Tcp tcp = spec instanceof PacketSpec.Tcp t ? t : null;
        return new ScriptPacket(
                packet,
                tcp == null || tcp.window().isPresent(),
                tcp == null || tcp.options() != null,
                tcp != null && tcp.flags().ace().orElse(0) != 0,
                spec.ip().check(),
                spec.ip().ttl());
    }

    /// The reset that ends a connection: a bare `R.` segment.
    public static Packet reset(boolean v6, Tuple tuple, int seq, int ackSeq, int window) {
        PacketSpec.Tcp spec =
                new PacketSpec.Tcp(
                        new Source(0, 0, ""),
                        List.of(),
                        PacketSpec.IpInfo.NONE,
                        null,
                        new PacketSpec.Flags("R.", OptionalInt.empty()),
                        Integer.toUnsignedLong(seq),
                        0,
                        Integer.toUnsignedLong(ackSeq),
                        OptionalInt.of(window),
                        0,
                        List.of());
        Packet packet = build(spec, v6).packet();
        packet.setTuple(tuple);
        return packet;
    }

    private Packet tcp(PacketSpec.Tcp tcp) {
        List<TcpOption> options = tcp.options();
        byte[] optionBytes = options == null ? new byte[0] : TcpOptions.encode(options);
        if ((optionBytes.length & 3) != 0) {
            throw new IllegalArgumentException(
                    "TCP options are not padded to a multiple of 4 bytes: "
                            + (optionBytes.length & 3)
                            + " bytes too many");
        }
        int headerBytes = Tcp.HEADER_BYTES + optionBytes.length;
        if (headerBytes > Tcp.MAX_HEADER_BYTES) {
            throw new IllegalArgumentException("TCP header too large");
        }
        Layout layout = new Layout(Kind.TCP, headerBytes, tcp.payload());
        byte[] b = layout.bytes;
        int at = layout.transport;
        Tcp.put(
                b,
                at,
                tcp.ports() == null ? 0 : tcp.ports().source(),
                tcp.ports() == null ? 0 : tcp.ports().destination(),
                (int) tcp.seq(),
                (int) tcp.ack(),
                headerBytes,
                flags(tcp.flags()),
                tcp.window().orElse(0));
        Tcp.urgPtr(b, at, tcp.urgentPointer());
        System.arraycopy(optionBytes, 0, b, at + Tcp.HEADER_BYTES, optionBytes.length);
        return layout.packet();
    }

    private static int flags(PacketSpec.Flags written) {
        int flags = 0;
        String letters = "FSRP.UEWA";
        for (int i = 0; i < letters.length(); i++) {
            flags |= written.has(letters.charAt(i)) ? 1 << i : 0;
        }
        int ace = written.ace().orElse(0);
        return flags | ace << Integer.numberOfTrailingZeros(Tcp.ECE);
    }

    private Packet udp(PacketSpec.Udp udp) {
        Layout layout = new Layout(Kind.UDP, Udp.HEADER_BYTES, udp.payload());
        Udp.put(
                layout.bytes,
                layout.transport,
                udp.ports() == null ? 0 : udp.ports().source(),
                udp.ports() == null ? 0 : udp.ports().destination(),
                Udp.HEADER_BYTES + udp.payload());
        return layout.packet();
    }

    private Packet icmp(PacketSpec.Icmp icmp) {
        int ipBytes = ipHeaderBytes(v6);
        int payload =
                switch (icmp.echoed()) {
                    case PacketSpec.Echoed.OfTcp t -> ipBytes + QUOTED_BYTES + t.payload();
                    case PacketSpec.Echoed.OfUdp u -> ipBytes + QUOTED_BYTES + u.payload();
                    case PacketSpec.Echoed.Raw r -> r.length() - Icmp.HEADER_BYTES;
                };
        if (payload < 0) {
            throw new IllegalArgumentException("an ICMP message has at least 8 bytes");
        }
        int type = IcmpNames.type(icmp.type(), v6);
        int code = IcmpNames.code(icmp.code(), icmp.type(), v6);
        Layout layout = new Layout(v6 ? Kind.ICMPV6 : Kind.ICMPV4, Icmp.HEADER_BYTES, payload);
        Icmp.put(layout.bytes, layout.transport, type, code, rest(icmp, type, code));
        quote(icmp.echoed(), layout.bytes, layout.transport + Icmp.HEADER_BYTES);
        return layout.packet();
    }

    /// The four bytes after an ICMP header's checksum: MTU or identifier.
    private int rest(PacketSpec.Icmp icmp, int type, int code) {
        if (icmp.mtu().isEmpty()) {
            return icmp.echoId() << 16;
        }
        long mtu = icmp.mtu().getAsLong();
        if (v6 && type != Icmpv6.PKT_TOOBIG) {
            throw new IllegalArgumentException("ICMPv6 MTU is only valid for packet_too_big");
        }
        if (!v6 && (type != Icmp.DEST_UNREACH || code != Icmp.FRAG_NEEDED)) {
            throw new IllegalArgumentException(
                    "ICMPv4 MTU is only valid for unreachable frag_needed");
        }
        if (!v6 && mtu > 0xffff) {
            throw new IllegalArgumentException("ICMPv4 MTU out of 16-bit range");
        }
        return (int) mtu;
    }

    /// Writes as much of the quoted packet as finds its socket again; ports and addresses come with
    /// [Packet#setTuple].
    private void quote(PacketSpec.Echoed echoed, byte[] b, int at) {
        int transport = at + ipHeaderBytes(v6);
        switch (echoed) {
            case PacketSpec.Echoed.OfTcp t -> {
                putIp(b, at, Tcp.HEADER_BYTES + t.payload(), IpProto.TCP, PacketSpec.IpInfo.NONE);
                Tcp.seq(b, transport, (int) t.seq());
            }
            case PacketSpec.Echoed.OfUdp u ->
                    putIp(
                            b,
                            at,
                            Udp.HEADER_BYTES + u.payload(),
                            IpProto.UDP,
                            PacketSpec.IpInfo.NONE);
            case PacketSpec.Echoed.Raw _ -> {}
        }
    }

    private void putIp(byte[] b, int at, int payload, int protocol, PacketSpec.IpInfo info) {
        putIp(v6, b, at, payload, protocol, info);
    }

    private static void putIp(
            boolean v6, byte[] b, int at, int payload, int protocol, PacketSpec.IpInfo info) {
        int ttl = info.ttl().orElse(TTL);
        if (v6) {
            Ipv6.put(b, at, info.tos(), info.flowLabel(), payload, protocol, ttl, 0, 0, 0, 0);
        } else {
            int total = Ipv4.HEADER_BYTES + payload;
            Ipv4.put(b, at, info.tos(), total, 0, 0, ttl, protocol, 0, 0);
        }
    }

    private static int ipHeaderBytes(boolean v6) {
        return v6 ? Ipv6.HEADER_BYTES : Ipv4.HEADER_BYTES;
    }

    /// Room for all headers and the payload, with everything but the transport header written.
    private final class Layout {
        final byte[] bytes;
        final int transport;
        private final List<Header> headers = new ArrayList<>();

        Layout(Kind kind, int transportBytes, int payload) {
            int at = 0;
            for (PacketSpec.Encapsulation outer : spec.outer()) {
                Header header = header(outer, at);
                headers.add(header);
                at += header.bytes();
            }
            headers.add(new Header(v6 ? Kind.IPV6 : Kind.IPV4, at, ipHeaderBytes(v6)));
            transport = at + ipHeaderBytes(v6);
            headers.add(new Header(kind, transport, transportBytes));
            int total = transport + transportBytes + payload;
            if (total > MAX_DATAGRAM_BYTES) {
                throw new IllegalArgumentException("packet too large: " + total + " bytes");
            }
            bytes = new byte[total];
            putIp(bytes, at, total - transport, Packet.protocol(kind), spec.ip());
            for (int i = 0; i < spec.outer().size(); i++) {
                put(spec.outer().get(i), headers.get(i), headers.get(i + 1).kind());
            }
        }

        private Header header(PacketSpec.Encapsulation outer, int at) {
            return switch (outer) {
                case PacketSpec.OuterIp ip ->
                        new Header(ip.v6() ? Kind.IPV6 : Kind.IPV4, at, ipHeaderBytes(ip.v6()));
                case PacketSpec.Gre gre -> new Header(Kind.GRE, at, Gre.headerBytes(gre.flags()));
                case PacketSpec.Mpls mpls -> new Header(Kind.MPLS, at, 4 * mpls.stack().size());
            };
        }

        private void put(PacketSpec.Encapsulation outer, Header header, Kind next) {
            int at = header.offset();
            switch (outer) {
                case PacketSpec.OuterIp ip -> {
                    int payload = bytes.length - at - header.bytes();
                    putIp(ip.v6(), bytes, at, payload, Packet.protocol(next), ip.info());
                    putAddresses(ip, at);
                }
                case PacketSpec.Gre gre -> Gre.put(bytes, at, gre, etherType(next));
                case PacketSpec.Mpls mpls -> {
                    for (PacketSpec.MplsEntry entry : mpls.stack()) {
                        Bytes.u32(bytes, at, mplsEntry(entry));
                        at += 4;
                    }
                }
            }
        }

        private void putAddresses(PacketSpec.OuterIp ip, int at) {
            IpAddress source = IpAddress.parse(ip.source());
            IpAddress destination = IpAddress.parse(ip.destination());
            if (ip.v6()) {
                Ipv6.saddr(bytes, at, source.hi(), source.lo());
                Ipv6.daddr(bytes, at, destination.hi(), destination.lo());
            } else {
                Ipv4.saddr(bytes, at, source.bits());
                Ipv4.daddr(bytes, at, destination.bits());
            }
        }

        Packet packet() {
            return new Packet(bytes, headers);
        }
    }

    private static int etherType(Kind kind) {
        return switch (kind) {
            case IPV4 -> 0x0800;
            case IPV6 -> 0x86dd;
            case MPLS -> 0x8847;
            default -> throw new IllegalArgumentException(kind + " cannot follow GRE");
        };
    }

    /// One label as on the wire (RFC 3032): label, traffic class, bottom of stack, TTL.
    public static int mplsEntry(PacketSpec.MplsEntry entry) {
        return entry.label() << 12
                | entry.trafficClass() << 9
                | (entry.bottom() ? 0x100 : 0)
                | entry.ttl();
    }
}
