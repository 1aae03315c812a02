package dev.linnet.jvm;

import dev.linnet.kernel.sched.Scheduler;
import dev.linnet.kernel.sched.Signals;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.stack.Task;
import dev.linnet.syscall.PollCalls;
import dev.linnet.syscall.SocketCalls;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.Ipv6Opt;
import dev.linnet.uapi.PollFd;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.Sol;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// A descriptor of the JVM's process, and the threads that are in calls on it.
///
/// Linux does not end a `read` when another thread closes the descriptor; Java does. So a call is made between
/// [#begin] and [#end]: [#close] marks the descriptor, sends a signal to the reader and to the writer if there are
/// such, and whoever leaves last closes it in the process. Until then the number cannot be given to another file.
///
/// There is at most one reader and one writer at a time (the caller has a lock for each); calls that do not wait are
/// made with [#ANY]. Results are those of [Task]: at least 0, or `-errno`; a closed descriptor gives `-EBADF`.
/// Thread-safe.
public final class SocketFd {
    /// What a call does: nobody has to be woken.
    public static final int ANY = 0;

    /// The call takes data or connections, or connects.
    public static final int READ = 1;

    /// The call gives data.
    public static final int WRITE = 2;

    /// In [#state] beside the number of calls that are being made: no more may begin.
    private static final int CLOSING = 1 << 30;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(SocketFd.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Task task;
    private final int fd;
    private final Scheduler scheduler;

    /// What the end of the process does.
    private final Runnable atExit = this::close;

    @SuppressWarnings("unused") // through STATE
    private volatile int state;

    private volatile @Nullable Signals reader;
    private volatile @Nullable Signals writer;

    /// A descriptor that is open.
    public SocketFd(Task task, int fd) {
        this.task = task;
        this.fd = fd;
        this.scheduler = task.struct().net.scheduler;
        task.struct().exitWork.add(atExit);
    }

    /// Opens a socket that is closed when the process starts another program; one of AF_INET6 speaks IPv4 too.
    ///
    /// @param family `AF_*`
    /// @param type `SOCK_*`, with flags
    public static SocketFd open(Task task, int family, int type) throws SocketException {
        int fd = SocketErrors.check(task.socket(family, type | SocketType.SOCK_CLOEXEC, 0));
        if (family == Af.AF_INET6) {
            task.setsockopt(fd, Sol.SOL_IPV6, Ipv6Opt.IPV6_V6ONLY, 0);
        }
        return new SocketFd(task, fd);
    }

    /// The process.
    public Task task() {
        return task;
    }

    /// The number; only to be used between [#begin] and [#end].
    public int fd() {
        return fd;
    }

    /// False once [#close] has been called.
    public boolean isOpen() {
        return (state & CLOSING) == 0;
    }

    // ---- calls
    // --------------------------------------------------------------------------------------

    /// Begins a call; false, and no [#end] is due, if the descriptor is closed.
    public boolean begin(int kind) {
        int now;
        do {
            now = state;
            if ((now & CLOSING) != 0) {
                return false;
            }
        } while (!STATE.compareAndSet(this, now, now + 1));
        if (kind != ANY) {
            register(kind, Signals.current());
            if (!isOpen()) { // close may have come before it could see this thread
                end(kind);
                return false;
            }
        }
        return true;
    }

    /// Ends a call.
    public void end(int kind) {
        if (kind != ANY) {
            register(kind, null);
        }
        if ((int) STATE.getAndAdd(this, -1) == CLOSING + 1) {
            task.close(fd);
        }
    }

    private void register(int kind, @Nullable Signals signals) {
        if (kind == READ) {
            reader = signals;
        } else {
            writer = signals;
        }
    }

    /// Receives into `dst`, from position to limit, which stay as they are; 0 at the end of the stream. See [#call].
    public int recv(ByteBuffer dst, int flags, boolean interruptible) {
        if (!begin(READ)) {
            return -Errno.EBADF;
        }
        Signals mine = Signals.current();
        mine.blockInterrupts(!interruptible);
        try {
            int n;
            do {
                n = task.recv(fd, dst, flags);
            } while (again(n, mine));
            return result(n);
        } finally {
            mine.blockInterrupts(false);
            end(READ);
        }
    }

    /// Sends what is in `src`, from position to limit, which stay as they are; how much was taken. See [#call].
    public int send(ByteBuffer src, int flags, boolean interruptible) {
        if (!begin(WRITE)) {
            return -Errno.EBADF;
        }
        Signals mine = Signals.current();
        mine.blockInterrupts(!interruptible);
        try {
            int n;
            do {
                n = task.send(fd, src, flags);
            } while (again(n, mine));
            return result(n);
        } finally {
            mine.blockInterrupts(false);
            end(WRITE);
        }
    }

    /// [#recv] into several buffers, `length` of them from index `from`.
    public int recv(ByteBuffer[] dsts, int from, int length, int flags, boolean interruptible) {
        return call(
                READ,
                interruptible,
                () -> {
                    MsgHdr msg = MsgHdr.scratch();
                    msg.iter.set(dsts, from, length);
                    return SocketCalls.recvmsg(task.struct(), fd, msg, flags);
                });
    }

    /// [#send] from several buffers, `length` of them from index `from`.
    public int send(ByteBuffer[] srcs, int from, int length, int flags, boolean interruptible) {
        return call(
                WRITE,
                interruptible,
                () -> {
                    MsgHdr msg = MsgHdr.scratch();
                    msg.iter.set(srcs, from, length);
                    return SocketCalls.sendmsg(task.struct(), fd, msg, flags);
                });
    }

    /// Makes a call that does not wait until it gives something else than `-EAGAIN`, for at most a span of the stack's
    /// time; `-EAGAIN` if that is over. See [#call].
    ///
    /// @param events `POLL*` to wait for before it is worth a try
    public int timed(int kind, boolean interruptible, int events, long ns, IntSupplier call) {
        long end = scheduler.clock().nowNs() + ns;
        return call(
                kind,
                interruptible,
                () -> {
                    int n;
                    while ((n = call.getAsInt()) == -Errno.EAGAIN) {
                        int ready = pollUntil(events, end);
                        if (ready <= 0) {
                            return ready == 0 ? -Errno.EAGAIN : ready;
                        }
                    }
                    return n;
                });
    }

    private int pollUntil(int events, long end) {
        long left = end - scheduler.clock().nowNs();
        PollFd[] pfd = {new PollFd(fd, events)};
        return left <= 0 ? 0 : PollCalls.poll(task.struct(), pfd, 1, left);
    }

    /// Makes a call that may wait, again and again while something ends it that does not concern it.
    ///
    /// @param kind [#READ] or [#WRITE]; the caller has the lock
    /// @param interruptible whether an interrupt of the thread ends it (`-EINTR`) or is kept for later
    /// @return what the call gave; `-EBADF` if the descriptor is closed or was meanwhile
    public int call(int kind, boolean interruptible, IntSupplier call) {
        if (!begin(kind)) {
            return -Errno.EBADF;
        }
        Signals mine = Signals.current();
        mine.blockInterrupts(!interruptible);
        try {
            int n;
            do {
                n = call.getAsInt();
            } while (again(n, mine));
            return result(n);
        } finally {
            mine.blockInterrupts(false);
            end(kind);
        }
    }

    /// Whether a call was ended by a signal that was meant for an earlier one.
    private boolean again(int n, Signals mine) {
        if (n != -Errno.EINTR && n != -Errno.ERESTARTSYS) {
            return false;
        }
        mine.clear();
        return isOpen() && !mine.pending();
    }

    private int result(int n) {
        if (n != -Errno.EINTR && n != -Errno.ERESTARTSYS) {
            return n;
        }
        return isOpen() ? -Errno.EINTR : -Errno.EBADF;
    }

    /// Makes a call that does not wait; `-EBADF` if the descriptor is closed.
    public int quick(IntSupplier call) {
        if (!begin(ANY)) {
            return -Errno.EBADF;
        }
        try {
            return call.getAsInt();
        } finally {
            end(ANY);
        }
    }

    /// Waits for events of the descriptor inside a call: those that have come, 0 at the time-out, `-EINTR`.
    ///
    /// @param events `POLL*`
    /// @param timeoutMs negative waits for ever
    public int poll(int events, int timeoutMs) {
        PollFd pfd = new PollFd(fd, events);
        int n = task.poll(new PollFd[] {pfd}, timeoutMs);
        return n <= 0 ? n : pfd.revents;
    }

    /// Sets whether calls wait (`O_NONBLOCK`).
    public int setNonblock(boolean on) {
        return quick(() -> task.fcntl(fd, Fcntl.F_SETFL, on ? Fcntl.O_NONBLOCK : 0));
    }

    // ---- the end
    // -----------------------------------------------------------------------------------

    /// Closes: no call begins any more, those that wait end with `-EBADF`. False if it was closed.
    public boolean close() {
        int now;
        do {
            now = state;
            if ((now & CLOSING) != 0) {
                return false;
            }
        } while (!STATE.compareAndSet(this, now, now | CLOSING));
        task.struct().exitWork.remove(atExit);
        if (now == 0) {
            task.close(fd);
        } else {
            signal(reader);
            signal(writer);
        }
        return true;
    }

    private void signal(@Nullable Signals to) {
        if (to != null) {
            scheduler.signal(to);
        }
    }
}
