package dev.linnet.hook;

import java.util.Arrays;

/// The programs that are attached to one host. Attaching and detaching is safe at any time from any
/// thread; calls under way may still see what was there before.
public final class Hooks {
    /// Something attached: closing it detaches it.
    @FunctionalInterface
    public interface Attachment extends AutoCloseable {
        @Override
        void close();
    }

    private volatile SecurityHooks[] security = {};
    private volatile AuditHook[] audit = {};
    private volatile CgroupHooks[] cgroup = {};
    private volatile SockOps[] sockOps = {};

    /// Adds a security module; it is asked after those that are there.
    public synchronized Attachment attach(SecurityHooks module) {
        security = with(security, module);
        return () -> detach(module);
    }

    /// Adds a listener to audit records.
    public synchronized Attachment attach(AuditHook hook) {
        audit = with(audit, hook);
        return () -> detach(hook);
    }

    /// Adds cgroup programs; they run after those that are there.
    public synchronized Attachment attach(CgroupHooks program) {
        cgroup = with(cgroup, program);
        return () -> detach(program);
    }

    /// Adds a program for TCP's events.
    public synchronized Attachment attach(SockOps program) {
        sockOps = with(sockOps, program);
        return () -> detach(program);
    }

    private synchronized void detach(Object program) {
        security = without(security, program);
        audit = without(audit, program);
        cgroup = without(cgroup, program);
        sockOps = without(sockOps, program);
    }

    private static <T> T[] with(T[] old, T added) {
        T[] now = Arrays.copyOf(old, old.length + 1);
        now[old.length] = added;
        return now;
    }

    private static <T> T[] without(T[] old, Object removed) {
        int at = Arrays.asList(old).indexOf(removed);
        if (at < 0) {
            return old;
        }
        T[] now = Arrays.copyOf(old, old.length - 1);
        System.arraycopy(old, at + 1, now, at, now.length - at);
        return now;
    }

    /// The modules in the order in which they are asked; not to be changed.
    public SecurityHooks[] security() {
        return security;
    }

    /// The audit listeners; not to be changed.
    public AuditHook[] audit() {
        return audit;
    }

    /// The cgroup programs in the order in which they run; not to be changed.
    public CgroupHooks[] cgroup() {
        return cgroup;
    }

    /// The programs for TCP's events; not to be changed.
    public SockOps[] sockOps() {
        return sockOps;
    }
}
