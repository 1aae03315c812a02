package dev.linnet.packetdrill.syscall;

import dev.linnet.packetdrill.script.Expression;
import dev.linnet.packetdrill.state.EventFailure;
import dev.linnet.packetdrill.state.RunState;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a control message carries.
sealed interface ControlData {
    /// As bytes.
    byte[] encode();

    /// Compares with bytes of the same length that came.
    ///
    /// @throws EventFailure if they differ
    void verify(RunState state, int index, ByteBuffer actual);

    /// The data that an expression writes.
    ///
    /// @param level the level of the message: it decides the size of the address after an extended
    ///     error
    static ControlData of(Expression expression, int level) {
        if (!(expression instanceof Expression.Struct struct)) {
            return new Int(Evaluator.int32(expression));
        }
        if (struct.get("scm_sec") != null) {
            return Timestamping.of(struct);
        }
        return struct.get("ee_errno") != null
                ? ExtendedError.of(struct, level)
                : TimestampingStats.of(struct);
    }

    private static Expression need(Expression.Struct struct, String name) {
        Expression value = struct.get(name);
        if (value == null) {
            throw new EventFailure("cmsg_data needs " + name);
        }
        return value;
    }

    /// A number.
    record Int(int value) implements ControlData {
        @Override
        public byte[] encode() {
            return Structs.int32(value);
        }

        @Override
        public void verify(RunState state, int index, ByteBuffer actual) {
            if (actual.getInt(0) != value) {
                throw new EventFailure(
                        "Bad data in cmsg "
                                + index
                                + ": expected="
                                + value
                                + " actual="
                                + actual.getInt(0));
            }
        }
    }

    /// `struct scm_timestamping`: three times, of which scripts write the first. A time of 0 is not
    /// compared.
    record Timestamping(long sec, long nsec) implements ControlData {
        private static final int BYTES = 48;

        static Timestamping of(Expression.Struct struct) {
            return new Timestamping(
                    Evaluator.number(need(struct, "scm_sec")),
                    Evaluator.number(need(struct, "scm_nsec")));
        }

        @Override
        public byte[] encode() {
            return Structs.buffer(BYTES).putLong(sec).putLong(nsec).array();
        }

        @Override
        public void verify(RunState state, int index, ByteBuffer actual) {
            if (sec == 0 && nsec == 0) {
                return;
            }
            long expected = sec * 1_000_000 + nsec / 1000;
            long live = actual.getLong(0) * 1_000_000 + actual.getLong(8) / 1000;
            long happened = state.timeline().toScript(live);
            if (Math.abs(expected - happened) > state.timeline().plainTolerance()) {
                throw new EventFailure(
                        "Bad timestamp 0 in scm_timestamping "
                                + index
                                + ": expected="
                                + expected
                                + " actual="
                                + happened
                                + " (usec)");
            }
        }
    }

    /// `struct sock_extended_err` and the address of the offender after it, which is not compared.
    record ExtendedError(
            int errno, int origin, int type, int code, int info, int data, int addressBytes)
            implements ControlData {
        private static final int SOL_IP = 0;

        static ExtendedError of(Expression.Struct struct, int level) {
            return new ExtendedError(
                    Evaluator.int32(need(struct, "ee_errno")),
                    Evaluator.int8(need(struct, "ee_origin")) & 0xff,
                    Evaluator.int8(need(struct, "ee_type")) & 0xff,
                    Evaluator.int8(need(struct, "ee_code")) & 0xff,
                    Evaluator.int32(need(struct, "ee_info")),
                    Evaluator.int32(need(struct, "ee_data")),
                    level == SOL_IP ? 16 : 28);
        }

        @Override
        public byte[] encode() {
            ByteBuffer bytes = Structs.buffer(16 + addressBytes);
            bytes.putInt(errno).put((byte) origin).put((byte) type).put((byte) code);
            return Structs.bytes(bytes.put((byte) 0).putInt(info).putInt(data));
        }

        @Override
        public void verify(RunState state, int index, ByteBuffer actual) {
            check("errno", index, errno, actual.getInt(0));
            check("origin", index, origin, actual.get(4) & 0xff);
            check("type", index, type, actual.get(5) & 0xff);
            check("code", index, code, actual.get(6) & 0xff);
            check("info", index, info, actual.getInt(8));
            check("data", index, data, actual.getInt(12));
        }

        private static void check(String what, int index, int expected, int actual) {
            if (expected != actual) {
                throw new EventFailure(
                        "Bad "
                                + what
                                + " in extended err "
                                + index
                                + ": expected="
                                + Integer.toUnsignedString(expected)
                                + " actual="
                                + Integer.toUnsignedString(actual));
            }
        }
    }

