package dev.linnet.host;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;

/// A signal whose handler does nothing and restarts nothing: it ends a system call that a thread is
/// blocked in, with `EINTR`.
public final class HostSignal {
    /// A real-time signal that neither the C library nor the JVM uses.
    private static final int SIGNAL = 44;

    /// glibc's and musl's `struct sigaction` is not longer; the handler comes first.
    private static final int SIGACTION_BYTES = 152;

    private static final int ENTRY = install();

    private HostSignal() {}

    /// The id of the calling thread, for [#send].
    public static int currentThread() {
        return (int) HostSyscalls.syscall(Nr.GETTID);
    }

    /// Sends the signal to a thread of this process.
    ///
    /// @return 0, or `-ESRCH` if the thread has ended
    public static int send(int thread) {
        long process = HostSyscalls.syscall(Nr.GETPID);
        return (int) HostSyscalls.syscall(Nr.TGKILL, process, thread, ENTRY);
    }

    /// The handler is a function of the C library that takes a number and changes nothing.
    private static int install() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment action = arena.allocate(SIGACTION_BYTES, Long.BYTES);
            action.set(ADDRESS, 0, LibC.address("abs"));
            int result =
                    (int)
                            LibC.link(
                                            "sigaction",
                                            FunctionDescriptor.of(
                                                    JAVA_INT, JAVA_INT, ADDRESS, ADDRESS))
                                    .invokeExact(SIGNAL, action, MemorySegment.NULL);
            if (result != 0) {
                throw new IllegalStateException("sigaction failed");
            }
            return SIGNAL;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("sigaction(2) does not throw", e);
        }
    }
}
