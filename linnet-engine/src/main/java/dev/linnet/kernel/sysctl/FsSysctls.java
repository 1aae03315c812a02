package dev.linnet.kernel.sysctl;

import dev.linnet.kernel.sysctl.SysctlSpec.Scope;

/// `fs.*`: limits of descriptors, pipes and epoll.
///
/// Mirrors `fs/file_table.c`, `fs/file.c`, `fs/pipe.c` and `fs/eventpoll.c`.
public final class FsSysctls {
    static final SysctlTable TABLE = SysctlTable.of("fs.");
    private static final SysctlTable INITIAL = TABLE.in(Scope.INITIAL);

    // Shared by all namespaces of a stack and seen in the initial one only.

    /// Open files of all processes.
    public static final Sysctl.ULong FILE_MAX =
            INITIAL.ulong(
                    "file-max",
                    m -> Math.max(8192, m.memoryBytes() / 10240),
                    v -> 0,
                    v -> Long.MAX_VALUE,
                    "Open files of all processes");

    /// Upper bound of the limit of descriptors of a process.
    public static final Sysctl.UInt NR_OPEN =
            INITIAL.uint(
                    "nr_open",
                    1 << 20,
                    64,
                    0x7fff_ffc0L,
                    "Upper bound of the limit of descriptors of a process");

    /// Largest capacity of a pipe without privileges, bytes.
    public static final Sysctl.UInt PIPE_MAX_SIZE =
            INITIAL.uint(
                    "pipe-max-size",
                    Conv.PIPE_SIZE,
                    1 << 20,
                    0,
                    1L << 31,
                    "Largest capacity of a pipe without privileges, bytes");

    /// Pages of pipes that a user may not exceed; 0 is no limit.
    public static final Sysctl.ULong PIPE_USER_PAGES_HARD =
            INITIAL.ulong(
                    "pipe-user-pages-hard",
                    0,
                    "Pages of pipes that a user may not exceed; 0 is no limit");

    /// Pages of pipes of a user above which new pipes are small; 0 is no limit.
    public static final Sysctl.ULong PIPE_USER_PAGES_SOFT =
            INITIAL.ulong(
                    "pipe-user-pages-soft",
                    16384,
                    "Pages of pipes of a user above which new pipes are small; 0 is no limit");

    /// Descriptors that a user's epolls may watch.
    public static final Sysctl.ULong EPOLL_MAX_USER_WATCHES =
            INITIAL.ulong(
                    "epoll.max_user_watches",
                    m -> m.pages() / 25 * 4096 / 184,
                    v -> 0,
                    v -> Long.MAX_VALUE,
                    "Descriptors that a user's epolls may watch");

    private FsSysctls() {}
}
