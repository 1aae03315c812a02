package dev.linnet.host;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// The host's errno values in words, from its own libc.
public final class HostErrno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int EINTR = 4;
    public static final int EIO = 5;
    public static final int ENXIO = 6;
    public static final int EBADF = 9;
    public static final int EAGAIN = 11;
    public static final int EACCES = 13;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int ENODEV = 19;
    public static final int EINVAL = 22;
    public static final int ENOSYS = 38;
    public static final int EBADFD = 77;
    public static final int EMSGSIZE = 90;
    public static final int EADDRNOTAVAIL = 99;

    /// The strings that libc returns live as long as the process and are far shorter than this.
    private static final long TEXT_BYTES_MAX = 256;

    private static final FunctionDescriptor TEXT_OF_INT = FunctionDescriptor.of(ADDRESS, JAVA_INT);

    // glibc has both since 2.32; other libraries may not.
    private static final @Nullable MethodHandle NAME =
            LibC.linkIfPresent("strerrorname_np", TEXT_OF_INT);
    private static final @Nullable MethodHandle TEXT =
            LibC.linkIfPresent("strerrordesc_np", TEXT_OF_INT);

    private HostErrno() {}

    /// The name of an errno, as `EBUSY`; `errno 4711` for a number that libc does not know.
    public static String name(int errno) {
        return lookUp(NAME, errno, "errno " + errno);
    }

    /// What an errno means, as `Device or resource busy`; empty where libc cannot tell.
    public static String text(int errno) {
        return lookUp(TEXT, errno, "");
    }

    private static String lookUp(@Nullable MethodHandle function, int errno, String unknown) {
        if (function == null) {
            return unknown;
        }
        MemorySegment text;
        try {
            text = (MemorySegment) function.invokeExact(errno);
        } catch (Throwable e) {
            throw new AssertionError("libc does not throw", e);
        }
        return text.address() == 0 ? unknown : LibC.string(text, TEXT_BYTES_MAX);
    }
}
