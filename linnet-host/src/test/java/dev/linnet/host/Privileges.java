package dev.linnet.host;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/// Runs code on a thread with fewer rights than the process has. Linux keeps credentials per
/// thread; only libc's wrappers pretend otherwise.
final class Privileges {
    private static final int LINUX_CAPABILITY_VERSION_3 = 0x20080522;
    private static final int NOBODY = 65534;
    private static final long UNCHANGED = -1;

    private Privileges() {}

    /// Runs a task as root without CAP_NET_ADMIN and CAP_SYS_ADMIN.
    static <T> T callWithoutAdmin(Callable<T> task) throws Exception {
        return callOnThread(
                () -> {
                    clearCapability(12);
                    clearCapability(21);
                    return task.call();
                });
    }

    /// Runs a task as the user nobody.
    static <T> T callAsNobody(Callable<T> task) throws Exception {
        return callOnThread(
                () -> {
                    long result = HostSyscalls.syscall(Nr.SETRESUID, UNCHANGED, NOBODY, UNCHANGED);
                    HostException.check("setresuid", result);
                    return task.call();
                });
    }

    private static <T> T callOnThread(Callable<T> task) throws Exception {
        FutureTask<T> future = new FutureTask<>(task);
        Thread.ofPlatform().start(future);
        return future.get();
    }

    private static void clearCapability(int capability) throws HostException {
        try (NativeMemory memory = new NativeMemory()) {
            long header = memory.allocate(8);
            memory.putInt(header, LINUX_CAPABILITY_VERSION_3);
            long sets = memory.allocate(24);
            HostException.check("capget", HostSyscalls.syscall(Nr.CAPGET, header, sets));
            memory.putInt(sets, memory.getInt(sets) & ~(1 << capability)); // effective, low word
            HostException.check("capset", HostSyscalls.syscall(Nr.CAPSET, header, sets));
        }
    }
}
