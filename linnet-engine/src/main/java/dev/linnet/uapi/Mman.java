package dev.linnet.uapi;

/// Arguments of `mmap`.
///
/// Source: `include/uapi/asm-generic/mman-common.h`, `linux/mman.h`.
public final class Mman {
    public static final int PROT_NONE = 0;
    public static final int PROT_READ = 1;
    public static final int PROT_WRITE = 2;
    public static final int PROT_EXEC = 4;

    public static final int MAP_SHARED = 1;
    public static final int MAP_PRIVATE = 2;

    /// As MAP_SHARED, but unknown flags are an error.
    public static final int MAP_SHARED_VALIDATE = 3;

    /// The bits that say which of these it is.
    public static final int MAP_TYPE = 15;

    /// Exactly at the address that is given.
    public static final int MAP_FIXED = 0x10;

    /// Zeros instead of a file.
    public static final int MAP_ANONYMOUS = 0x20;

    /// Exactly there, unless something is there already.
    public static final int MAP_FIXED_NOREPLACE = 0x100000;

    /// Flags without an effect that old programs set (`LEGACY_MAP_MASK` beyond those above).
    public static final int LEGACY_FLAGS = 0x7f940;

    // Flags of `msync`.

    public static final int MS_ASYNC = 1;
    public static final int MS_INVALIDATE = 2;
    public static final int MS_SYNC = 4;

    private Mman() {}
}
