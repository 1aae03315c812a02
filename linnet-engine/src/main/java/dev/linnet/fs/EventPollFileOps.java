package dev.linnet.fs;

import dev.linnet.kernel.Kernel;
import org.jspecify.annotations.Nullable;

/// An epoll instance as a file (`eventpoll_fops`).
public final class EventPollFileOps extends FileOperations {
    public static final EventPollFileOps INSTANCE = new EventPollFileOps();

    private static final int MAX_NESTS = 4;

    private EventPollFileOps() {}

    /// The instance behind a file, or null: `EINVAL` (`is_file_epoll`).
    @Kernel("is_file_epoll")
    public static @Nullable EventPoll of(File file) {
        return file.ops == INSTANCE ? (EventPoll) file.privateData : null;
    }

    /// True if watching `target` from `ep` would close a circle or nest deeper than five instances
    /// (`ep_loop_check`).
    @Kernel("ep_loop_check")
    public static boolean loops(EventPoll ep, EventPoll target) {
        return target == ep || depthTo(ep, target, 0) > MAX_NESTS;
    }

    /// Depth of the nesting below `node`, or more than the limit if `ep` is in it.
    private static int depthTo(EventPoll ep, EventPoll node, int depth) {
        if (node == ep || depth > MAX_NESTS) {
            return MAX_NESTS + 1;
        }
        int deepest = depth;
        for (EventPoll child : node.children()) {
            deepest = Math.max(deepest, depthTo(ep, child, depth + 1));
        }
        return deepest;
    }

    @Override
    public boolean canPoll() {
        return true;
    }

    @Override
    public int poll(File file, @Nullable PollTable table) {
        return ((EventPoll) file.privateData).poll(file, table);
    }

    @Override
    public void showFdinfo(File file, StringBuilder out) {
        ((EventPoll) file.privateData).showFdinfo(out);
    }

    @Override
    public void release(File file) {
        ((EventPoll) file.privateData).free();
    }
}
