package dev.linnet.oracle.target;

import dev.linnet.kernel.sched.VirtualScheduler;
import dev.linnet.kernel.sched.Waiter;
import dev.linnet.oracle.memory.Memory;
import dev.linnet.stack.Host;
import dev.linnet.stack.Stack;
import dev.linnet.stack.Task;
import dev.linnet.syscall.SyscallTable;
import dev.linnet.syscall.UserSpace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Linnet, in virtual time: the caller's thread is the first of the stack, and time passes only when
/// every thread waits.
public final class LinnetTarget implements Target {
    private static final long SEED = 1;

    /// How much virtual time a call gets.
    private static final long PATIENCE_NS = 3_600_000_000_000L;

    private final Stack stack = Stack.virtual(SEED);
    private final Host host = stack.newHost("oracle");
    private final VirtualScheduler scheduler = (VirtualScheduler) host.net().scheduler;
    private final Space space = new Space();
    private final List<LinnetWorker> workers = new ArrayList<>();
    private final LinnetWorker main = add(newProcess());

    public LinnetTarget() {
        StandardFds.open(main, space);
    }

    @Override
    public String name() {
        return "linnet";
    }

    @Override
    public Memory memory() {
        return space;
    }

    @Override
    public Worker main() {
        return main;
    }

    @Override
    public Worker spawn(Worker parent, boolean fork) {
        Task task = ((LinnetWorker) parent).task;
        return add(fork ? task.fork("worker") : task);
    }

    /// A process in `/tmp` that cannot change the root, as on the host.
    private Task newProcess() {
        host.mounts().root().mnt().readOnly = true;
        Task task = host.newTask("main");
        task.chdir("/tmp");
        return task;
    }

    private LinnetWorker add(Task task) {
        LinnetWorker worker = new LinnetWorker(task);
        workers.add(worker);
        return worker;
    }

    @Override
    public long sysctl(Worker worker, String name, String value) {
        return host.setSysctl(name, value);
    }

    @Override
    public void sleep(int millis) {
        stack.sleep(millis * 1_000_000L);
    }

    /// Pages and packets in use; 0 after [#closeDescriptors] if nothing is lost.
    public long buffersInUse() {
        return stack.buffersInUse();
    }

    @Override
    public void close() {
        workers.forEach(LinnetWorker::interrupt);
        space.space.close();
        stack.close();
        scheduler.runUntilIdle();
    }

    private static final class Space implements Memory {
        private final UserSpace space = new UserSpace();

        @Override
        public long allocate(int bytes) {
            return space.allocate(bytes);
        }

        @Override
        public void write(long address, byte[] bytes) {
            space.write(address, bytes, bytes.length);
        }

        @Override
        public byte[] read(long address, int length) {
            byte[] bytes = space.read(address, length);
            if (bytes == null) {
                throw new IllegalStateException("memory that was allocated is gone");
            }
            return bytes;
        }
    }

    private final class LinnetWorker implements Worker {
        private final Task task;
        private @Nullable Thread thread;
        private @Nullable Waiter waiting;
        private boolean done;
        private long result;

        LinnetWorker(Task task) {
            this.task = task;
        }

        private long now(int nr, long[] args) {
            return SyscallTable.syscall(task.struct(), space.space, nr, args);
        }

        @Override
        public long call(int nr, long[] args) {
            try {
                return now(nr, args);
            } catch (IllegalStateException e) {
                throw new BlockedException("it never returns: " + e.getMessage());
            }
        }

        @Override
        public void start(int nr, long[] args) {
            done = false;
            thread = stack.start("worker", () -> run(nr, args));
            scheduler.runUntilIdle();
        }

        private void run(int nr, long[] args) {
            result = now(nr, args);
            done = true;
            if (waiting != null) {
                scheduler.unpark(waiting);
            }
        }

        @Override
        public boolean blocked() {
            scheduler.runUntilIdle();
            return !done;
        }

        @Override
        public long finish() {
            if (!done) {
                waiting = scheduler.newWaiter();
                scheduler.park(waiting, scheduler.clock().nowNs() + PATIENCE_NS);
                waiting = null;
            }
            if (!done) {
                throw new BlockedException("it does not return");
            }
            return result;
        }

        @Override
        public void signal() {
            interrupt();
        }

        private void interrupt() {
            Thread t = thread;
            if (t != null && !done) {
                scheduler.interrupt(t);
            }
        }

        @Override
        public void becomeUser(int uid) {
            task.setuid(uid);
        }

        @Override
        public void exit() {
            task.close();
        }
    }
}
