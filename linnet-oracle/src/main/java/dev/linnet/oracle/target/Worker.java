package dev.linnet.oracle.target;

/// A thread of a process on a target: makes one call at a time.
public interface Worker {
    /// Makes a call and waits for its result.
    ///
    /// @param nr x86-64 number
    /// @param args six registers
    /// @throws BlockedException if it has not returned after a long time
    long call(int nr, long[] args);

    /// Begins a call and comes back when it sleeps in the kernel or has returned.
    void start(int nr, long[] args);

    /// True if the call that was started sleeps in the kernel, once all that is in progress on the
    /// target has come to rest.
    boolean blocked();

    /// Waits for the call that was started, and gives its result.
    ///
    /// @throws BlockedException if it has not returned after a long time
    long finish();

    /// Sends the worker a signal whose handler does nothing.
    void signal();

    /// Gives up all rights but those of a user.
    void becomeUser(int uid);

    /// Ends the process of a worker that was forked: its descriptors are closed.
    void exit();
}
