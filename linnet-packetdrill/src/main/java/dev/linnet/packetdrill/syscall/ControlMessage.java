package dev.linnet.packetdrill.syscall;

import dev.linnet.packetdrill.script.Expression;
import dev.linnet.packetdrill.state.EventFailure;
import dev.linnet.packetdrill.state.RunState;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// One control message: `{cmsg_level=SOL_SOCKET, cmsg_type=SCM_TIMESTAMPING, cmsg_data={scm_sec=0,
/// scm_nsec=0}}`.
record ControlMessage(int level, int type, ControlData data) {
    private static final int HEADER_BYTES = 16;

    static ControlMessage of(Expression expression) {
        Expression.Struct struct = CallArgs.struct(expression);
        Expression level = struct.get("cmsg_level");
        Expression type = struct.get("cmsg_type");
        Expression data = struct.get("cmsg_data");
        if (level == null || type == null || data == null) {
            throw new EventFailure("cmsg needs cmsg_level, cmsg_type and cmsg_data");
        }
        int levelNumber = Evaluator.int32(level);
        return new ControlMessage(
                levelNumber, Evaluator.int32(type), ControlData.of(data, levelNumber));
    }

    /// The messages as `msg_control` holds them; each begins at a multiple of 8.
    static byte[] encode(List<ControlMessage> messages) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (ControlMessage message : messages) {
            byte[] data = message.data.encode();
            ByteBuffer bytes = Structs.buffer(align(HEADER_BYTES + data.length));
            bytes.putLong(HEADER_BYTES + data.length);
            bytes.putInt(message.level).putInt(message.type).put(data);
            out.writeBytes(Structs.bytes(bytes));
        }
        return out.toByteArray();
    }

    private static int align(int length) {
        return length + 7 & ~7;
    }

    /// Compares what came with what the script has.
    ///
    /// @throws EventFailure at the first difference
    static void verify(RunState state, List<ControlMessage> expected, byte[] received) {
        ByteBuffer in = ByteBuffer.wrap(received).order(ByteOrder.LITTLE_ENDIAN);
        int at = 0;
        int index = 0;
        while (at + HEADER_BYTES <= received.length && in.getLong(at) >= HEADER_BYTES) {
            if (index == expected.size()) {
                throw new EventFailure("received more than " + index + " cmsgs");
            }
            int length = (int) in.getLong(at);
            byte[] data = new byte[length - HEADER_BYTES];
            in.get(at + HEADER_BYTES, data);
            expected.get(index).verify(state, index, in.getInt(at + 8), in.getInt(at + 12), data);
            at += align(length);
            index++;
        }
        if (index < expected.size()) {
            throw new EventFailure("received only " + index + " cmsgs");
        }
    }

    private void verify(RunState state, int index, int actualLevel, int actualType, byte[] bytes) {
        check("level", index, level, actualLevel);
        check("type", index, type, actualType);
        check("len", index, HEADER_BYTES + data.encode().length, HEADER_BYTES + bytes.length);
        data.verify(state, index, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
    }

    private static void check(String what, int index, int expected, int actual) {
        if (expected != actual) {
            throw new EventFailure(
                    "Bad "
                            + what
                            + " in cmsg "
                            + index
                            + ": expected="
                            + expected
                            + " actual="
                            + actual);
        }
    }
}
