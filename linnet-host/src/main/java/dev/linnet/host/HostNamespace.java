package dev.linnet.host;

import java.io.IOException;
import java.lang.Thread.Builder.OfPlatform;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A network namespace of the host, entered by threads of this process while the rest of it stays
/// in its own: a private set of interfaces, addresses, routes, ports and network sysctls.
///
/// ```java
/// try (HostNamespace host = HostNamespace.create()) {
///     TunDevice tun = host.call(() -> TunDevice.open(TunConfig.tun("linnet0")));
///     Process curl = host.start(new ProcessBuilder("curl", "http://10.9.0.2/"));
/// }
/// ```
///
/// Tasks given to [#call] run one after the other on one thread; [#fork] gives a task a thread of
/// its own. What a task opens (sockets of any Java API, descriptors of [HostSyscalls]) belongs to
/// the namespace for good and may be used by any thread; processes that it starts inherit the
/// namespace. The namespace ceases to exist with its last thread, process and descriptor.
///
/// Needs CAP_SYS_ADMIN. Source: network_namespaces(7), unshare(2), setns(2).
public final class HostNamespace implements AutoCloseable {
    private static final long CLONE_NEWNET = 0x40000000L;
    private static final int O_RDONLY = 0;
    private static final String OWN = "/proc/thread-self/ns/net";

    /// How long [#close] waits for a process to heed SIGTERM, and for a forked task to end.
    private static final long PATIENCE_MS = 3_000;

    private static final AtomicInteger COUNT = new AtomicInteger();

    private final OfPlatform threads =
            Thread.ofPlatform().daemon().name("netns-" + COUNT.incrementAndGet() + "-", 0);
    private final ExecutorService main = Executors.newSingleThreadExecutor(threads.factory());
    private final Thread mainThread;
    private final Set<Process> processes = ConcurrentHashMap.newKeySet();
    private final Set<Thread> forks = ConcurrentHashMap.newKeySet();

    /// Keeps the namespace alive and lets further threads enter it.
    private final int fd;

    private boolean closed;

    private HostNamespace(Entry entry) throws HostException {
        try {
            mainThread = main.submit(Thread::currentThread).get();
            fd = main.submit(entry::enter).get();
        } catch (ExecutionException e) {
            main.shutdown();
            if (e.getCause() instanceof HostException refusal) {
                throw refusal;
            }
            throw new AssertionError("entering a namespace throws nothing else", e);
        } catch (InterruptedException e) {
            main.shutdown();
            Thread.currentThread().interrupt();
            throw new HostException(HostErrno.EINTR, "interrupted while entering a namespace");
        }
    }

    /// Makes a new namespace, in which there is only a loopback interface; it is brought up.
    ///
    /// @throws HostException with `EPERM` without the right to
    public static HostNamespace create() throws HostException {
        return new HostNamespace(HostNamespace::unshare);
    }

    /// Enters an existing namespace.
    ///
    /// @param file its handle, as `/run/netns/NAME` for one of `ip netns`, or `/proc/PID/ns/net`
    /// @throws HostException with `ENOENT` when there is no such file, `EINVAL` when it is no
    ///     network namespace, `EPERM` without the right to enter it
    public static HostNamespace join(Path file) throws HostException {
        return new HostNamespace(() -> enter(file));
    }

    /// Runs a task in a new namespace that lasts no longer than it.
    ///
    /// @throws Exception what the task throws, or [HostException]
    public static <T> T run(Callable<T> task) throws Exception {
        try (HostNamespace namespace = create()) {
            return namespace.call(task);
        }
    }

    /// Runs a task in this namespace and waits for its result. Tasks of several callers queue up; a
    /// task may call this again for a part of itself.
    ///
    /// @throws Exception what the task throws; [InterruptedException] when the wait is interrupted
    public <T> T call(Callable<T> task) throws Exception {
        if (Thread.currentThread() == mainThread) {
            return task.call();
        }
        try {
            return main.submit(task).get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case Exception cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw e;
            }
        }
    }

    /// Starts a task on a thread of its own in this namespace. It must end by itself before
    /// [#close]: an interrupt does not wake a thread that waits in a system call.
    ///
    /// @return its result; [HostException] is the cause of its failure when the namespace could not
    ///     be entered
    public <T> Future<T> fork(Callable<T> task) {
        FutureTask<T> future =
                new FutureTask<>(
                        () -> {
                            enter(fd);
                            return task.call();
                        });
        Thread thread =
                threads.unstarted(
                        () -> {
                            future.run();
                            forks.remove(Thread.currentThread());
                        });
        forks.add(thread);
        thread.start();
        return future;
    }

    /// Starts a program in this namespace. [#close] ends it if it has not ended by then.
    ///
    /// @throws IOException when it cannot be started
    public Process start(ProcessBuilder program) throws IOException {
        Process process;
        try {
            process = call(program::start);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("interrupted while starting " + program.command(), e);
        }
        processes.add(process);
        return process;
    }

    /// A handle of this namespace for other programs (`nsenter --net=`), good until [#close].
    public Path path() {
        return Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/" + fd);
    }

    /// Ends the programs that [#start] started, waits for the tasks in progress and leaves the
    /// namespace. Idempotent.
    ///
    /// @throws IllegalStateException when a task does not end; all else is cleaned up nevertheless
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        processes.forEach(HostNamespace::end);
        main.shutdown();
        forks.forEach(HostNamespace::await);
        await(mainThread);
        HostSyscalls.close(fd);
        if (mainThread.isAlive() || !forks.isEmpty()) {
            throw new IllegalStateException(
                    "tasks still run in the namespace: " + mainThread + " " + forks);
        }
    }

    private static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_MS, TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static void await(Thread thread) {
        try {
            thread.join(PATIENCE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// How the main thread gets into the namespace; answers a descriptor of it.
    private interface Entry {
        int enter() throws HostException;
    }

    private static int unshare() throws HostException {
        long result = HostSyscalls.syscall(Nr.UNSHARE, CLONE_NEWNET);
        if (result < 0) {
            throw HostException.of(
                    "make a network namespace", result, HostCapabilities.SYS_ADMIN_ADVICE);
        }
        try (HostInterface loopback = HostInterface.open("lo")) {
            loopback.up();
        }
        return open(OWN);
    }

    private static int enter(Path file) throws HostException {
        int fd = open(file.toString());
        try {
            enter(fd);
            return fd;
        } catch (HostException e) {
            HostSyscalls.close(fd);
            throw e;
        }
    }

    private static void enter(int fd) throws HostException {
        long result = HostSyscalls.syscall(Nr.SETNS, fd, CLONE_NEWNET);
        if (result < 0) {
            throw HostException.of(
                    "enter a network namespace", result, HostCapabilities.SYS_ADMIN_ADVICE);
        }
    }

    private static int open(String file) throws HostException {
        return HostException.check("open " + file, HostSyscalls.open(file, O_RDONLY));
    }
}
