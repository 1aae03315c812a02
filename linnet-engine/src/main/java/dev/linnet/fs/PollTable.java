package dev.linnet.fs;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.WaitQueueHead;
import dev.linnet.uapi.PollEvents;

/// Somebody who wants to hear of a file's events (`poll_table`): the files it asks add it to their
/// wait queues.
public abstract class PollTable {
    /// What a file that cannot be polled always is: ready (`DEFAULT_POLLMASK`).
    public static final int DEFAULT_MASK =
            PollEvents.POLLIN | PollEvents.POLLOUT | PollEvents.POLLRDNORM | PollEvents.POLLWRNORM;

    /// Adds an entry to a queue on which the file announces its events (`poll_wait`).
    @Kernel("poll_wait")
    public abstract void wait(File file, WaitQueueHead queue);
}
