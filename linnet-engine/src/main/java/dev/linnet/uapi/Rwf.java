package dev.linnet.uapi;

/// Flags of `preadv2` and `pwritev2`.
///
/// Source: `include/uapi/linux/fs.h`.
public final class Rwf {
    /// Ask the device for the result all the time.
    public static final int RWF_HIPRI = 1;

    /// As with `O_DSYNC`, for this call.
    public static final int RWF_DSYNC = 2;

    /// As with `O_SYNC`, for this call.
    public static final int RWF_SYNC = 4;

    /// Do not wait: `-EAGAIN`.
    public static final int RWF_NOWAIT = 8;

    /// As with `O_APPEND`, for this call.
    public static final int RWF_APPEND = 0x10;

    /// As without `O_APPEND`, for this call.
    public static final int RWF_NOAPPEND = 0x20;

    /// All or nothing.
    public static final int RWF_ATOMIC = 0x40;

    /// Do not keep the pages.
    public static final int RWF_DONTCACHE = 0x80;

    /// No `SIGPIPE`.
    public static final int RWF_NOSIGNAL = 0x100;

    /// Those that there are.
    public static final int SUPPORTED = 0x1ff;

    private Rwf() {}
}
