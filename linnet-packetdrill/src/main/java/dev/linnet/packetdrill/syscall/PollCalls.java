package dev.linnet.packetdrill.syscall;

import dev.linnet.packetdrill.script.Expression;
import dev.linnet.packetdrill.state.EventFailure;
import dev.linnet.packetdrill.state.RunState;
import dev.linnet.packetdrill.target.UserMemory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Calls that wait for readiness, and those on files.
final class PollCalls {
    private static final int POLLFD_BYTES = 8;
    private static final int REVENTS = 6;

    /// x86-64 packs `struct epoll_event`: no gap before the data.
    private static final int EPOLL_EVENT_BYTES = 12;

    private PollCalls() {}

    static PreparedCall poll(CallArgs args) {
        args.count(3);
        List<Expression> elements = args.list(0);
        int count = args.int32(1);
        if (count != elements.size()) {
            throw new EventFailure(
                    "nfds "
                            + count
                            + " does not match "
                            + elements.size()
                            + "-element pollfd array");
        }
        ByteBuffer array = Structs.buffer(POLLFD_BYTES * count);
        List<Integer> expected = new ArrayList<>();
        for (Expression element : elements) {
            Expression.Struct struct = CallArgs.struct(element);
            Expression revents = struct.get("revents");
            expected.add(revents == null ? 0 : Evaluator.int32(revents) & 0xffff);
            array.putInt(live(args.state(), field(struct, "fd")));
            array.putShort((short) Evaluator.int32(field(struct, "events")));
            array.putShort((short) expected.getLast().intValue());
        }
        UserMemory memory = args.memory();
        long address = memory.allocate(Structs.bytes(array));
        return PreparedCall.of(SyscallNr.POLL, address, count, args.int32(2))
                .then(_ -> verify(Structs.read(memory, address, array.capacity()), expected));
    }

    private static void verify(ByteBuffer array, List<Integer> expected) {
        for (int i = 0; i < expected.size(); i++) {
            int actual = Short.toUnsignedInt(array.getShort(POLLFD_BYTES * i + REVENTS));
            if (actual != expected.get(i)) {
                throw new EventFailure(
                        "Expected revents of "
                                + Symbols.flags("POLL", expected.get(i))
                                + " but got "
                                + Symbols.flags("POLL", actual)
                                + " for pollfd "
                                + i);
            }
        }
    }

    private static Expression field(Expression.Struct struct, String name) {
        Expression value = struct.get(name);
        if (value == null) {
            throw new EventFailure("struct needs " + name);
        }
        return value;
    }

    private static int live(RunState state, Expression fd) {
        return state.descriptors().byScript(Evaluator.int32(fd)).live();
    }

    static PreparedCall epollCreate(CallArgs args) {
        args.count(1);
        return PreparedCall.of(SyscallNr.EPOLL_CREATE, args.int32(0))
                .thenDescriptor(
                        live ->
                                args.state()
                                        .descriptors()
                                        .add(args.newDescriptor(), (int) live, null));
    }

    static PreparedCall epollCtl(CallArgs args) {
        args.count(4);
        return PreparedCall.of(
                SyscallNr.EPOLL_CTL, args.fd(0), args.int32(1), args.fd(2), eventAddress(args));
    }

    /// The event to watch for; `...` is no event, which is enough to remove a descriptor.
    private static long eventAddress(CallArgs args) {
        if (args.get(3) instanceof Expression.Ellipsis) {
            return 0;
        }
        EpollEvent event = EpollEvent.of(args.state(), args.get(3));
        if (event.scriptFd != null && event.scriptFd != args.int32(2)) {
            throw new EventFailure("wrong fd specified in epoll_event");
        }
        return args.memory().allocate(event.encode());
    }

    static PreparedCall epollWait(CallArgs args) {
        args.count(4);
        EpollEvent expected = EpollEvent.of(args.state(), args.get(1));
        int max = args.int32(2);
        UserMemory memory = args.memory();
        long events = memory.allocate(EPOLL_EVENT_BYTES * Math.max(max, 1));
        return PreparedCall.of(SyscallNr.EPOLL_WAIT, args.fd(0), events, max, args.int32(3))
                .then(_ -> expected.verify(Structs.read(memory, events, EPOLL_EVENT_BYTES)));
    }

    /// `struct epoll_event`: `{events=EPOLLIN, fd=4}`, or with `ptr`, `u32` or `u64` in place of
    /// `fd`.
    ///
    /// @param scriptFd the script's descriptor, if the data is one
    /// @param dataBytes how much of the data is compared
    private record EpollEvent(int events, long data, int dataBytes, @Nullable Integer scriptFd) {
        static EpollEvent of(RunState state, Expression expression) {
            Expression.Struct struct = CallArgs.struct(expression);
            int events = Evaluator.int32(field(struct, "events"));
            Expression fd = struct.get("fd");
            if (fd != null) {
                return new EpollEvent(events, live(state, fd), 4, Evaluator.int32(fd));
            }
            for (String name : List.of("ptr", "u64", "u32")) {
                Expression value = struct.get(name);
                if (value != null) {
                    int bytes = name.equals("u32") ? 4 : 8;
                    return new EpollEvent(events, Evaluator.number(value), bytes, null);
                }
            }
            throw new EventFailure("epoll_event specified incorrectly");
        }

        byte[] encode() {
            return Structs.buffer(EPOLL_EVENT_BYTES).putInt(events).putLong(data).array();
        }

        void verify(ByteBuffer actual) {
            int actualEvents = actual.getInt(0);
            if (actualEvents != events) {
                throw new EventFailure(
                        String.format(
                                Locale.ROOT,
                                "epoll_event->events does not match script: expected: 0x%x actual:"
                                        + " 0x%x",
                                events,
                                actualEvents));
            }
            long actualData = dataBytes == 4 ? actual.getInt(4) : actual.getLong(4);
            long want = dataBytes == 4 ? (int) data : data;
            if (actualData != want) {
                throw new EventFailure(
                        "epoll_event->data does not match script: expected: "
                                + want
                                + " actual: "
                                + actualData);
            }
        }
    }

    static PreparedCall open(CallArgs args) {
        if (args.size() != 2 && args.size() != 3) {
            throw new EventFailure("open expected 2-3 args but got " + args.size());
        }
        if (!(args.get(0) instanceof Expression.StringLiteral name)) {
            throw CallArgs.typeError(args.get(0), "string");
        }
        Path path =
                args.state().directory().resolve(new String(name.bytes(), StandardCharsets.UTF_8));
        byte[] bytes = (path + "\0").getBytes(StandardCharsets.UTF_8);
        int mode = args.size() == 3 ? args.int32(2) : 0;
        return PreparedCall.of(SyscallNr.OPEN, args.memory().allocate(bytes), args.int32(1), mode)
                .thenDescriptor(
                        live ->
                                args.state()
                                        .descriptors()
                                        .add(args.newDescriptor(), (int) live, null));
    }
}
