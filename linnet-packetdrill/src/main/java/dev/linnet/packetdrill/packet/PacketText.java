package dev.linnet.packetdrill.packet;

import dev.linnet.packetdrill.packet.Packet.Header;
import dev.linnet.wire.Ecn;
import dev.linnet.wire.Icmp;
import dev.linnet.wire.Icmpv6;
import dev.linnet.wire.Ipv4;
import dev.linnet.wire.Ipv6;
import dev.linnet.wire.Tcp;
import java.util.Locale;
import java.util.stream.Collectors;

/// Prints packets in the notation of scripts.
public final class PacketText {
    private static final String[] ECN_NAMES = {"noecn", "ect1", "ect0", "ce"};

    private PacketText() {}

    /// A packet of a script; what the script leaves open is left out.
    public static String of(ScriptPacket script) {
        return text(
                script.packet(),
                script.windowChecked(),
                script.optionsChecked(),
                script.aceNumber());
    }

    /// A packet as it is.
    public static String of(Packet packet) {
        return text(packet, true, true, false);
    }

    private static String text(Packet packet, boolean window, boolean options, boolean ace) {
        StringBuilder text = new StringBuilder();
        for (Header header : packet.headers().subList(0, packet.headers().size() - 2)) {
            text.append(outer(packet.bytes(), header)).append(": ");
        }
        int ecn = Ecn.of(tos(packet));
        if (ecn != Ecn.NOT_ECT) {
            text.append('[').append(ECN_NAMES[ecn]).append("] ");
        }
        switch (packet.transport().kind()) {
            case TCP -> tcp(text, packet, window, options, ace);
            case UDP -> text.append("udp (").append(packet.payloadLength()).append(')');
            default -> icmp(text, packet);
        }
        return text.toString();
    }

    private static String outer(byte[] b, Header header) {
        boolean v6 = header.kind() == Packet.Kind.IPV6;
        return switch (header.kind()) {
            case IPV4, IPV6 ->
                    (v6 ? "ipv6 " : "ipv4 ")
                            + Packet.source(b, header.offset(), v6)
                            + " > "
                            + Packet.destination(b, header.offset(), v6);
            default -> header.kind().name().toLowerCase(Locale.ROOT);
        };
    }

    private static int tos(Packet packet) {
        byte[] b = packet.bytes();
        int ip = packet.ipOffset();
        return packet.isV6() ? Ipv6.trafficClass(b, ip) : Ipv4.tos(b, ip);
    }

    private static void tcp(
            StringBuilder text, Packet packet, boolean window, boolean options, boolean ace) {
        byte[] b = packet.bytes();
        int at = packet.transportOffset();
        int flags = Tcp.flags(b, at);
        long seq = Integer.toUnsignedLong(Tcp.seq(b, at));
        int payload = packet.payloadLength();
        text.append(flags(flags, ace)).append(' ');
        text.append(seq).append(':').append(seq + payload).append('(').append(payload).append(')');
        if ((flags & Tcp.ACK) != 0) {
            text.append(" ack ").append(Integer.toUnsignedString(Tcp.ackSeq(b, at)));
        }
        if (window) {
            text.append(" win ").append(Tcp.window(b, at));
        }
        if ((flags & Tcp.URG) != 0) {
            text.append(" urg ").append(Tcp.urgPtr(b, at));
        }
        if (!options) {
            text.append(" <...>");
        } else if (packet.transport().bytes() > Tcp.HEADER_BYTES) {
            text.append(" <").append(options(packet)).append('>');
        }
    }

    private static String options(Packet packet) {
        try {
            return TcpOptions.in(packet).stream()
                    .map(option -> TcpOptions.text(packet.bytes(), option))
                    .collect(Collectors.joining(","));
        } catch (IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /// The flags as scripts write them: `FP.`, `SEW`, `.5`, `-` for none.
    public static String flags(int flags, boolean ace) {
        StringBuilder text = new StringBuilder();
        String letters = ace ? "FSRP U" : "FSRP UEWA";
        for (int i = 0; i < letters.length(); i++) {
            if ((flags & 1 << i) != 0 && letters.charAt(i) != ' ') {
                text.append(letters.charAt(i));
            }
        }
        text.append((flags & Tcp.ACK) != 0 ? "." : "");
        if (ace) {
            text.append((flags & Tcp.ACE_MASK) >> Integer.numberOfTrailingZeros(Tcp.ECE));
        }
        return text.isEmpty() ? "-" : text.toString();
    }

    private static void icmp(StringBuilder text, Packet packet) {
        byte[] b = packet.bytes();
        int at = packet.transportOffset();
        boolean v6 = packet.isV6();
        int type = Icmp.type(b, at);
        int code = Icmp.code(b, at);
        text.append("icmp ").append(IcmpNames.text(type, code, v6));
        if (!v6 && type == Icmp.DEST_UNREACH && code == Icmp.FRAG_NEEDED) {
            text.append(" mtu ").append(Icmp.mtu(b, at));
        } else if (v6 && type == Icmpv6.PKT_TOOBIG) {
            text.append(" mtu ").append(Icmpv6.mtu(b, at));
        }
    }
}
