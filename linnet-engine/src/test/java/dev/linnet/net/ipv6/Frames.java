package dev.linnet.net.ipv6;

import dev.linnet.wire.Bytes;
import dev.linnet.wire.Ethernet;
import dev.linnet.wire.Icmpv6;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.IpProto;
import dev.linnet.wire.Ipv6;
import dev.linnet.wire.Ipv6Ext;
import dev.linnet.wire.MacAddr;
import java.util.Arrays;
import java.util.List;

/// Ethernet frames with ICMPv6 in them: written, and told in one line.
final class Frames {
    private Frames() {}

    /// A frame with an ICMPv6 message, its checksum right.
    static byte[] icmp(String srcMac, String from, String to, int hops, byte[] message) {
        In6Addr src = In6Addr.parse(from);
        In6Addr dst = In6Addr.parse(to);
        byte[] b = new byte[14 + 40 + message.length];
        long toMac =
                In6Addr.isMulticast(dst.hi())
                        ? MacAddr.ofMulticastV6(dst.lo())
                        : MacAddr.parse("02:00:00:00:00:01");
        Ethernet.put(b, 0, toMac, MacAddr.parse(srcMac), Ethernet.P_IPV6);
        Ipv6.put(
                b,
                14,
                0,
                0,
                message.length,
                IpProto.ICMPV6,
                hops,
                src.hi(),
                src.lo(),
                dst.hi(),
                dst.lo());
        System.arraycopy(message, 0, b, 54, message.length);
        Icmpv6.sendCheck(b, 54, message.length, src.hi(), src.lo(), dst.hi(), dst.lo());
        return b;
    }

    /// The packet of a frame.
    static byte[] packet(byte[] frame) {
        return Arrays.copyOfRange(frame, 14, frame.length);
    }

    /// Source, destination, ICMPv6 type, and for neighbour discovery the target.
    static String tell(byte[] frame) {
        byte[] p = packet(frame);
        long reached = Ipv6Ext.skip(p, 40, p.length, Ipv6.nexthdr(p, 0));
        int at = Ipv6Ext.reachedOffset(reached);
        String ends =
                In6Addr.format(Ipv6.saddrHi(p, 0), Ipv6.saddrLo(p, 0))
                        + " > "
                        + In6Addr.format(Ipv6.daddrHi(p, 0), Ipv6.daddrLo(p, 0));
        if (Ipv6Ext.reachedType(reached) != IpProto.ICMPV6) {
            return ends + " proto " + Ipv6Ext.reachedType(reached);
        }
        int type = Icmpv6.type(p, at);
        String what =
                switch (type) {
                    case 128 -> "echo";
                    case 129 -> "reply";
                    case 133 -> "rs";
                    case 134 -> "ra";
                    case 135 -> "ns " + target(p, at);
                    case 136 -> "na " + target(p, at);
                    case 143 -> "mld2" + records(p, at);
                    default -> "icmp6 " + type + "/" + Icmpv6.code(p, at);
                };
        return ends + " " + what;
    }

    private static String target(byte[] p, int at) {
        return In6Addr.format(Bytes.u64(p, at + 8), Bytes.u64(p, at + 16));
    }

    private static String records(byte[] p, int at) {
        StringBuilder sb = new StringBuilder();
        int count = Bytes.u16(p, at + 6);
        int r = at + 8;
        for (int i = 0; i < count; i++) {
            int sources = Bytes.u16(p, r + 2);
            sb.append(' ').append(Bytes.u8(p, r)).append(':');
            In6Addr.append(sb, Bytes.u64(p, r + 4), Bytes.u64(p, r + 12));
            r += 20;
            for (int s = 0; s < sources; s++) {
                In6Addr.append(sb.append(','), Bytes.u64(p, r), Bytes.u64(p, r + 8));
                r += 16;
            }
        }
        return sb.toString();
    }

    static List<String> tell(List<byte[]> frames) {
        return frames.stream().map(Frames::tell).toList();
    }
}
