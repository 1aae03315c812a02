package dev.linnet.syscall;

import dev.linnet.fs.File;
import dev.linnet.fs.VmArea;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.sock.Socket;
import dev.linnet.net.socket.SocketFileOps;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Mman;

/// `mmap` and its kin by number, for files and sockets (`mm/mmap.c`, `mm/msync.c`). An address that is only a wish
/// is not heeded.
final class NumericMmap {
    private static final int PAGE_SIZE = 4096;
    private static final int PROT_ALL = Mman.PROT_READ | Mman.PROT_WRITE | Mman.PROT_EXEC;

    private NumericMmap() {}

    /// The address: errors as [MmapCalls#mmap], and those of sockets: `-EPERM` for more than reading one.
    @Kernel({"ksys_mmap_pgoff", "do_mmap"})
    static long mmap(
            TaskStruct task,
            UserSpace mm,
            long address,
            long length,
            int prot,
            int flags,
            int fd,
            long offset) {
        if (offset % PAGE_SIZE == 0 && (flags & Mman.MAP_ANONYMOUS) == 0) {
            File file = task.files.get(fd);
            if (file == null) {
                return -Errno.EBADF;
            }
            try {
                if (SocketFileOps.sockFromFile(file) != null) {
                    return socket(mm, file, length, prot, flags, offset);
                }
            } finally {
                file.put();
            }
        }
        int[] err = new int[1];
        VmArea area = MmapCalls.mmap(task, length, prot, flags, fd, offset, err);
        if (area == null) {
            return err[0];
        }
        long at = place(mm, address, area, flags);
        if (at < 0) {
            area.unmap(0, area.pages());
        } else {
            mm.vmas.insert(at, area, prot & PROT_ALL);
        }
        return at;
    }

    /// Where a mapping goes: where it must, with `MAP_FIXED`, else where the process has room. `-EINVAL` for an
    /// address that is no page's, `-ENOMEM` for one outside of what a process has, `-EEXIST`.
    @Kernel("__get_unmapped_area")
    private static long place(UserSpace mm, long address, VmArea area, int flags) {
        long length = (long) area.pages() * PAGE_SIZE;
        boolean keep = (flags & Mman.MAP_FIXED_NOREPLACE) != 0;
        if ((flags & Mman.MAP_FIXED) == 0 && !keep) {
            return mm.reserve(length);
        }
        if (address % PAGE_SIZE != 0) {
            return -Errno.EINVAL;
        }
        if (!UserSpace.accessOk(address, length)) {
            return -Errno.ENOMEM;
        }
        if (keep && !mm.isFree(address, length)) {
            return -Errno.EEXIST;
        }
        munmapRange(mm, address, length);
        return address;
    }

    private static long socket(
            UserSpace mm, File file, long length, int prot, int flags, long offset) {
        int err = MmapCalls.checkFile(length, flags, offset);
        if (err < 0) {
            return err;
        }
        if ((flags & Mman.MAP_FIXED) != 0) {
            return -Errno.EINVAL;
        }
        boolean shared = (flags & Mman.MAP_TYPE) != Mman.MAP_PRIVATE;
        boolean writes = shared && (prot & Mman.PROT_WRITE) != 0;
        if (writes && !file.writable() || !file.readable()) {
            return -Errno.EACCES;
        }
        Socket sock = SocketFileOps.sockFromFile(file);
        if (sock == null || !sock.ops.canMap()) {
            return -Errno.ENODEV;
        }
        return (prot & (Mman.PROT_WRITE | Mman.PROT_EXEC)) != 0
                ? -Errno.EPERM
                : mm.sockets.map((length + PAGE_SIZE - 1) & -PAGE_SIZE);
    }

    /// Takes away the mappings in a range; 0, `-EINVAL` for an address that is no page's or no length.
    @Kernel("__vm_munmap")
    static long munmap(TaskStruct task, UserSpace mm, long address, long length) {
        if (address % PAGE_SIZE != 0 || length <= 0 || !UserSpace.accessOk(address, length)) {
            return -Errno.EINVAL;
        }
        long whole = (length + PAGE_SIZE - 1) & -PAGE_SIZE;
        munmapRange(mm, address, whole);
        return 0;
    }

    private static void munmapRange(UserSpace mm, long address, long length) {
        mm.sockets.unmap(address, length);
        mm.unmap(address, length);
        mm.vmas.unmap(address, address + length);
    }

    /// `msync`: `-EINVAL` for an address that is no page's or unknown flags, `-ENOMEM` if something in the range
    /// is not mapped, `-EIO`.
    @Kernel("msync")
    static long msync(TaskStruct task, UserSpace mm, long address, long length, int flags) {
        int both = Mman.MS_ASYNC | Mman.MS_SYNC;
        if ((flags & ~(both | Mman.MS_INVALIDATE)) != 0
                || address % PAGE_SIZE != 0
                || (flags & both) == both) {
            return -Errno.EINVAL;
        }
        long end = address + ((length + PAGE_SIZE - 1) & -PAGE_SIZE);
        if (end < address) {
            return -Errno.ENOMEM;
        }
        return end == address ? 0 : mm.vmas.sync(address, end);
    }

    /// `mprotect` of mapped files: `-EINVAL` for an address that is no page's, `-ENOMEM` if something in the
    /// range is not mapped.
    @Kernel("do_mprotect_pkey")
    static long mprotect(TaskStruct task, UserSpace mm, long address, long length, int prot) {
        if (address % PAGE_SIZE != 0 || (prot & ~PROT_ALL) != 0) {
            return -Errno.EINVAL;
        }
        long end = address + ((length + PAGE_SIZE - 1) & -PAGE_SIZE);
        if (length == 0) {
            return 0;
        }
        return end <= address ? -Errno.ENOMEM : mm.vmas.protect(address, end, prot);
    }
}
