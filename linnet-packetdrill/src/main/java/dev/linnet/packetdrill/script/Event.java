package dev.linnet.packetdrill.script;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Something that happens at a time.
public sealed interface Event {
    /// The whole event, from its time to its end.
    Source at();

    /// When it happens.
    EventTime time();

    /// A packet that is injected (`<`) or expected (`>`).
    record PacketEvent(Source at, EventTime time, Direction direction, PacketSpec packet)
            implements Event {}

    /// A system call with the result that it must have.
    ///
    /// @param end when a blocking call must return, in microseconds and counted as the start is;
    ///     empty: the call must not block
    /// @param result what it must return; for a call that makes a descriptor, the script's number
    ///     for it
    /// @param errno the name of the error that it must set, if the script names one
    record SyscallEvent(
            Source at,
            EventTime time,
            OptionalLong end,
            Expression.Call call,
            Expression result,
            @Nullable Symbol errno)
            implements Event {
        /// True if the script says that the call blocks.
        public boolean blocking() {
            return end.isPresent();
        }
    }

    /// A shell command.
    record CommandEvent(Source at, EventTime time, String commandLine) implements Event {}

    /// Python code over the `tcp_info` of the socket under test.
    record CodeEvent(Source at, EventTime time, Source code) implements Event {}

    /// Which way a packet goes, seen from the kernel under test.
    enum Direction {
        INBOUND,
        OUTBOUND
    }

    /// A name with its place.
    record Symbol(Source at, String name) {}
}
