package dev.linnet.syscall;

import static dev.linnet.uapi.Resource.RLIM_INFINITY;
import static dev.linnet.uapi.Resource.RLIM_NLIMITS;

import dev.linnet.fs.FileDescriptorTable;
import dev.linnet.fs.FilesStat;
import dev.linnet.uapi.RLimit;
import dev.linnet.uapi.Resource;
import java.util.Arrays;

/// The limits of one process (`signal_struct.rlim`). Those of descriptors and of
/// the size of files have an effect, the others are kept. Thread-safe.
public final class Rlimits {
    /// Descriptors at first (D-008).
    private static final int NOFILE = 1 << 20;

    private static final RLimit NONE = new RLimit(RLIM_INFINITY, RLIM_INFINITY);
    private final RLimit[] limits = new RLimit[RLIM_NLIMITS];

    Rlimits() {
        Arrays.fill(limits, NONE);
        limits[Resource.RLIMIT_STACK] = new RLimit(8 << 20, RLIM_INFINITY);
        limits[Resource.RLIMIT_CORE] = new RLimit(0, RLIM_INFINITY);
        limits[Resource.RLIMIT_NOFILE] = new RLimit(NOFILE, NOFILE);
        limits[Resource.RLIMIT_MEMLOCK] = new RLimit(8 << 20, 8 << 20);
        limits[Resource.RLIMIT_MSGQUEUE] = new RLimit(819200, 819200);
        limits[Resource.RLIMIT_NICE] = new RLimit(0, 0);
        limits[Resource.RLIMIT_RTPRIO] = new RLimit(0, 0);
    }

    static FileDescriptorTable newTable(FilesStat stat) {
        return new FileDescriptorTable(stat, NOFILE);
    }

    synchronized Rlimits copy() {
        Rlimits copy = new Rlimits();
        System.arraycopy(limits, 0, copy.limits, 0, limits.length);
        return copy;
    }

    /// A limit of [Resource].
    public synchronized RLimit get(int resource) {
        return limits[resource];
    }

    synchronized void set(int resource, RLimit limit) {
        limits[resource] = limit;
    }
}
