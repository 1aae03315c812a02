package dev.linnet.uapi;

/// What a process may use, as `getrlimit` numbers it.
///
/// Source: `include/uapi/asm-generic/resource.h`.
public final class Resource {
    public static final int RLIMIT_CPU = 0;
    public static final int RLIMIT_FSIZE = 1;
    public static final int RLIMIT_DATA = 2;
    public static final int RLIMIT_STACK = 3;
    public static final int RLIMIT_CORE = 4;
    public static final int RLIMIT_RSS = 5;
    public static final int RLIMIT_NPROC = 6;

    /// Descriptors: they are smaller than this.
    public static final int RLIMIT_NOFILE = 7;

    public static final int RLIMIT_MEMLOCK = 8;
    public static final int RLIMIT_AS = 9;
    public static final int RLIMIT_LOCKS = 10;
    public static final int RLIMIT_SIGPENDING = 11;
    public static final int RLIMIT_MSGQUEUE = 12;
    public static final int RLIMIT_NICE = 13;
    public static final int RLIMIT_RTPRIO = 14;
    public static final int RLIMIT_RTTIME = 15;

    /// How many there are.
    public static final int RLIM_NLIMITS = 16;

    /// No limit; the greatest, as limits are unsigned.
    public static final long RLIM_INFINITY = -1L;

    private Resource() {}
}
