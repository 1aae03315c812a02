package dev.linnet.packetdrill.packet;

import dev.linnet.packetdrill.packet.Packet.Header;
import dev.linnet.packetdrill.packet.Packet.Kind;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.Checksum;
import dev.linnet.wire.Icmp;
import dev.linnet.wire.Icmpv6;
import dev.linnet.wire.IpProto;
import dev.linnet.wire.Ipv4;
import dev.linnet.wire.Ipv6;
import dev.linnet.wire.Tcp;
import dev.linnet.wire.Udp;
import java.util.Optional;

/// Checksums of packets: filled in for those that are injected, judged in those that the kernel
/// sends.
public final class PacketChecksums {
    private PacketChecksums() {}

    /// Writes all checksums of IP headers and transport.
    public static void fill(Packet packet) {
        byte[] b = packet.bytes();
        int at = packet.transportOffset();
        switch (packet.transport().kind()) {
            case TCP -> {
                Tcp.check(b, at, 0);
                Tcp.check(b, at, transport(packet, IpProto.TCP));
            }
            case UDP -> {
                Udp.check(b, at, 0);
                int check = transport(packet, IpProto.UDP);
                Udp.check(b, at, check == 0 ? Checksum.MANGLED_0 : check);
            }
            case ICMPV4 -> Icmp.sendCheck(b, at, b.length - at);
            case ICMPV6 -> {
                Icmpv6.cksum(b, at, 0);
                Icmpv6.cksum(b, at, transport(packet, IpProto.ICMPV6));
            }
            default -> throw new IllegalArgumentException("no transport");
        }
        for (Header header : packet.headers()) {
            if (header.kind() == Kind.IPV4) {
                Ipv4.sendCheck(b, header.offset());
            }
        }
    }

    /// What is wrong with the checksums of a packet that the kernel sent, if anything is.
    ///
    /// A device that computes checksums gets TCP and UDP with the sum of the pseudo header only, so
    /// both are right: that and the whole.
    public static Optional<String> fault(Packet packet) {
        byte[] b = packet.bytes();
        for (Header header : packet.headers()) {
            if (header.kind() == Kind.IPV4 && !Ipv4.checksumOk(b, header.offset())) {
                return Optional.of("bad outbound IP checksum");
            }
        }
        if (packet.isTcp() && !offloadable(packet, IpProto.TCP, Tcp.CHECK)) {
            return Optional.of("bad outbound TCP checksum");
        }
        boolean none = packet.isUdp() && Udp.check(b, packet.transportOffset()) == 0;
        if (packet.isUdp() && !none && !offloadable(packet, IpProto.UDP, Udp.CHECK)) {
            return Optional.of("bad outbound UDP checksum");
        }
        return Optional.empty();
    }

    private static boolean offloadable(Packet packet, int protocol, int checkOffset) {
        int seed = Checksum.fold16(pseudoHeader(packet, protocol));
        int check = Bytes.u16(packet.bytes(), packet.transportOffset() + checkOffset);
        return check == seed || transport(packet, protocol) == 0;
    }

    private static int transport(Packet packet, int protocol) {
        int at = packet.transportOffset();
        int length = packet.bytes().length - at;
        int seed = pseudoHeader(packet, protocol);
        return Checksum.fold(Checksum.partial(packet.bytes(), at, length, seed));
    }

    private static int pseudoHeader(Packet packet, int protocol) {
        byte[] b = packet.bytes();
        int ip = packet.ipOffset();
        int length = b.length - packet.transportOffset();
        return packet.isV6()
                ? Checksum.pseudoV6(
                        Ipv6.saddrHi(b, ip),
                        Ipv6.saddrLo(b, ip),
                        Ipv6.daddrHi(b, ip),
                        Ipv6.daddrLo(b, ip),
                        length,
                        protocol,
                        0)
                : Checksum.pseudoV4(Ipv4.saddr(b, ip), Ipv4.daddr(b, ip), length, protocol, 0);
    }
}
