package dev.linnet.uapi;

/// Open flags, commands of `fcntl`, and flags of pipes and event descriptors.
///
/// Source: `include/uapi/asm-generic/fcntl.h`, values of x86-64.
public final class Fcntl {
    // File status flags.

    /// Mask of the access mode.
    public static final int O_ACCMODE = 3;

    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_CREAT = 0x40;
    public static final int O_EXCL = 0x80;
    public static final int O_NOCTTY = 0x100;
    public static final int O_TRUNC = 0x200;
    public static final int O_APPEND = 0x400;

    /// Do not wait.
    public static final int O_NONBLOCK = 0x800;

    /// Old name of O_NONBLOCK.
    public static final int O_NDELAY = 0x800;

    public static final int O_DSYNC = 0x1000;

    /// Send SIGIO when data arrives; FASYNC of the kernel.
    public static final int O_ASYNC = 0x2000;

    public static final int O_DIRECT = 0x4000;

    /// Set on every descriptor of a 64-bit system by the kernel itself.
    public static final int O_LARGEFILE = 0x8000;

    public static final int O_DIRECTORY = 0x10000;
    public static final int O_NOFOLLOW = 0x20000;
    public static final int O_NOATIME = 0x40000;

    /// Close on exec.
    public static final int O_CLOEXEC = 0x80000;

    public static final int O_SYNC = 0x101000;
    public static final int O_PATH = 0x200000;

    /// What `O_TMPFILE` has besides `O_DIRECTORY` (`__O_TMPFILE`).
    public static final int O_TMPFILE_BIT = 0x400000;

    /// A file without a name in the directory that is named.
    public static final int O_TMPFILE = O_TMPFILE_BIT | O_DIRECTORY;

    // Flags of calls that take a directory and a name.

    public static final int AT_SYMLINK_NOFOLLOW = 0x100;
    public static final int AT_REMOVEDIR = 0x200;
    public static final int AT_SYMLINK_FOLLOW = 0x400;
    public static final int AT_NO_AUTOMOUNT = 0x800;

    /// The name may be empty: the descriptor itself.
    public static final int AT_EMPTY_PATH = 0x1000;

    /// How `statx` asks a file system over a network; both at once are an error.
    public static final int AT_STATX_SYNC_TYPE = 0x6000;

    /// With the effective user, for `faccessat2`.
    public static final int AT_EACCESS = 0x200;

    // Descriptors that stand for a directory in `openat`.

    /// The process's working directory.
    public static final int AT_FDCWD = -100;

    // Commands.

    /// Lowest free descriptor from the argument on.
    public static final int F_DUPFD = 0;

    /// Flags of the descriptor.
    public static final int F_GETFD = 1;

    /// Set the flags of the descriptor.
    public static final int F_SETFD = 2;

    /// Flags of the open file.
    public static final int F_GETFL = 3;

    /// Set O_APPEND, O_ASYNC, O_DIRECT, O_NOATIME, O_NONBLOCK.
    public static final int F_SETFL = 4;

    public static final int F_GETLK = 5;
    public static final int F_SETLK = 6;
    public static final int F_SETLKW = 7;

    // Locks of an open file instead of a process.

    public static final int F_OFD_GETLK = 36;
    public static final int F_OFD_SETLK = 37;
    public static final int F_OFD_SETLKW = 38;

    /// Who gets SIGIO.
    public static final int F_SETOWN = 8;

    public static final int F_GETOWN = 9;
    public static final int F_SETSIG = 10;
    public static final int F_GETSIG = 11;
    public static final int F_SETOWN_EX = 15;
    public static final int F_GETOWN_EX = 16;

    /// Users who said where signals go.
    public static final int F_GETOWNER_UIDS = 17;

    public static final int F_SETLEASE = 1024;
    public static final int F_GETLEASE = 1025;
    public static final int F_NOTIFY = 1026;

    /// 1 if both descriptors name the same open file.
    public static final int F_DUPFD_QUERY = 1027;

    /// 1 if this open created the file.
    public static final int F_CREATED_QUERY = 1028;

    /// As F_DUPFD, with FD_CLOEXEC.
    public static final int F_DUPFD_CLOEXEC = 1030;

    /// Capacity of a pipe.
    public static final int F_SETPIPE_SZ = 1031;

    public static final int F_GETPIPE_SZ = 1032;
    public static final int F_ADD_SEALS = 1033;
    public static final int F_GET_SEALS = 1034;

    /// How long what is written is expected to live.
    public static final int F_GET_RW_HINT = 1035;

    public static final int F_SET_RW_HINT = 1036;

    // Who gets signals: the type of F_SETOWN_EX.

    public static final int F_OWNER_TID = 0;
    public static final int F_OWNER_PID = 1;
    public static final int F_OWNER_PGRP = 2;

    // Types of locks and leases.

    public static final int F_RDLCK = 0;
    public static final int F_WRLCK = 1;
    public static final int F_UNLCK = 2;

    // Flag of F_SETFD.

    public static final int FD_CLOEXEC = 1;

    // Flags of `eventfd2`.

    /// A read takes one, not all.
    public static final int EFD_SEMAPHORE = 1;

    public static final int EFD_CLOEXEC = 0x80000;
    public static final int EFD_NONBLOCK = 0x800;

    // Flags of `close_range`.

    /// End the sharing of descriptors first.
    public static final int CLOSE_RANGE_UNSHARE = 2;

    /// Mark, do not close.
    public static final int CLOSE_RANGE_CLOEXEC = 4;

    // Flags of `splice` and `tee`.

    public static final int SPLICE_F_MOVE = 1;
    public static final int SPLICE_F_NONBLOCK = 2;
    public static final int SPLICE_F_MORE = 4;
    public static final int SPLICE_F_GIFT = 8;

    private Fcntl() {}
}
