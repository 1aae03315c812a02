package dev.linnet.packetdrill.duel;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// What a kernel says of its socket: what must be equal, and what depends on the microsecond.
final class DuelInfo {
    private static final int TCP_INFO_BYTES = 280;

    /// `struct tcp_info`: name, offset, bytes.
    private static final Object[][] EXACT = {
        {"st", 0, 1},
        {"ca", 1, 1},
        {"rtx", 2, 1},
        {"prb", 3, 1},
        {"bo", 4, 1},
        {"opt", 5, 1},
        {"wsc", 6, 1},
        {"fo", 7, 1},
        {"smss", 16, 4},
        {"rmss", 20, 4},
        {"unack", 24, 4},
        {"sacked", 28, 4},
        {"lost", 32, 4},
        {"retr", 36, 4},
        {"pmtu", 60, 4},
        {"rssth", 64, 4},
        {"ssthr", 76, 4},
        {"cwnd", 80, 4},
        {"advmss", 84, 4},
        {"reord", 88, 4},
        {"rspace", 96, 4},
        {"totr", 100, 4},
        {"backed", 120, 8},
        {"brecv", 128, 8},
        {"sout", 136, 4},
        {"sin", 140, 4},
        {"notsent", 144, 4},
        {"dsin", 152, 4},
        {"dsout", 156, 4},
        {"deliv", 192, 4},
        {"delce", 196, 4},
        {"bsent", 200, 8},
        {"bretr", 208, 8},
        {"dsdup", 216, 4},
        {"reseen", 220, 4},
        {"ooop", 224, 4},
        {"swnd", 228, 4},
        {"rwnd", 232, 4},
        {"nrto", 240, 2},
        {"nrtorec", 242, 2}
    };

    /// Microseconds, or rates; name, offset, bytes, what is let pass: a share in percent and a sum.
    private static final Object[][] NEAR = {
        {"rto", 8, 4, 6, 9_000},
        {"ato", 12, 4, 3, 13_000},
        {"rtt", 68, 4, 4, 1500},
        {"rttvar", 72, 4, 10, 2_500},
        {"minrtt", 148, 4, 30, 8000},
        {"pacing", 104, 8, 12, 2_000},
        {"busy", 168, 8, 3, 6_000},
        {"rwlim", 176, 8, 3, 6_000},
        {"sblim", 184, 8, 3, 6_000}
    };

    private DuelInfo() {}

    /// A line of the report of a duel.
    ///
    /// @param text must be equal
    /// @param near `name`, value, percent, sum of what may differ
    record Line(String text, List<Near> near) {
        static Line of(String text) {
            return new Line(text, List.of());
        }

        boolean agrees(Line other) {
            return text.equals(other.text) && apart(other).isEmpty();
        }

        /// Names and values of what differs by too much.
        List<String> apart(Line other) {
            List<String> apart = new ArrayList<>();
            for (int i = 0; i < Math.min(near.size(), other.near.size()); i++) {
                Near a = near.get(i);
                Near b = other.near.get(i);
                long allowed = a.sum + Math.max(a.value, b.value) * a.percent / 100;
                if (Math.abs(a.value - b.value) > allowed) {
                    apart.add(a.name + " " + a.value + " / " + b.value);
                }
            }
            return apart;
        }

        @Override
        public String toString() {
            return text + near;
        }
    }

    record Near(String name, long value, int percent, int sum) {
        @Override
        public String toString() {
            return name + "=" + value;
        }
    }

    static Line read(DuelKernel kernel, int fd, String before) {
        ByteBuffer info = kernel.read(fd, 6, 11, TCP_INFO_BYTES);
        StringBuilder s = new StringBuilder(before).append(" |");
        for (Object[] field : EXACT) {
            long v = value(info, (int) field[1], (int) field[2]);
            if (v != 0) {
                s.append(' ').append(field[0]).append('=').append(v == 0x7FFFFFFF ? "inf" : v);
            }
        }
        List<Near> near = new ArrayList<>();
        for (Object[] field : NEAR) {
            long v = value(info, (int) field[1], (int) field[2]);
            near.add(new Near((String) field[0], v, (int) field[3], (int) field[4]));
        }
        ByteBuffer memory = kernel.read(fd, 1, 55, 36);
        s.append(" rcvbuf=").append(memory.getInt(4)).append(" sndbuf=").append(memory.getInt(12));
        s.append(" poll=").append(Integer.toHexString(kernel.poll(fd)));
        for (int request : new int[] {0x541B, 0x5411, 0x894B}) {
            s.append(',').append(kernel.number(fd, request));
        }
        return new Line(s.toString(), near);
    }

    private static long value(ByteBuffer b, int at, int bytes) {
        return switch (bytes) {
            case 1 -> b.get(at) & 0xFF;
            case 2 -> b.getShort(at) & 0xFFFF;
            case 4 -> b.getInt(at) & 0xFFFFFFFFL;
            default -> b.getLong(at);
        };
    }
}
