package dev.linnet.packetdrill.host;

import dev.linnet.host.HostSyscalls;
import dev.linnet.host.NativeMemory;
import dev.linnet.host.Nr;
import dev.linnet.packetdrill.target.PendingSyscall;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The thread that blocks in system calls so that the script can go on. It shares the namespace of
/// the thread that makes it.
final class SyscallThread implements AutoCloseable {
    private static final int STAT_BYTES = 512;
    private static final long JOIN_MILLIS = 1_000;

    private final SynchronousQueue<Call> calls = new SynchronousQueue<>();
    private final Thread thread;
    private final NativeMemory memory;
    private final long stat;
    private final long path;
    private volatile int tid;
    private volatile @Nullable Call current;

    SyscallThread(NativeMemory memory) {
        this.memory = memory;
        this.stat = memory.allocate(STAT_BYTES);
        this.thread = Thread.ofPlatform().daemon().name("packetdrill-syscall").start(this::serve);
        while (tid == 0) {
            HostSyscalls.syscall(Nr.SCHED_YIELD);
        }
        this.path = memory.allocate("/proc/self/task/" + tid + "/stat");
    }

    private void serve() {
        RealTime.enter(memory);
        tid = (int) HostSyscalls.syscall(Nr.GETTID);
        try {
            while (true) {
                calls.take().run();
            }
        } catch (InterruptedException _) {
            // Closed.
        }
    }

    /// Hands a call to the thread and returns when it sleeps in the kernel, or when the call is
    /// done.
    PendingSyscall start(int nr, long a0, long a1, long a2, long a3, long a4, long a5) {
        Call call = new Call(nr, a0, a1, a2, a3, a4, a5);
        current = call;
        try {
            calls.put(call);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        while (!call.running) {
            HostSyscalls.syscall(Nr.SCHED_YIELD);
        }
        while (!call.done && !sleeps()) {
            HostSyscalls.syscall(Nr.SCHED_YIELD);
        }
        return call;
    }

    /// True if the kernel shows the thread as sleeping: the state is the third field of its `stat`.
    private boolean sleeps() {
        long fd = HostSyscalls.syscall(Nr.OPENAT, -100, path, 0);
        if (fd < 0) {
            return false;
        }
        long length = HostSyscalls.syscall(Nr.READ, fd, stat, STAT_BYTES);
        HostSyscalls.syscall(Nr.CLOSE, fd);
        if (length <= 0) {
            return false;
        }
        String text = new String(memory.get(stat, (int) length), StandardCharsets.US_ASCII);
        int state = text.lastIndexOf(')') + 2;
        return state < text.length() && text.charAt(state) == 'S';
    }

    /// Ends the thread, if it is not in the kernel.
    ///
    /// @return false if it is: what it uses must stay
    boolean end() {
        thread.interrupt();
        try {
            thread.join(JOIN_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        Call last = current;
        return last == null || last.done;
    }

    @Override
    public void close() {
        end();
    }

    private static final class Call implements PendingSyscall {
        private final int nr;
        private final long[] args;
        private volatile boolean running;
        private volatile boolean done;
        private long result;
        private long endUsecs;

        Call(int nr, long... args) {
            this.nr = nr;
            this.args = args;
        }

        void run() {
            running = true;
            long r = HostSyscalls.syscall(nr, args[0], args[1], args[2], args[3], args[4], args[5]);
            endUsecs = HostClock.nowUsecs();
            result = r;
            synchronized (this) {
                done = true;
                notifyAll();
            }
        }

        @Override
        public boolean isDone() {
            return done;
        }

        @Override
        public synchronized boolean await(long deadlineUsecs) {
            boolean interrupted = false;
            long left = deadlineUsecs - HostClock.nowUsecs();
            while (!done && left > 0) {
                try {
                    TimeUnit.MICROSECONDS.timedWait(this, left);
                } catch (InterruptedException _) {
                    interrupted = true;
                }
                left = deadlineUsecs - HostClock.nowUsecs();
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            return done;
        }

        @Override
        public long result() {
            return result;
        }

        @Override
        public long endUsecs() {
            return endUsecs;
        }
    }
}
