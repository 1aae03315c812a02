package dev.linnet.jvm.net;

import dev.linnet.wire.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A DNS message (RFC 1035 section 4): a question that is written, or an answer that was read.
///
/// @param id what the question had
/// @param rcode [#NOERROR], [#NXDOMAIN] or another
/// @param truncated whether it has to be asked for over TCP
/// @param question what was asked, in lower case without a last dot
/// @param type of the question
/// @param answers the records of the answer section that are of use
record DnsMessage(
        int id,
        int rcode,
        boolean truncated,
        String question,
        int type,
        List<DnsMessage.Answer> answers) {
    static final int A = 1;
    static final int CNAME = 5;
    static final int PTR = 12;
    static final int AAAA = 28;

    static final int NOERROR = 0;
    static final int NXDOMAIN = 3;

    private static final int HEADER = 12;
    private static final int CLASS_IN = 1;
    private static final int LABEL_MAX = 63;
    private static final int NAME_MAX = 255;

    private static final int QR = 0x8000;
    private static final int TC = 0x0200;
    private static final int RD = 0x0100;

    /// A record.
    ///
    /// @param ttl seconds
    /// @param address of A and AAAA, empty for others
    /// @param target of CNAME and PTR, empty for others
    record Answer(String name, int type, long ttl, byte[] address, String target) {}

    /// A question, recursion desired; null for what is no name of DNS.
    static byte @Nullable [] query(int id, String name, int type) {
        byte[] out = new byte[HEADER + NAME_MAX + 4];
        Bytes.u16(out, 0, id);
        Bytes.u16(out, 2, RD);
        Bytes.u16(out, 4, 1);
        int end = writeName(out, HEADER, name);
        if (end < 0) {
            return null;
        }
        Bytes.u16(out, end, type);
        Bytes.u16(out, end + 2, CLASS_IN);
        return Arrays.copyOf(out, end + 4);
    }

    private static int writeName(byte[] out, int start, String name) {
        int at = start;
        for (String label : name.split("\\.", -1)) {
            byte[] raw = label.getBytes(StandardCharsets.US_ASCII);
            boolean plain = new String(raw, StandardCharsets.US_ASCII).equals(label);
            if (!plain || raw.length == 0 || raw.length > LABEL_MAX) {
                return -1;
            }
            if (at + raw.length + 2 - start > NAME_MAX) {
                return -1;
            }
            out[at] = (byte) raw.length;
            System.arraycopy(raw, 0, out, at + 1, raw.length);
            at += raw.length + 1;
        }
        out[at] = 0;
        return at + 1;
    }

    /// Reads an answer; null if it is none or is broken.
    static @Nullable DnsMessage parse(byte[] raw, int length) {
        try {
            return new Reader(raw, length).message();
        } catch (IndexOutOfBoundsException e) {
            return null;
        }
    }

    /// Reads from `raw`; whatever points outside of it is an [IndexOutOfBoundsException].
    private static final class Reader {
        private final byte[] raw;
        private final int length;
        private int at = HEADER;

        Reader(byte[] raw, int length) {
            this.raw = raw;
            this.length = length;
        }

        private int u16(int offset) {
            Objects.checkFromIndexSize(offset, 2, length);
            return Bytes.u16(raw, offset);
        }

        @Nullable DnsMessage message() {
            int flags = u16(2);
            if ((flags & QR) == 0 || u16(4) != 1) {
                return null;
            }
            String question = name();
            int type = u16(at);
            at += 4;
            List<Answer> answers = new ArrayList<>();
            boolean truncated = (flags & TC) != 0;
            int count = truncated ? 0 : u16(6);
            for (int i = 0; i < count; i++) {
                answers.add(answer());
            }
            return new DnsMessage(u16(0), flags & 0xf, truncated, question, type, answers);
        }

        private Answer answer() {
            String name = name();
            int type = u16(at);
            long ttl = (long) u16(at + 4) << 16 | u16(at + 6);
            int size = u16(at + 8);
            at += 10;
            int next = Objects.checkFromIndexSize(at, size, length) + size;
            boolean address = type == A && size == 4 || type == AAAA && size == 16;
            byte[] bytes = address ? Arrays.copyOfRange(raw, at, next) : new byte[0];
            String target = type == CNAME || type == PTR ? name() : "";
            at = next;
            return new Answer(name, type, ttl, bytes, target);
        }

        /// A name at [#at], which may go on elsewhere, but only further back: so it ends.
        private String name() {
            StringBuilder name = new StringBuilder();
            int here = at;
            int limit = length;
            boolean moved = false;
            while (true) {
                int size = raw[Objects.checkIndex(here, limit)] & 0xff;
                if (size == 0) {
                    at = moved ? at : here + 1;
                    return name.toString().toLowerCase(Locale.ROOT);
                }
                if (size >= 0xc0) {
                    int target = u16(here) & 0x3fff;
                    at = moved ? at : here + 2;
                    moved = true;
                    limit = here;
                    here = target;
                    continue;
                }
                Objects.checkFromIndexSize(here + 1, size, limit);
                name.append(name.isEmpty() ? "" : ".")
                        .append(new String(raw, here + 1, size, StandardCharsets.ISO_8859_1));
                here += size + 1;
            }
        }
    }
}
