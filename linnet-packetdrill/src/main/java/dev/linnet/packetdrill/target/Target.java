package dev.linnet.packetdrill.target;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A kernel for one run of one script: with a device `tun0` that carries the script's addresses and
/// routes, and nothing else in its network namespace but loopback.
///
/// All methods are for the one thread that runs the script. Times are microseconds of the target's
/// clock, the one that the kernel's own timestamps (`SO_TIMESTAMPING`) come from; their origin
/// means nothing.
public interface Target extends AutoCloseable {
    /// Calls the kernel.
    ///
    /// @param nr the number of the call on x86-64
    /// @return at least 0, or `-errno`
    long syscall(int nr, long a0, long a1, long a2, long a3, long a4, long a5);

    /// Makes a call that is expected to block, on a thread of its own; returns when it has blocked
    /// or is done. At most one such call is in progress at a time.
    PendingSyscall start(int nr, long a0, long a1, long a2, long a3, long a4, long a5);

    /// Where the structures and buffers of the calls live.
    UserMemory memory();

    /// Waits for a moment that suits as time 0 of a script, shortly after the kernel's timer tick,
    /// and returns it. It may lie a little ahead.
    long awaitStart();

    /// Now.
    long nowUsecs();

    /// Returns when it is `usecs`, or at once if it has been.
    void sleepUntil(long usecs);

    /// Delivers a datagram to the kernel through the device, all its checksums filled in.
    ///
    /// @param segmentBytes if positive and the datagram is TCP: it is to be taken as an aggregate
    ///     of segments of this size
    void inject(byte[] datagram, int segmentBytes);

    /// The next datagram that the kernel sent into the device, waiting for it until
    /// `deadlineUsecs`. Datagrams come in the order in which they were sent, each with the time of
    /// sending; segments that the device is to cut come whole, and checksums that it is to complete
    /// come as sums of the pseudo header.
    ///
    /// @return null if none comes in time
    @Nullable Captured capture(long deadlineUsecs);

    /// Runs a command line in the directory of the script.
    ///
    /// @param output takes what it prints, line by line
    /// @return its exit status
    int shell(String commandLine, Consumer<String> output);

    /// Gives everything back: descriptors, memory, the device, the namespace. Calls still in
    /// progress end.
    @Override
    void close();

    /// A datagram that the kernel sent.
    @SuppressWarnings("ArrayRecordComponent")
    record Captured(byte[] datagram, long usecs) {}
}
