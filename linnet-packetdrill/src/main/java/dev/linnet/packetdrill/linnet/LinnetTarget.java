package dev.linnet.packetdrill.linnet;

import dev.linnet.kernel.sched.VirtualScheduler;
import dev.linnet.kernel.sched.Waiter;
import dev.linnet.packetdrill.Config;
import dev.linnet.packetdrill.target.PendingSyscall;
import dev.linnet.packetdrill.target.Target;
import dev.linnet.packetdrill.target.UserMemory;
import dev.linnet.stack.Host;
import dev.linnet.stack.Stack;
import dev.linnet.stack.Task;
import dev.linnet.syscall.SyscallTable;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The stack in this process, in virtual time: the script's thread is the first thread of a stack
/// of its own, and time passes only while it waits.
final class LinnetTarget implements Target {
    private static final long SEED = 1;
    private static final String DEVICE = "tun0";

    private final Stack stack;
    private final VirtualScheduler scheduler;
    private final Host host;
    private final Task task;
    private final LinnetMemory memory = new LinnetMemory();
    private final ScriptDevice device;
    private final LinnetShell shell;

    LinnetTarget(Config config, Path directory) {
        stack = Stack.virtual(SEED);
        host = stack.newHost("linnet");
        scheduler = (VirtualScheduler) host.net().scheduler;
        task = host.newTask("script");
        device = new ScriptDevice(host, scheduler, config.mtu());
        configure(config);
        LinnetFiles files = new LinnetFiles(host, directory);
        task.struct().paths = files::open;
        shell = new LinnetShell(host, scheduler, files);
    }

    private void configure(Config config) {
        if (config.anyIp()) {
            host.addRoute(config.remotePrefix(), null, DEVICE);
            return;
        }
        host.addAddress(DEVICE, config.localIp() + "/" + config.prefixLength());
        host.addRoute(config.remotePrefix(), config.gatewayIp().toString(), DEVICE);
    }

    @Override
    public long syscall(int nr, long a0, long a1, long a2, long a3, long a4, long a5) {
        return SyscallTable.syscall(task.struct(), memory.space, nr, a0, a1, a2, a3, a4, a5);
    }

    @Override
    public PendingSyscall start(int nr, long a0, long a1, long a2, long a3, long a4, long a5) {
        Pending pending = new Pending();
        stack.start(
                "syscall", () -> pending.finish(syscall(nr, a0, a1, a2, a3, a4, a5), nowUsecs()));
        scheduler.runUntilIdle();
        return pending;
    }

    /// A call on another thread of the stack; it runs while the script's thread waits.
    private final class Pending implements PendingSyscall {
        private boolean done;
        private long result;
        private long endUsecs;
        private @Nullable Waiter waiting;

        void finish(long value, long usecs) {
            result = value;
            endUsecs = usecs;
            done = true;
            if (waiting != null) {
                scheduler.unpark(waiting);
            }
        }

        @Override
        public boolean isDone() {
            return done;
        }

        @Override
        public boolean await(long deadlineUsecs) {
            if (!done) {
                waiting = scheduler.newWaiter();
                scheduler.park(waiting, monotonicNs(deadlineUsecs));
                waiting = null;
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

    @Override
    public UserMemory memory() {
        return memory;
    }

    /// The next full millisecond: the stack's timer tick.
    @Override
    public long awaitStart() {
        long now = nowUsecs();
        long start = (now + 999) / 1000 * 1000;
        sleepUntil(start);
        return start;
    }

    @Override
    public long nowUsecs() {
        return scheduler.clock().realNs() / 1000;
    }

    /// A time of the target's clock, which is the wall clock, on the monotonic one.
    private long monotonicNs(long usecs) {
        return scheduler.clock().nowNs() + usecs * 1000 - scheduler.clock().realNs();
    }

    @Override
    public void sleepUntil(long usecs) {
        scheduler.park(scheduler.newWaiter(), monotonicNs(usecs));
    }

    @Override
    public void inject(byte[] datagram, int segmentBytes) {
        device.receive(datagram, segmentBytes);
        scheduler.runUntilIdle();
    }

    @Override
    public @Nullable Captured capture(long deadlineUsecs) {
        return device.next(monotonicNs(deadlineUsecs));
    }

    @Override
    public int shell(String commandLine, Consumer<String> output) {
        return shell.run(commandLine, output);
    }

    @Override
    public void close() {
        device.close();
        stack.close();
    }
}
