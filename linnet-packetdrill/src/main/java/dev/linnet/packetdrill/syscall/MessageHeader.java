package dev.linnet.packetdrill.syscall;

import dev.linnet.packetdrill.script.Expression;
import dev.linnet.packetdrill.state.EventFailure;
import dev.linnet.packetdrill.state.RunState;
import dev.linnet.packetdrill.target.UserMemory;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;

/// `struct msghdr` as a script writes it: `{msg_name(...)=..., msg_iov(1)=[{..., 100}],
/// msg_flags=0, msg_control=[…]}`.
///
/// @param iovec the elements of the vector
/// @param flags for `recvmsg` the flags that must come back
/// @param control for `sendmsg` what goes along, for `recvmsg` what must come back
record MessageHeader(List<Expression> iovec, int flags, List<ControlMessage> control) {
    private static final int BYTES = 56;
    private static final int CONTROL_LENGTH = 40;
    private static final int FLAGS = 48;

    static MessageHeader of(Expression expression) {
        Expression.Struct struct = CallArgs.struct(expression);
        Expression iov = struct.get("msg_iov");
        Expression flags = struct.get("msg_flags");
        if (struct.get("msg_name") == null || iov == null || flags == null) {
            throw new EventFailure("msghdr needs msg_name, msg_iov and msg_flags");
        }
        List<Expression> elements = CallArgs.list(iov);
        int count =
                struct.fields().stream()
                        .filter(field -> "msg_iov".equals(field.name()))
                        .flatMap(field -> field.size().stream())
                        .map(Evaluator::int32)
                        .findFirst()
                        .orElseThrow(() -> new EventFailure("msg_iov needs a count"));
        if (count != elements.size()) {
            throw new EventFailure(
                    "msg_iovlen "
                            + count
                            + " does not match "
                            + elements.size()
                            + "-element iovec array");
        }
        Expression control = struct.get("msg_control");
        List<ControlMessage> messages =
                control == null
                        ? List.of()
                        : CallArgs.list(control).stream().map(ControlMessage::of).toList();
        return new MessageHeader(elements, Evaluator.int32(flags), messages);
    }

    /// Writes the structure, its vector and its control messages.
    ///
    /// @param name what msg_name points to
    /// @return its address
    long write(UserMemory memory, byte[] name) {
        byte[] controlBytes = ControlMessage.encode(control);
        ByteBuffer header = Structs.buffer(BYTES);
        header.putLong(memory.allocate(name)).putLong(name.length);
        header.putLong(Structs.iovec(memory, iovec)).putLong(iovec.size());
        header.putLong(memory.allocate(controlBytes)).putLong(controlBytes.length);
        header.putLong(flags);
        return memory.allocate(Structs.bytes(header));
    }

    /// Checks flags and control messages after `recvmsg`.
    void verify(RunState state, long address) {
        UserMemory memory = state.target().memory();
        ByteBuffer header = Structs.read(memory, address, BYTES);
        int actual = header.getInt(FLAGS);
        if (actual != flags) {
            throw new EventFailure(
                    String.format(
                            Locale.ROOT,
                            "Expected msg_flags 0x%08X but got 0x%08X",
                            flags,
                            actual));
        }
        int length = (int) header.getLong(CONTROL_LENGTH);
        byte[] received = memory.read(header.getLong(CONTROL_LENGTH - 8), length);
        ControlMessage.verify(state, control, received);
    }
}
