package dev.linnet.packetdrill.syscall;

import dev.linnet.packetdrill.packet.PacketBuilder;
import dev.linnet.packetdrill.script.Expression;
import dev.linnet.packetdrill.script.PacketSpec;
import dev.linnet.packetdrill.state.EventFailure;
import dev.linnet.packetdrill.target.UserMemory;
import dev.linnet.wire.Bytes;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// Calls that get and set options.
final class OptionCalls {
    private static final int GRE_BYTES = 16;

    private OptionCalls() {}

    static PreparedCall setsockopt(CallArgs args) {
        args.count(5);
        int length = args.int32(4);
        byte[] value = value(args.get(3));
        // A length beyond the value is the kernel's to refuse, not a fault of the memory.
        long address = args.memory().allocate(Math.max(value.length, length));
        args.memory().write(address, value);
        return PreparedCall.of(
                SyscallNr.SETSOCKOPT, args.fd(0), args.int32(1), args.int32(2), address, length);
    }

    static PreparedCall getsockopt(CallArgs args) {
        args.count(5);
        int length = args.bracketedInt32(4);
        UserMemory memory = args.memory();
        long value = memory.allocate(Math.max(length, 0) + 1);
        long lengthAddress = memory.allocate(Structs.int32(length));
        Expression expected = args.get(3);
        return PreparedCall.of(
                        SyscallNr.GETSOCKOPT,
                        args.fd(0),
                        args.int32(1),
                        args.int32(2),
                        value,
                        lengthAddress)
                .then(_ -> verify(memory, expected, value, length, lengthAddress));
    }

    private static void verify(
            UserMemory memory, Expression expected, long value, int length, long lengthAddress) {
        int actualLength = Structs.read(memory, lengthAddress, 4).getInt();
        if (actualLength != length) {
            throw new EventFailure(
                    "Bad getsockopt optlen: expected: " + length + " actual: " + actualLength);
        }
        byte[] want = value(expected);
        if (want.length != length) {
            throw new EventFailure(
                    "Bad getsockopt optval: expected optlen ("
                            + length
                            + " bytes) does not match the value ("
                            + want.length
                            + " bytes)");
        }
        byte[] have = memory.read(value, length);
        if (!Arrays.equals(want, have)) {
            throw new EventFailure(
                    "Bad getsockopt optval: expected: "
                            + text(expected, want)
                            + " actual: "
                            + text(expected, have));
        }
    }

    private static String text(Expression kind, byte[] bytes) {
        return kind instanceof Expression.ListExpr && bytes.length == 4
                ? String.valueOf(Integer.reverseBytes(Bytes.u32(bytes, 0)))
                : HexFormat.ofDelimiter(" ").formatHex(bytes);
    }

    /// An option value as bytes: `[1]`, `"text"`, `{onoff=1, linger=5}`, `inet6_addr("…")`, a GRE
    /// header, an MPLS stack.
    private static byte[] value(Expression expression) {
        return switch (expression) {
            case Expression.StringLiteral text -> text.bytes();
            case Expression.ListExpr list when list.items().size() == 1 ->
                    Structs.int32(Evaluator.int32(list.items().getFirst()));
            case Expression.Struct struct -> linger(struct);
            case Expression.Call call
                    when call.name().equals("inet6_addr")
                            && call.args().size() == 1
                            && call.args().getFirst() instanceof Expression.StringLiteral text ->
                    Evaluator.address(text).bytes();
            case Expression.GreStruct gre -> gre(gre.gre());
            case Expression.MplsStruct mpls -> mpls(mpls.stack());
            default ->
                    throw new EventFailure(
                            "unsupported socket option value type: " + Evaluator.kind(expression));
        };
    }

    private static byte[] linger(Expression.Struct struct) {
        Expression onoff = struct.get("onoff");
        Expression linger = struct.get("linger");
        if (onoff == null || linger == null) {
            throw new EventFailure("unsupported socket option value: not a struct linger");
        }
        return Structs.buffer(8)
                .putInt(Evaluator.int32(onoff))
                .putInt(Evaluator.int32(linger))
                .array();
    }

    /// A GRE header with all its fields, whichever of them the flags announce.
    private static byte[] gre(PacketSpec.Gre gre) {
        byte[] bytes = new byte[GRE_BYTES];
        Bytes.u16(bytes, 0, gre.flags());
        Bytes.u16(bytes, 4, gre.sum());
        Bytes.u16(bytes, 6, gre.off());
        Bytes.u32(bytes, 8, (int) gre.key());
        Bytes.u32(bytes, 12, (int) gre.seq());
        return bytes;
    }

    private static byte[] mpls(List<PacketSpec.MplsEntry> stack) {
        byte[] bytes = new byte[4 * stack.size()];
        for (int i = 0; i < stack.size(); i++) {
            Bytes.u32(bytes, 4 * i, PacketBuilder.mplsEntry(stack.get(i)));
        }
        return bytes;
    }

    static PreparedCall fcntl(CallArgs args) {
        return PreparedCall.of(
                SyscallNr.FCNTL,
                args.fd(0),
                args.int32(1),
                optional(args, "fcntl") ? args.int32(2) : 0);
    }

    static PreparedCall ioctl(CallArgs args) {
        int fd = args.fd(0);
        int command = args.int32(1);
        if (!optional(args, "ioctl")) {
            return PreparedCall.of(SyscallNr.IOCTL, fd, command);
        }
        int expected = args.bracketedInt32(2);
        UserMemory memory = args.memory();
        long value = memory.allocate(4);
        return PreparedCall.of(SyscallNr.IOCTL, fd, command, value)
                .then(
                        _ -> {
                            int actual = Structs.read(memory, value, 4).getInt();
                            if (actual != expected) {
                                throw new EventFailure(
                                        "Bad ioctl optval: expected: "
                                                + expected
                                                + " actual: "
                                                + actual);
                            }
                        });
    }

    /// Whether the third argument is there; two others must be.
    private static boolean optional(CallArgs args, String name) {
        if (args.size() != 2 && args.size() != 3) {
            throw new EventFailure(name + " expected 2-3 args but got " + args.size());
        }
        return args.size() == 3;
    }

    /// `cap_set(CAP_EFFECTIVE, CAP_NET_ADMIN, CAP_CLEAR)`: changes one capability of the thread, as
    /// libcap does with capget and capset.
    static PreparedCall capSet(CallArgs args) {
        args.count(3);
        int set = args.int32(0);
        int capability = args.int32(1);
        boolean on = args.int32(2) != 0;
        UserMemory memory = args.memory();
        long header = memory.allocate(Structs.bytes(Structs.buffer(8).putInt(0x2008_0522)));
        long data = memory.allocate(24);
        long result = args.state().target().syscall(SyscallNr.CAPGET, header, data, 0, 0, 0, 0);
        if (result < 0) {
            throw new EventFailure("capget: " + Symbols.errno((int) -result));
        }
        ByteBuffer sets = Structs.read(memory, data, 24);
        int at = capability / 32 * 12 + set * 4;
        int bit = 1 << capability % 32;
        sets.putInt(at, on ? sets.getInt(at) | bit : sets.getInt(at) & ~bit);
        memory.write(data, Structs.bytes(sets));
        return PreparedCall.of(SyscallNr.CAPSET, header, data);
    }
}
