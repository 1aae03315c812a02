package dev.linnet.host;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.util.Objects;

/// One queue of a [TunDevice]: packets in and out, one per call, without blocking and without
/// allocation.
///
/// Results are as the kernel's: the packet's length, or `-errno`; `-EBADF` after [#close]. A packet
/// includes its [VnetHeader] if the device has one.
///
/// A write copies the packet's parts into a native buffer and passes that to the kernel. Measured
/// for 64 KB, the copy is 0.7 µs of 3.8 µs, and less than nothing when the parts are cold, because
/// the kernel then finds them in the cache. Handing the Java array to the kernel directly would
/// allow one part only, and would hold up the garbage collector while the host's whole receive path
/// runs inside the call. A read is a mere copy in the kernel, so it goes straight into the Java
/// array.
///
/// Threads: any number may write at once; at most one at a time reads and waits.
public final class TunQueue {
    /// The longest packet: an IP packet of 65,535 bytes and room for the headers before it.
    public static final int PACKET_BYTES_MAX = 65535 + 64;

    /// Writers that find a buffer ready; any more at the same moment allocate one.
    private static final int WRITE_BUFFERS = 4;

    /// `EFD_CLOEXEC | EFD_NONBLOCK`.
    private static final int EVENTFD_FLAGS = 0x80800;

    private static final short POLLIN = 1;

    // struct pollfd { int fd; short events; short revents; }
    private static final int POLLFD_BYTES = 8;
    private static final int POLLFD_EVENTS = 4;
    private static final int POLLFD_REVENTS = 6;

