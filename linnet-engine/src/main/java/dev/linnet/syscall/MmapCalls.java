package dev.linnet.syscall;

import dev.linnet.fs.File;
import dev.linnet.fs.VmArea;
import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Mman;
import org.jspecify.annotations.Nullable;

/// Mapping files into memory (`mm/mmap.c`), for both entries. Checks are in Linux's order.
public final class MmapCalls {
    static final int PAGE_SIZE = 4096;
    private static final int KNOWN_FLAGS =
            Mman.MAP_TYPE
                    | Mman.MAP_FIXED
                    | Mman.MAP_ANONYMOUS
                    | Mman.MAP_FIXED_NOREPLACE
                    | Mman.LEGACY_FLAGS;

    private MmapCalls() {}

    /// Maps a file, or zeros with `MAP_ANONYMOUS`: null and `-EINVAL`, `-EBADF`, `-ENOMEM`, `-EOVERFLOW`,
    /// `-EOPNOTSUPP`, `-EACCES`, `-ENODEV` in `err[0]`.
    @Kernel({"ksys_mmap_pgoff", "do_mmap"})
    public static @Nullable VmArea mmap(
            TaskStruct task, long length, int prot, int flags, int fd, long offset, int[] err) {
        if (offset % PAGE_SIZE != 0) {
            err[0] = -Errno.EINVAL;
            return null;
        }
        if ((flags & Mman.MAP_ANONYMOUS) != 0) {
            err[0] = checkLength(length, 0);
            int type = flags & Mman.MAP_TYPE;
            if (err[0] == 0 && type != Mman.MAP_SHARED && type != Mman.MAP_PRIVATE) {
                err[0] = -Errno.EINVAL;
            }
            return err[0] < 0 ? null : VmArea.anonymous(pages(length));
        }
        File file = task.files.get(fd);
        if (file == null) {
            err[0] = -Errno.EBADF;
            return null;
        }
        try {
            err[0] = checkFile(length, flags, offset);
            boolean shared = (flags & Mman.MAP_TYPE) != Mman.MAP_PRIVATE;
            int pages = err[0] < 0 ? 0 : pages(length);
            return err[0] < 0
                    ? null
                    : VmArea.of(file, prot, shared, offset / PAGE_SIZE, pages, err);
        } finally {
            file.put();
        }
    }

    /// The part that is the same for files and sockets: 0 or `-errno`.
    static int checkFile(long length, int flags, long offset) {
        int err = checkLength(length, offset);
        if (err < 0) {
            return err;
        }
        return switch (flags & Mman.MAP_TYPE) {
            case Mman.MAP_SHARED, Mman.MAP_PRIVATE -> 0;
            case Mman.MAP_SHARED_VALIDATE -> (flags & ~KNOWN_FLAGS) != 0 ? -Errno.EOPNOTSUPP : 0;
            default -> -Errno.EINVAL;
        };
    }

    private static int checkLength(long length, long offset) {
        if (length == 0) {
            return -Errno.EINVAL;
        }
        long whole = (length + PAGE_SIZE - 1) & -PAGE_SIZE;
        if (whole <= 0 || whole / PAGE_SIZE > Integer.MAX_VALUE) {
            return -Errno.ENOMEM;
        }
        return offset + whole < 0 && offset >= 0 ? -Errno.EOVERFLOW : 0;
    }

    static int pages(long length) {
        return (int) ((length + PAGE_SIZE - 1) / PAGE_SIZE);
    }
}
