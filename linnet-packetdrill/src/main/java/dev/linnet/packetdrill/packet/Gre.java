package dev.linnet.packetdrill.packet;

import dev.linnet.packetdrill.script.PacketSpec;
import dev.linnet.wire.Bytes;

/// The GRE header (RFC 2784, RFC 2890).
final class Gre {
    /// Flags and protocol, without any optional field.
    static final int BASE_BYTES = 4;

    /// RFC 1701's routing bit: with it, or with the checksum bit, checksum and offset are there.
    private static final int ROUTING = 0x4000;

    private Gre() {}

    static int headerBytes(int flags) {
        int length = BASE_BYTES;
        length += hasSum(flags) ? 4 : 0;
        length += (flags & PacketSpec.Gre.KEY) != 0 ? 4 : 0;
        length += (flags & PacketSpec.Gre.SEQUENCE) != 0 ? 4 : 0;
        return length;
    }

    static boolean hasSum(int flags) {
        return (flags & (PacketSpec.Gre.CHECKSUM | ROUTING)) != 0;
    }

    /// Writes the header; `protocol` is the Ethernet type of what follows.
    static void put(byte[] b, int off, PacketSpec.Gre gre, int protocol) {
        Bytes.u16(b, off, gre.flags());
        Bytes.u16(b, off + 2, protocol);
        int at = off + BASE_BYTES;
        if (hasSum(gre.flags())) {
            Bytes.u16(b, at, gre.sum());
            Bytes.u16(b, at + 2, gre.off());
            at += 4;
        }
        if ((gre.flags() & PacketSpec.Gre.KEY) != 0) {
            Bytes.u32(b, at, (int) gre.key());
            at += 4;
        }
        if ((gre.flags() & PacketSpec.Gre.SEQUENCE) != 0) {
            Bytes.u32(b, at, (int) gre.seq());
        }
    }
}