    /// `ssize_t read(int fd, void *buf, size_t count)` into a Java array, which stays where it is
    /// during the call. Allowed because the descriptors are non-blocking.
    private static final MethodHandle READ =
            LibC.link(
                    "read",
                    FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG),
                    Linker.Option.critical(true),
                    Linker.Option.captureCallState("errno"));

    private final int fd;
    private final int wakeFd;
    private final UseCount uses = new UseCount(this::free);
    private final Arena arena = Arena.ofShared();
    private final NativeSlots writeBuffers =
            new NativeSlots(arena, WRITE_BUFFERS, PACKET_BYTES_MAX);

    /// The value that [#wakeUp] adds to the eventfd.
    private final MemorySegment wakeValue = arena.allocateFrom(JAVA_LONG, 1);

    // Used by the one reader only.
    private final HeapSegments readTargets = new HeapSegments();
    private final MemorySegment readErrno = arena.allocate(Linker.Option.captureStateLayout());
    private final MemorySegment pollfds = arena.allocate(2 * POLLFD_BYTES, 8);
    private final MemorySegment timespec = arena.allocate(JAVA_LONG, 2);
    private final MemorySegment wakeCount = arena.allocate(JAVA_LONG);

    private TunQueue(int fd, int wakeFd) {
        this.fd = fd;
        this.wakeFd = wakeFd;
        setPollfd(0, fd);
        setPollfd(1, wakeFd);
    }

    /// Takes over an attached, non-blocking descriptor. When this throws, it has not.
    static TunQueue open(int fd) throws HostException {
        long eventfd = HostSyscalls.syscall(Nr.EVENTFD2, 0, EVENTFD_FLAGS);
        return new TunQueue(fd, HostException.check("eventfd", eventfd));
    }

    /// Sends one packet into the host.
    ///
    /// @return `len`, or `-errno`: `-EIO` while the interface is down, `-EINVAL` for a packet that
    ///     is neither IPv4 nor IPv6 (TUN) or whose [VnetHeader] contradicts it, `-EBADFD` when the
    ///     device was removed, `-EMSGSIZE` when it is longer than [#PACKET_BYTES_MAX]
    public int write(byte[] packet, int off, int len) {
        return write(packet, off, len, packet, 0, 0);
    }

    /// Sends one packet that lies in two places, as headers and payload.
    ///
    /// @return its length, or `-errno` as [#write(byte[], int, int)]
    public int write(byte[] head, int headOff, int headLen, byte[] data, int dataOff, int dataLen) {
        Objects.checkFromIndexSize(headOff, headLen, head.length);
        Objects.checkFromIndexSize(dataOff, dataLen, data.length);
        if (headLen > PACKET_BYTES_MAX - dataLen) {
            return -HostErrno.EMSGSIZE;
        }
        if (!uses.enter()) {
            return -HostErrno.EBADF;
        }
        int slot = writeBuffers.claim();
        try {
            MemorySegment buffer = writeBuffer(slot);
            MemorySegment.copy(head, headOff, buffer, JAVA_BYTE, 0, headLen);
            MemorySegment.copy(data, dataOff, buffer, JAVA_BYTE, headLen, dataLen);
            return send(buffer, headLen + dataLen);
        } finally {
            endWrite(slot);
        }
    }

    /// Sends one packet that lies in any number of places, as `writev` would.
    ///
    /// @param parts the arrays, of which the first `count` are used; each range must lie within its
    ///     array
    /// @return its length, or `-errno` as [#write(byte[], int, int)]
    public int write(byte[][] parts, int[] offs, int[] lens, int count) {
        long total = 0;
        for (int i = 0; i < count; i++) {
            Objects.checkFromIndexSize(offs[i], lens[i], parts[i].length);
            total += lens[i];
        }
        if (total > PACKET_BYTES_MAX) {
            return -HostErrno.EMSGSIZE;
        }
        if (!uses.enter()) {
            return -HostErrno.EBADF;
        }
        int slot = writeBuffers.claim();
        try {
            MemorySegment buffer = writeBuffer(slot);
            long at = 0;
            for (int i = 0; i < count; i++) {
                MemorySegment.copy(parts[i], offs[i], buffer, JAVA_BYTE, at, lens[i]);
                at += lens[i];
            }
            return send(buffer, at);
        } finally {
            endWrite(slot);
        }
    }

    private MemorySegment writeBuffer(int slot) {
        // Rare, and left to the collector because closing a confined arena costs as much.
        return slot == NativeSlots.NONE
                ? Arena.ofAuto().allocate(PACKET_BYTES_MAX)
                : writeBuffers.segment(slot);
    }

    private int send(MemorySegment buffer, long len) {
        int result = (int) HostSyscalls.syscall(Nr.WRITE, fd, buffer.address(), len);
        Reference.reachabilityFence(buffer);
        return result;
    }

    private void endWrite(int slot) {
        if (slot != NativeSlots.NONE) {
            writeBuffers.release(slot);
        }
        uses.exit();
    }

    /// Receives one packet from the host. A packet longer than the range is truncated, so give
    /// [#PACKET_BYTES_MAX] bytes to a device with a [VnetHeader]. Use the same few arrays: the queue
    /// remembers them.
    ///
    /// @return its length, or `-errno`: `-EAGAIN` when there is none, `-EBADFD` when the device was
    ///     removed
    public int read(byte[] buffer, int off, int len) {
        Objects.checkFromIndexSize(off, len, buffer.length);
        if (!uses.enter()) {
            return -HostErrno.EBADF;
        }
        try {
            MemorySegment target = readTargets.of(buffer, off);
            long result = (long) READ.invokeExact(readErrno, fd, target, (long) len);
            return result == -1 ? -readErrno.get(JAVA_INT, 0) : (int) result;
        } catch (Throwable e) {
            throw new AssertionError("read(2) does not throw", e);
        } finally {
            uses.exit();
        }
    }

    /// Waits for a packet. Call it from a platform thread: it blocks in the kernel, which a
    /// thread's interrupt does not end; [#wakeUp] and [#close] do.
    ///
    /// @param timeoutNs how long to wait at most; negative: for ever
    /// @return true when [#read] has something to say, a packet or an error; false after the
    ///     time-out, after [#wakeUp], after a signal and when closed
    public boolean awaitReadable(long timeoutNs) {
        if (!uses.enter()) {
            return false;
        }
        boolean readable = false;
        if (HostSyscalls.syscall(Nr.PPOLL, pollfds.address(), 2, deadline(timeoutNs)) > 0) {
            readable = revents(0) != 0;
            if (revents(1) != 0 && uses.isOpen()) {
                HostSyscalls.syscall(Nr.READ, wakeFd, wakeCount.address(), wakeCount.byteSize());
            }
        }
        uses.exit();
        return readable;
    }

    /// The address of a `timespec`, or null to wait for ever.
    private long deadline(long timeoutNs) {
        if (timeoutNs < 0) {
            return 0;
        }
        timespec.setAtIndex(JAVA_LONG, 0, timeoutNs / 1_000_000_000L);
        timespec.setAtIndex(JAVA_LONG, 1, timeoutNs % 1_000_000_000L);
        return timespec.address();
    }

    /// Makes the current or else the next [#awaitReadable] return. Any thread.
    public void wakeUp() {
        if (uses.enter()) {
            signal();
            uses.exit();
        }
    }

    /// False once closed.
    public boolean isOpen() {
        return uses.isOpen();
    }

    /// Wakes the reader and closes the descriptor as soon as no call is using it. Idempotent.
    void close() {
        if (uses.enter()) {
            uses.close();
            signal();
            uses.exit();
        }
    }

    private void signal() {
        // -EAGAIN would mean that it is already signalled 2^64 times.
        HostSyscalls.syscall(Nr.WRITE, wakeFd, wakeValue.address(), wakeValue.byteSize());
    }

    private void free() {
        HostSyscalls.close(fd);
        HostSyscalls.close(wakeFd);
        arena.close();
    }

    private void setPollfd(int index, int value) {
        pollfds.set(JAVA_INT, (long) index * POLLFD_BYTES, value);
        pollfds.set(JAVA_SHORT, (long) index * POLLFD_BYTES + POLLFD_EVENTS, POLLIN);
    }

    private short revents(int index) {
        return pollfds.get(JAVA_SHORT, (long) index * POLLFD_BYTES + POLLFD_REVENTS);
    }
}
