package dev.linnet.net.core.sock;

import dev.linnet.fs.IovIter;
import dev.linnet.kernel.mm.Page;
import org.jspecify.annotations.Nullable;

/// The memory of the process as a socket sees it that maps received pages there (`current->mm`).
public abstract class UserMapping {
    private static final ThreadLocal<@Nullable UserMapping> CURRENT = new ThreadLocal<>();

    /// The memory of the calling process, or null if the call came without one.
    public static @Nullable UserMapping current() {
        return CURRENT.get();
    }

    /// Says whose memory it is for the calls that follow on this thread; null ends it.
    public static void use(@Nullable UserMapping mapping) {
        if (mapping == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(mapping);
        }
    }

    /// Bytes from an address to the end of the mapping of a TCP socket that has it; 0 if there is none
    /// (`find_tcp_vma`).
    public abstract long socketArea(long address);

    /// Takes away the pages that are mapped in a range.
    public abstract void zap(long address, long length);

    /// Maps 4 KB of a page at an address, with a reference of its own (`vm_insert_page`).
    public abstract void insert(long address, Page page, int offset);

    /// Memory of the process to copy to, as far as it is good.
    public abstract IovIter buffer(long address, int length);
}
