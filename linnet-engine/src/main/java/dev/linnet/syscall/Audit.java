package dev.linnet.syscall;

import dev.linnet.hook.AuditHook;
import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.SockAddr;
import org.jspecify.annotations.Nullable;

/// What audit hears of socket calls (`kernel/auditsc.c`).
final class Audit {
    private Audit() {}

    /// A process hands an address to the kernel.
    @Kernel({"audit_sockaddr", "move_addr_to_kernel"})
    @HotPath
    static void sockaddr(TaskStruct task, @Nullable SockAddr addr) {
        if (addr != null && task.net.hooks.audit().length > 0) {
            tell(task, addr);
        }
    }

    private static void tell(TaskStruct task, SockAddr addr) {
        for (AuditHook hook : task.net.hooks.audit()) {
            hook.sockaddr(caller(task), addr);
        }
    }

    @Kernel("audit_fd_pair")
    static void fdPair(TaskStruct task, int first, int second) {
        for (AuditHook hook : task.net.hooks.audit()) {
            hook.fdPair(caller(task), first, second);
        }
    }

    @Kernel("audit_socketcall")
    static void socketcall(TaskStruct task, int call, long[] args) {
        for (AuditHook hook : task.net.hooks.audit()) {
            hook.socketcall(caller(task), call, args);
        }
    }

    private static AuditHook.Caller caller(TaskStruct task) {
        return new AuditHook.Caller(task.pid, task.uid, task.comm);
    }
}