    /// The attributes of SCM_TIMESTAMPING_OPT_STATS: `{TCP_NLA_BUSY=1000, TCP_NLA_SRTT=...}`, in
    /// the order of the kernel.
    record TimestampingStats(List<Attribute> attributes) implements ControlData {
        /// One attribute; `value` is null for one that is not compared.
        record Attribute(String name, int type, int bytes, @Nullable Long value) {}

        private static final int ATTRIBUTE_HEADER_BYTES = 4;

        static TimestampingStats of(Expression.Struct struct) {
            return new TimestampingStats(
                    struct.fields().stream().map(TimestampingStats::attribute).toList());
        }

        private static Attribute attribute(Expression.Field field) {
            String name = field.name();
            if (name == null || !name.startsWith("TCP_NLA_")) {
                throw new EventFailure("Unrecognized type for cmsg_data");
            }
            int type =
                    (int)
                            Symbols.value(name)
                                    .orElseThrow(
                                            () ->
                                                    new EventFailure(
                                                            "unknown symbol: '" + name + "'"));
            boolean any = field.value() instanceof Expression.Ellipsis;
            return new Attribute(
                    name, type, size(name), any ? null : Evaluator.number(field.value()));
        }

        private static int size(String name) {
            return switch (name) {
                case "TCP_NLA_BUSY",
                        "TCP_NLA_RWND_LIMITED",
                        "TCP_NLA_SNDBUF_LIMITED",
                        "TCP_NLA_DATA_SEGS_OUT",
                        "TCP_NLA_TOTAL_RETRANS",
                        "TCP_NLA_PACING_RATE",
                        "TCP_NLA_DELIVERY_RATE",
                        "TCP_NLA_BYTES_SENT",
                        "TCP_NLA_BYTES_RETRANS",
                        "TCP_NLA_EDT" ->
                        8;
                case "TCP_NLA_RECUR_RETRANS",
                        "TCP_NLA_DELIVERY_RATE_APP_LMT",
                        "TCP_NLA_CA_STATE",
                        "TCP_NLA_TTL" ->
                        1;
                case "TCP_NLA_TIMEOUT_REHASH" -> 2;
                default -> 4;
            };
        }

        /// True for times, which may be off by the tolerance unless they are 0.
        private static boolean isTime(String name) {
            return switch (name) {
                case "TCP_NLA_BUSY", "TCP_NLA_RWND_LIMITED", "TCP_NLA_SNDBUF_LIMITED" -> true;
                default -> false;
            };
        }

        @Override
        public byte[] encode() {
            int length = attributes.stream().mapToInt(a -> align(a.bytes)).sum();
            ByteBuffer out = Structs.buffer(length + ATTRIBUTE_HEADER_BYTES * attributes.size());
            for (Attribute attribute : attributes) {
                out.putShort((short) (ATTRIBUTE_HEADER_BYTES + attribute.bytes));
                out.putShort((short) attribute.type);
                int at = out.position();
                long value = attribute.value == null ? 0 : attribute.value;
                out.put(Structs.int64(value), 0, attribute.bytes);
                out.position(at + align(attribute.bytes));
            }
            return Structs.bytes(out);
        }

        private static int align(int length) {
            return length + 3 & ~3;
        }

        @Override
        public void verify(RunState state, int index, ByteBuffer actual) {
            int at = 0;
            for (Attribute attribute : attributes) {
                int length = Short.toUnsignedInt(actual.getShort(at));
                int type = Short.toUnsignedInt(actual.getShort(at + 2));
                if (type != attribute.type || length != ATTRIBUTE_HEADER_BYTES + attribute.bytes) {
                    throw new EventFailure(
                            "Bad attribute "
                                    + index
                                    + ": expected "
                                    + attribute.name
                                    + " but got type "
                                    + type
                                    + " of "
                                    + length
                                    + " bytes");
                }
                long value = value(actual, at + ATTRIBUTE_HEADER_BYTES, attribute.bytes);
                verify(state, attribute, value);
                at += ATTRIBUTE_HEADER_BYTES + align(attribute.bytes);
            }
        }

        private static long value(ByteBuffer in, int at, int bytes) {
            return switch (bytes) {
                case 1 -> in.get(at) & 0xffL;
                case 2 -> in.getShort(at) & 0xffffL;
                case 4 -> in.getInt(at) & 0xffff_ffffL;
                default -> in.getLong(at);
            };
        }

        private static void verify(RunState state, Attribute attribute, long actual) {
            Long expected = attribute.value;
            if (expected == null || expected == actual) {
                return;
            }
            long tolerance =
                    isTime(attribute.name) && expected != 0 ? state.timeline().plainTolerance() : 0;
            if (Math.abs(expected - actual) > tolerance) {
                throw new EventFailure(
                        "Bad "
                                + attribute.name
                                + ": expected="
                                + expected
                                + " actual="
                                + Long.toUnsignedString(actual));
            }
        }
    }
}
