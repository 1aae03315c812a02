package dev.linnet.fs;

import dev.linnet.kernel.Cred;
import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
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

    /// Its process number, effective user and group; the same object until one of them changes.
    public abstract Ucred ucred();

    /// Whether a process has this number (`find_vpid`).
    public abstract boolean pidExists(int pid);
}
