package dev.linnet.fs;

import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Errno;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What keeps epoll instances that watch one another from running in circles, from nesting too deep and
/// from waking too many (`fs/eventpoll.c`, the part before `ep_insert`).
final class EventPollNesting {
    /// Links that a chain of instances may have.
    private static final int EP_MAX_NESTS = 4;

    /// Wake-up paths that a file may have, by the number of instances that a path goes through before
    /// the last; those that go through one alone are not counted.
    private static final int[] PATH_LIMITS = {Integer.MAX_VALUE, 500, 100, 50, 10};

    private EventPollNesting() {}

    /// May `ep` watch `file`? 0, `-ELOOP` or `-EINVAL`. The caller holds the lock of all nesting.
    static int check(EventPoll ep, File file) {
        EventPoll target = EventPollFileOps.of(file);
        if (target != null && loops(ep, target)) {
            return -Errno.ELOOP;
        }
        Set<File> leaves = Collections.newSetFromMap(new IdentityHashMap<>());
        collectLeaves(file, leaves);
        for (File leaf : leaves) {
            if (tooManyPaths(leaf, file, ep)) {
                return -Errno.EINVAL;
            }
        }
        return 0;
    }

    /// True if watching `target` from `ep` would close a circle or make a chain of more than five.
    @Kernel("ep_loop_check")
    private static boolean loops(EventPoll ep, EventPoll target) {
        int below = depthBelow(ep, target, 0);
        return below < 0 || depthAbove(ep, 0) + 1 + below > EP_MAX_NESTS;
    }

    /// Links of the longest chain from `node` down; negative if `ep` is in one.
    @Kernel("ep_loop_check_proc")
    private static int depthBelow(EventPoll ep, EventPoll node, int depth) {
        if (node == ep) {
            return -1;
        }
        int deepest = 0;
        for (EventPoll child : node.children()) {
            int below = depth >= EP_MAX_NESTS ? EP_MAX_NESTS : depthBelow(ep, child, depth + 1);
            if (below < 0) {
                return below;
            }
            deepest = Math.max(deepest, 1 + below);
        }
        return deepest;
    }

    /// Links of the longest chain up from `node`.
    @Kernel("ep_get_upwards_depth_proc")
    private static int depthAbove(EventPoll node, int depth) {
        int highest = 0;
        for (EventPoll parent : parents(node.file(), null, null)) {
            int above = depth >= EP_MAX_NESTS ? EP_MAX_NESTS : depthAbove(parent, depth + 1);
            highest = Math.max(highest, 1 + above);
        }
        return highest;
    }

    private static List<EventPoll> parents(
            File file, @Nullable File added, @Nullable EventPoll by) {
        List<EventPoll> parents = file.epolls();
        if (file == added && by != null) {
            parents.add(by);
        }
        return parents;
    }

    /// The files that are no instances, at the ends of all chains down from a file.
    private static void collectLeaves(File file, Set<File> leaves) {
        EventPoll ep = EventPollFileOps.of(file);
        if (ep == null) {
            leaves.add(file);
            return;
        }
        for (File watched : ep.watched()) {
            collectLeaves(watched, leaves);
        }
    }

    /// Would a file wake too many when `ep` watches `added` as well?
    @Kernel("reverse_path_check")
    private static boolean tooManyPaths(File leaf, File added, EventPoll ep) {
        return !countPaths(leaf, added, ep, 0, new int[PATH_LIMITS.length]);
    }

    @Kernel("reverse_path_check_proc")
    private static boolean countPaths(
            File file, File added, EventPoll ep, int depth, int[] counts) {
        if (depth > EP_MAX_NESTS) {
            return false;
        }
        for (EventPoll parent : parents(file, added, ep)) {
            boolean top = !parent.file().isWatched();
            boolean fits =
                    top
                            ? ++counts[depth] <= PATH_LIMITS[depth]
                            : countPaths(parent.file(), added, ep, depth + 1, counts);
            if (!fits) {
                return false;
            }
        }
        return true;
    }
}
