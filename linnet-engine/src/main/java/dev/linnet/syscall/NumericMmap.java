package dev.linnet.syscall;

import dev.linnet.fs.File;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.sock.Socket;
import dev.linnet.net.socket.SocketFileOps;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Mman;

/// `mmap` and `munmap` of sockets (`mm/mmap.c`). Where a mapping lies is not the caller's choice.
final class NumericMmap {
    private static final int PAGE_SIZE = 4096;

    private NumericMmap() {}

    /// The address: `-EINVAL` for an offset that is no page's, no length, no kind of mapping or a fixed
    /// address, `-EBADF`, `-EACCES` for what the file is not open for, `-ENODEV` for a file that cannot
    /// be mapped, `-EPERM` for more than reading a socket.
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
        if (offset % PAGE_SIZE != 0) {
            return -Errno.EINVAL;
        }
        if ((flags & Mman.MAP_ANONYMOUS) != 0) {
            return -Errno.ENODEV;
        }
        File file = task.files.get(fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        try {
            if (length == 0) {
                return -Errno.EINVAL;
            }
            long whole = (length + PAGE_SIZE - 1) & -PAGE_SIZE;
            if (whole <= 0) {
                return -Errno.ENOMEM;
            }
            int err = fileChecks(file, prot, flags);
            return err < 0 ? err : mm.sockets.map(whole);
        } finally {
            file.put();
        }
    }

    private static int fileChecks(File file, int prot, int flags) {
        int type = flags & Mman.MAP_TYPE;
        boolean shared = type == Mman.MAP_SHARED || type == Mman.MAP_SHARED_VALIDATE;
        if (!shared && type != Mman.MAP_PRIVATE || (flags & Mman.MAP_FIXED) != 0) {
            return -Errno.EINVAL;
        }
        boolean writes = shared && (prot & Mman.PROT_WRITE) != 0;
        if (writes && !file.writable() || !file.readable()) {
            return -Errno.EACCES;
        }
        Socket sock = SocketFileOps.sockFromFile(file);
        if (sock == null || !sock.ops.canMap()) {
            return -Errno.ENODEV;
        }
        return (prot & (Mman.PROT_WRITE | Mman.PROT_EXEC)) != 0 ? -Errno.EPERM : 0;
    }

    /// Takes away the mappings in a range; 0, `-EINVAL` for an address that is no page's or no length.
    @Kernel("__vm_munmap")
    static long munmap(TaskStruct task, UserSpace mm, long address, long length) {
        if (address % PAGE_SIZE != 0 || length <= 0 || !UserSpace.accessOk(address, length)) {
            return -Errno.EINVAL;
        }
        long whole = (length + PAGE_SIZE - 1) & -PAGE_SIZE;
        mm.sockets.unmap(address, whole);
        mm.unmap(address, whole);
        return 0;
    }
}
