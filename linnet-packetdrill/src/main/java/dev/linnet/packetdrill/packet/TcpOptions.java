package dev.linnet.packetdrill.packet;

import dev.linnet.packetdrill.script.TcpOption;
import dev.linnet.wire.Bytes;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// The options of a TCP header: written from a script, found in a packet, printed.
public final class TcpOptions {
    /// Option kinds (IANA, "TCP Option Kind Numbers").
    public static final int EOL = 0;

    public static final int NOP = 1;
    public static final int MSS = 2;
    public static final int WINDOW_SCALE = 3;
    public static final int SACK_PERMITTED = 4;
    public static final int SACK = 5;
    public static final int TIMESTAMPS = 8;
    public static final int MD5 = 19;
    public static final int FAST_OPEN = 34;
    public static final int ACC_ECN_0 = 172;
    public static final int ACC_ECN_1 = 174;
    public static final int EXPERIMENTAL = 254;

    /// What follows the kind and length of an experimental option that is TCP Fast Open (RFC 6994).
    private static final int FAST_OPEN_MAGIC = 0xf989;

    private TcpOptions() {}

    /// An option as it lies in a packet; `offset` is that of its kind.
    public record Raw(int kind, int offset, int length) {}

    /// The options as bytes.
    public static byte[] encode(List<TcpOption> options) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        options.forEach(option -> out.writeBytes(encode(option)));
        return out.toByteArray();
    }

    private static byte[] encode(TcpOption option) {
        return switch (option) {
            case TcpOption.Eol _ -> new byte[] {EOL};
            case TcpOption.Nop _ -> new byte[] {NOP};
            case TcpOption.Mss o -> {
                byte[] b = option(MSS, 2);
                Bytes.u16(b, 2, o.bytes());
                yield b;
            }
            case TcpOption.WindowScale o -> option(WINDOW_SCALE, new byte[] {(byte) o.shift()});
            case TcpOption.SackPermitted _ -> option(SACK_PERMITTED, 0);
            case TcpOption.Sack o -> sack(o);
            case TcpOption.Timestamps o -> {
                byte[] b = option(TIMESTAMPS, 8);
                Bytes.u32(b, 2, (int) o.val());
                Bytes.u32(b, 6, (int) o.ecr());
                yield b;
            }
            case TcpOption.Md5 o -> option(MD5, o.digest());
            case TcpOption.FastOpen o -> fastOpen(o);
            case TcpOption.AccEcn o -> accEcn(o);
        };
    }

    private static byte[] option(int kind, int dataBytes) {
        byte[] b = new byte[2 + dataBytes];
        b[0] = (byte) kind;
        b[1] = (byte) b.length;
        return b;
    }

    private static byte[] option(int kind, byte[] data) {
        byte[] b = option(kind, data.length);
        System.arraycopy(data, 0, b, 2, data.length);
        return b;
    }

    private static byte[] sack(TcpOption.Sack sack) {
        byte[] b = option(SACK, 8 * sack.blocks().size());
        int at = 2;
        for (TcpOption.Block block : sack.blocks()) {
            Bytes.u32(b, at, (int) block.left());
            Bytes.u32(b, at + 4, (int) block.right());
            at += 8;
        }
        return b;
    }

    private static byte[] fastOpen(TcpOption.FastOpen option) {
        if (!option.experimental()) {
            return option(FAST_OPEN, option.cookie());
        }
        byte[] b = option(EXPERIMENTAL, 2 + option.cookie().length);
        Bytes.u16(b, 2, FAST_OPEN_MAGIC);
        System.arraycopy(option.cookie(), 0, b, 4, option.cookie().length);
        return b;
    }

    private static byte[] accEcn(TcpOption.AccEcn option) {
        boolean e1bFirst =
                !option.counters().isEmpty() && option.counters().getFirst().name().equals("e1b");
        byte[] b = option(e1bFirst ? ACC_ECN_1 : ACC_ECN_0, 3 * option.counters().size());
        int at = 2;
        for (TcpOption.Counter counter : option.counters()) {
            Bytes.u24(b, at, counter.value());
            at += 3;
        }
        return b;
    }

    /// The options between `start` and `end`. Padding counts as options of one byte, and an
    /// end-of-list does not end the list: a script may say what follows it.
    ///
    /// @throws IllegalArgumentException if a length is wrong
    public static List<Raw> in(byte[] b, int start, int end) {
        List<Raw> options = new ArrayList<>();
        int at = start;
        while (at < end) {
            int kind = Bytes.u8(b, at);
            int length = 1;
            if (kind != EOL && kind != NOP) {
                length = at + 1 < end ? Bytes.u8(b, at + 1) : 0;
                if (length < 2 || at + length > end) {
                    throw new IllegalArgumentException(
                            "TCP option length of kind " + kind + " is wrong: " + length);
                }
            }
            options.add(new Raw(kind, at, length));
            at += length;
        }
        return options;
    }

    /// The options of the packet's TCP header.
    ///
    /// @throws IllegalArgumentException if a length is wrong
    public static List<Raw> in(Packet packet) {
        return in(packet.bytes(), packet.transportOffset() + 20, packet.payloadOffset());
    }

    /// Whether two options are the same, byte for byte.
    public static boolean same(byte[] a, Raw inA, byte[] b, Raw inB) {
        return Arrays.equals(
                a, inA.offset, inA.offset + inA.length, b, inB.offset, inB.offset + inB.length);
    }

    /// The option in the notation of scripts; one that scripts cannot write as its bytes in
    /// hexadecimal.
    public static String text(byte[] b, Raw option) {
        int data = option.offset + 2;
        if (!isWellFormed(b, option)) {
            return "kind " + option.kind + " " + hex(b, data, option);
        }
        return switch (option.kind) {
            case EOL -> "eol";
            case NOP -> "nop";
            case MSS -> "mss " + Bytes.u16(b, data);
            case WINDOW_SCALE -> "wscale " + Bytes.u8(b, data);
            case SACK_PERMITTED -> "sackOK";
            case SACK -> sackText(b, option);
            case TIMESTAMPS -> "TS val " + unsigned(b, data) + " ecr " + unsigned(b, data + 4);
            case MD5 -> ("md5 " + hex(b, data, option)).stripTrailing();
            case FAST_OPEN -> ("FO " + hex(b, data, option)).stripTrailing();
            case EXPERIMENTAL -> ("FOEXP " + hex(b, data + 2, option)).stripTrailing();
            case ACC_ECN_0 -> accEcnText(b, option, "e0b", "ceb", "e1b");
            default -> accEcnText(b, option, "e1b", "ceb", "e0b");
        };
    }

    /// True for an option that scripts can write, of a length that it can have.
    private static boolean isWellFormed(byte[] b, Raw option) {
        return switch (option.kind) {
            case EOL, NOP, MD5, FAST_OPEN -> true;
            case MSS -> option.length == 4;
            case WINDOW_SCALE -> option.length == 3;
            case SACK_PERMITTED -> option.length == 2;
            case SACK -> option.length % 8 == 2;
            case TIMESTAMPS -> option.length == 10;
            case EXPERIMENTAL -> isFastOpen(b, option);
            case ACC_ECN_0, ACC_ECN_1 -> option.length % 3 == 2 && option.length <= 11;
            default -> false;
        };
    }

    private static boolean isFastOpen(byte[] b, Raw option) {
        return option.length >= 4 && Bytes.u16(b, option.offset + 2) == FAST_OPEN_MAGIC;
    }

    private static String sackText(byte[] b, Raw option) {
        StringBuilder text = new StringBuilder("sack");
        int end = option.offset + option.length;
        for (int at = option.offset + 2; at < end; at += 8) {
            text.append(' ').append(unsigned(b, at)).append(':').append(unsigned(b, at + 4));
        }
        return text.toString();
    }

    private static String accEcnText(byte[] b, Raw option, String... names) {
        StringBuilder text = new StringBuilder("ECN");
        int count = (option.length - 2) / 3;
        for (int i = 0; i < count; i++) {
            text.append(' ').append(names[i]).append(' ');
            text.append(Bytes.u24(b, option.offset + 2 + 3 * i));
        }
        return text.toString();
    }

    private static String hex(byte[] b, int from, Raw option) {
        return HexFormat.of().formatHex(b, from, option.offset + option.length);
    }

    private static String unsigned(byte[] b, int at) {
        return Integer.toUnsignedString(Bytes.u32(b, at));
    }
}
