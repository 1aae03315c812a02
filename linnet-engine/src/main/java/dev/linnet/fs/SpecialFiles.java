package dev.linnet.fs;

import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.Stat;
import org.jspecify.annotations.Nullable;

/// What opening a file of some kind gives (`init_special_inode`, `chrdev_open`).
@Kernel("init_special_inode")
final class SpecialFiles {
    private static final int MEM_MAJOR = 1;

    private SpecialFiles() {}

    static @Nullable File open(Inode inode, VfsPath path, int flags, int[] err) {
        switch (inode.kind()) {
            case Stat.S_IFREG -> {
                return file(RegularFileOps.INSTANCE, inode, path, flags);
            }
            case Stat.S_IFDIR -> {
                inode.use();
                return new File(DirectoryOps.INSTANCE, inode.openDirectory(path), flags, path);
            }
            case Stat.S_IFIFO -> {
                return FifoFileOps.open(inode, path, flags, err);
            }
            case Stat.S_IFCHR -> {
                MemDevice device = device(inode.rdev);
                if (device == null) {
                    err[0] = -Errno.ENXIO;
                    return null;
                }
                if ((flags & Fcntl.O_DIRECT) != 0) {
                    err[0] = -Errno.EINVAL;
                    return null;
                }
                return file(device, inode, path, flags);
            }
            default -> {
                err[0] = -Errno.ENXIO;
                return null;
            }
        }
    }

    static File file(FileOperations ops, Inode inode, VfsPath path, int flags) {
        inode.use();
        return new File(ops, inode, flags, path);
    }

    private static @Nullable MemDevice device(long rdev) {
        return Stat.major(rdev) == MEM_MAJOR ? MemDevice.of(Stat.minor(rdev)) : null;
    }
}
