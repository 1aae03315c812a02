package dev.linnet.oracle.target;

import dev.linnet.host.GuardedMemory;
import dev.linnet.host.HostCapabilities;
import dev.linnet.host.HostCapability;
import dev.linnet.host.HostException;
import dev.linnet.host.HostInterface;
import dev.linnet.host.HostSyscalls;
import dev.linnet.host.Nr;
import dev.linnet.oracle.memory.Memory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The kernel of this machine. Each worker is a thread of this JVM that has left the JVM's
/// descriptor table, working directory, mounts and network for its own; the kernel lets a thread do
/// that. What a worker does between two calls must therefore not touch a file: see [HostWorker].
public final class HostTarget implements Target {
    private static final long CLONE_FS = 0x200;
    private static final long CLONE_NEWNS = 0x20000;
    private static final long CLONE_NEWNET = 0x40000000;
    private static final long MS_REC_PRIVATE = 0x44000;
    private static final long MS_BIND_REC = 0x5000;
    private static final long DIRECTORY_MODE = 0755;
    private static final long CLOSE_RANGE_UNSHARE = 2;
    private static final long ALL = 0xffffffffL;
    private static final long O_WRONLY = 1;
    private static final long DEFAULT_UMASK = 0022;

    /// Address space, not memory.
    private static final long MEMORY_BYTES = 1L << 30;

    private static final int OPEN = Syscall.number("open");

    private final GuardedMemory memory;
    private final Space space;
    private final List<HostWorker> workers = new ArrayList<>();
    private final HostWorker main;

    /// @throws HostException if the kernel does not let us; [#missing] says so before
    public HostTarget() throws HostException {
        HostWorker.warmUp();
        memory = new GuardedMemory(MEMORY_BYTES);
        space = new Space(memory);
        main = new HostWorker(this::enter);
        workers.add(main);
        main.begin();
        StandardFds.open(main, space);
    }

    /// What this machine lacks to be asked, or the empty text: it must be Linux 6.18 on x86-64, and
    /// we must be allowed to make namespaces.
    public static String missing() {
        if (!System.getProperty("os.name").equals("Linux")
                || !System.getProperty("os.arch").equals("amd64")) {
            return "the host is not Linux on x86-64";
        }
        String release = System.getProperty("os.version");
        if (!release.startsWith("6.18.")) {
            return "the host's kernel is " + release + ", not 6.18";
        }
        HostCapability namespaces = HostCapabilities.namespaces();
        return namespaces.available() ? "" : namespaces.reason();
    }

    /// Runs on the first worker's thread: its own network, mounts, and descriptor table.
    private void enter() throws HostException {
        check("unshare", Nr.UNSHARE, CLONE_FS | CLONE_NEWNS | CLONE_NEWNET, 0, 0, 0, 0);
        try (HostInterface loopback = HostInterface.open("lo")) {
            loopback.up();
        }
        enterRoot();
        check("umask", Nr.UMASK, DEFAULT_UMASK, 0, 0, 0, 0);
        check("close_range", Nr.CLOSE_RANGE, 0, ALL, CLOSE_RANGE_UNSHARE, 0, 0);
    }

    /// A root directory of its own, with nothing but `/tmp` and the host's `/proc` and `/dev`: no row
    /// reaches the files of this machine.
    private void enterRoot() {
        long none = text("none");
        long tmpfs = text("tmpfs");
        check("make mounts private", Nr.MOUNT, none, text("/"), 0, MS_REC_PRIVATE, 0);
        check("mount the root", Nr.MOUNT, none, text("/tmp"), tmpfs, 0, text("mode=755"));
        for (String name : List.of("/proc", "/dev")) {
            long to = text("/tmp" + name);
            check("mkdir", Nr.MKDIR, to, DIRECTORY_MODE, 0, 0, 0);
            check("mount " + name, Nr.MOUNT, text(name), to, 0, MS_BIND_REC, 0);
        }
        check("chroot", Nr.CHROOT, text("/tmp"), 0, 0, 0, 0);
        check("chdir to the root", Nr.CHDIR, text("/"), 0, 0, 0, 0);
        check("mkdir", Nr.MKDIR, text("/tmp"), DIRECTORY_MODE, 0, 0, 0);
        check("mount /tmp", Nr.MOUNT, none, text("/tmp"), tmpfs, 0, 0);
        check("chdir", Nr.CHDIR, text("/tmp"), 0, 0, 0, 0);
    }

    private static void check(String what, int nr, long a0, long a1, long a2, long a3, long a4) {
        long result = HostSyscalls.syscall(nr, a0, a1, a2, a3, a4);
        if (result < 0) {
            throw new IllegalStateException(what + ": " + result);
        }
    }

    private long text(String text) {
        byte[] bytes = (text + "\0").getBytes(StandardCharsets.UTF_8);
        long at = memory.allocate(bytes.length);
        memory.put(at, bytes);
        return at;
    }

    @Override
    public String name() {
        return "host";
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
        HostWorker worker = ((HostWorker) parent).spawn(fork);
        workers.add(worker);
        return worker;
    }

    @Override
    public long sysctl(Worker worker, String name, String value) {
        long path = text("/proc/sys/" + name.replace('.', '/').replace('%', '.'));
        long fd = worker.call(OPEN, new long[] {path, O_WRONLY, 0, 0, 0, 0});
        if (fd < 0) {
            return fd;
        }
        long bytes = text(value);
        long n = worker.call(Nr.WRITE, new long[] {fd, bytes, value.length(), 0, 0, 0});
        worker.call(Nr.CLOSE, new long[] {fd, 0, 0, 0, 0, 0});
        return Math.min(n, 0);
    }

    @Override
    public void sleep(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        boolean ended = true;
        for (HostWorker worker : workers.reversed()) {
            ended &= worker.end();
        }
        if (ended) {
            memory.close();
        }
    }

    private record Space(GuardedMemory memory) implements Memory {
        @Override
        public long allocate(int bytes) {
            return memory.allocate(bytes);
        }

        @Override
        public void write(long address, byte[] bytes) {
            memory.put(address, bytes);
        }

        @Override
        public byte[] read(long address, int length) {
            return memory.get(address, length);
        }
    }
}
