package dev.linnet.fs;

import dev.linnet.kernel.Cred;
import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.WaitQueueHead;
import dev.linnet.uapi.PollEvents;
import dev.linnet.uapi.Ucred;
import org.jspecify.annotations.Nullable;

/// The process for which a thread makes a call (`current`), as far as those below the calls may know
/// it. Every call enters its process first; what is not inside a call must not ask.
@Kernel("current")
public abstract class CurrentTask {
    /// A place per thread, so that entering the same process again is a comparison.
    private static final class Slot {
        @Nullable CurrentTask task;
    }

    /// Who waits for the end of the process (`wait_pidfd`).
    final WaitQueueHead waitPidfd = new WaitQueueHead();

    private volatile boolean exited;

    private static final ThreadLocal<Slot> SLOT = ThreadLocal.withInitial(Slot::new);

    /// The calling thread now makes a call for this process.
    @HotPath
    public final void enter() {
        Slot slot = SLOT.get();
        if (slot.task != this) {
            slot.task = this;
        }
    }

    /// The process whose call the thread is in, or null for a thread that has never made one.
    @HotPath
    public static @Nullable CurrentTask get() {
        return SLOT.get().task;
    }

    /// The credentials of that process; those of the kernel without one.
    @HotPath
    @Kernel({"current_cred", "current_fsuid", "current_fsgid"})
    public static Ucred currentUcred() {
        CurrentTask task = SLOT.get().task;
        return task == null ? Ucred.KERNEL : task.ucred();
    }

    /// Its descriptors.
    public abstract FileDescriptorTable files();

    /// Where it is in the tree of files.
    public abstract FsStruct fs();

    /// Its rights, for checks of files.
    public abstract Cred cred();

    /// How long it may make files (`RLIMIT_FSIZE`), in bytes.
    public abstract long fileSizeLimit();

    /// How long the process of this thread's call may make files.
    static long currentFileSizeLimit() {
        CurrentTask task = SLOT.get().task;
        return task == null ? Long.MAX_VALUE : task.fileSizeLimit();
    }

    /// True if the process of this thread's call has every right, as the kernel itself has.
    static boolean currentPrivileged() {
        CurrentTask task = SLOT.get().task;
        return task == null || task.cred().privileged();
    }

    /// Its process number, effective user and group; the same object until one of them changes.
    public abstract Ucred ucred();

    /// The process of that number, or null: `ESRCH` (`find_vpid`).
    public abstract @Nullable CurrentTask find(int pid);

    /// True once the process has ended.
    public final boolean exited() {
        return exited;
    }

    /// The process has ended, and all of its descriptors are closed.
    protected final void tellExit() {
        exited = true;
        waitPidfd.wakeUpAll(PollEvents.POLLIN | PollEvents.POLLRDNORM | PollEvents.POLLHUP);
    }
}
