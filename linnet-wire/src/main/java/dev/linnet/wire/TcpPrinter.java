package dev.linnet.wire;

/// The TCP part of a [PacketPrinter] line.
final class TcpPrinter {

    private TcpPrinter() {}

    /// Prints the segment at `off`.
    ///
    /// @param end behind the last byte of it that is there
    /// @param length the bytes that there should be, header included
    static StringBuilder append(StringBuilder sb, byte[] b, int off, int end, int length) {
        if (end - off < Tcp.HEADER_BYTES) {
            return sb.append("[|tcp]");
        }
        int headerBytes = Tcp.headerBytes(b, off);
        if (headerBytes < Tcp.HEADER_BYTES || headerBytes > length) {
            return Text.malformed(sb, "tcp", Malformed.BAD_HEADER_LENGTH);
        }
        int dataBytes = length - headerBytes;
        flags(sb.append("Flags ["), Tcp.flags(b, off)).append(']');
        numbers(sb, b, off, dataBytes);
        if (headerBytes > Tcp.HEADER_BYTES) {
            int optionsEnd = off + headerBytes;
            options(sb.append(", options ["), b, off + Tcp.HEADER_BYTES, Math.min(optionsEnd, end));
            sb.append(optionsEnd > end ? "[|tcp]]" : "]");
        }
        return sb.append(", length ").append(dataBytes);
    }

    private static StringBuilder flags(StringBuilder sb, int flags) {
        if (flags == 0) {
            return sb.append("none");
        }
        flag(sb, flags, Tcp.FIN, 'F');
        flag(sb, flags, Tcp.SYN, 'S');
        flag(sb, flags, Tcp.RST, 'R');
        flag(sb, flags, Tcp.PSH, 'P');
        flag(sb, flags, Tcp.ACK, '.');
        flag(sb, flags, Tcp.URG, 'U');
        flag(sb, flags, Tcp.ECE, 'E');
        flag(sb, flags, Tcp.CWR, 'W');
        flag(sb, flags, Tcp.AE, 'e');
        return sb;
    }

    private static void flag(StringBuilder sb, int flags, int flag, char letter) {
        if ((flags & flag) != 0) {
            sb.append(letter);
        }
    }

    private static void numbers(StringBuilder sb, byte[] b, int off, int dataBytes) {
        int flags = Tcp.flags(b, off);
        int seq = Tcp.seq(b, off);
        if (dataBytes > 0 || (flags & (Tcp.SYN | Tcp.FIN | Tcp.RST)) != 0) {
            unsigned(sb.append(", seq "), seq);
            if (dataBytes > 0) {
                unsigned(sb.append(':'), seq + dataBytes);
            }
        }
        if ((flags & Tcp.ACK) != 0) {
            unsigned(sb.append(", ack "), Tcp.ackSeq(b, off));
        }
        sb.append(", win ").append(Tcp.window(b, off));
        if ((flags & Tcp.URG) != 0) {
            sb.append(", urg ").append(Tcp.urgPtr(b, off));
        }
    }

    private static void options(StringBuilder sb, byte[] b, int start, int end) {
        int seen = start;
        int p = OptionList.first(b, start, end);
        while (p >= 0) {
            option(sb.append(p > start ? "," : ""), b, p);
            seen = p + OptionList.bytes(b, p);
            p = OptionList.next(b, p, end);
        }
        if (seen < end) {
            sb.append(seen > start ? "," : "").append(p == OptionList.END ? "eol" : "[bad opt]");
        }
    }

    private static void option(StringBuilder sb, byte[] b, int p) {
        int kind = OptionList.kind(b, p);
        if (!TcpOptions.isWellFormed(b, p)) {
            sb.append("[bad length of opt-").append(kind).append(']');
            return;
        }
        switch (kind) {
            case OptionList.NOP -> sb.append("nop");
            case TcpOptions.MSS -> sb.append("mss ").append(TcpOptions.mss(b, p));
            case TcpOptions.WSCALE -> sb.append("wscale ").append(TcpOptions.wscale(b, p));
            case TcpOptions.SACK_PERM -> sb.append("sackOK");
            case TcpOptions.SACK -> sack(sb, b, p);
            case TcpOptions.TIMESTAMP -> {
                unsigned(sb.append("TS val "), TcpOptions.tsVal(b, p));
                unsigned(sb.append(" ecr "), TcpOptions.tsEcr(b, p));
            }
            case TcpOptions.MD5SIG ->
                    Text.hex(
                            sb.append("md5 "),
                            b,
                            TcpOptions.md5Digest(p),
                            TcpOptions.MD5_DIGEST_BYTES);
            case TcpOptions.AO -> ao(sb, b, p);
            case TcpOptions.ACCECN0 -> accEcn(sb, b, p, "e0b", "e1b");
            case TcpOptions.ACCECN1 -> accEcn(sb, b, p, "e1b", "e0b");
            default -> {
                if (TcpOptions.isFastOpen(b, p)) {
                    fastOpen(sb, b, p);
                } else {
                    unknown(sb, b, p);
                }
            }
        }
    }

    private static void sack(StringBuilder sb, byte[] b, int p) {
        int blocks = TcpOptions.sackBlocks(b, p);
        sb.append("sack ").append(blocks).append(' ');
        for (int i = 0; i < blocks; i++) {
            unsigned(sb.append('{'), TcpOptions.sackStart(b, p, i));
            unsigned(sb.append(':'), TcpOptions.sackEnd(b, p, i)).append('}');
        }
    }

    private static void ao(StringBuilder sb, byte[] b, int p) {
        sb.append("tcp-ao keyid ").append(TcpOptions.aoKeyId(b, p));
        sb.append(" rnextkeyid ").append(TcpOptions.aoRnextKeyId(b, p)).append(" mac 0x");
        int mac = TcpOptions.aoMac(p);
        Text.hex(sb, b, mac, p + OptionList.bytes(b, p) - mac);
    }

    private static void accEcn(StringBuilder sb, byte[] b, int p, String first, String third) {
        sb.append("accecn");
        int counters = TcpOptions.accEcnCounters(b, p);
        for (int i = 0; i < counters; i++) {
            String name = i == 0 ? first : i == 1 ? "ceb" : third;
            sb.append(' ').append(name).append(' ').append(TcpOptions.accEcnCounter(b, p, i));
        }
    }

    private static void fastOpen(StringBuilder sb, byte[] b, int p) {
        sb.append(OptionList.kind(b, p) == TcpOptions.EXP ? "exp-tfo" : "tfo");
        int bytes = TcpOptions.fastOpenCookieBytes(b, p);
        if (bytes == 0) {
            sb.append(" cookiereq");
        } else {
            Text.hex(sb.append(" cookie "), b, TcpOptions.fastOpenCookie(b, p), bytes);
        }
    }

    private static void unknown(StringBuilder sb, byte[] b, int p) {
        sb.append("unknown-").append(OptionList.kind(b, p));
        int bytes = OptionList.bytes(b, p) - 2;
        if (bytes > 0) {
            Text.hex(sb.append(" 0x"), b, p + 2, bytes);
        }
    }

    private static StringBuilder unsigned(StringBuilder sb, int value) {
        return sb.append(Integer.toUnsignedLong(value));
    }
}
