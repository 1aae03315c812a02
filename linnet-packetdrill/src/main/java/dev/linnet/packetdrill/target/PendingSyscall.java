package dev.linnet.packetdrill.target;

/// A system call in progress on a thread of its own.
public interface PendingSyscall {
    /// True once the call has returned.
    boolean isDone();

    /// Waits for the call to return, until the target's clock shows `deadlineUsecs`.
    ///
    /// @return whether it has
    boolean await(long deadlineUsecs);

    /// What it returned: at least 0, or `-errno`. Only once it is done.
    long result();

    /// When it returned, on the target's clock. Only once it is done.
    long endUsecs();
}
