package dev.linnet.fs;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.mm.AddressSpace;
import dev.linnet.kernel.mm.PageFrag;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Ioctl;
import dev.linnet.uapi.Stat;

/// Regular files whose content is in the page cache (`generic_ro_fops`, `shmem_file_operations`).
public final class RegularFileOps extends FileOperations {
    public static final RegularFileOps INSTANCE = new RegularFileOps();

    private static final int SEEK_END = 2;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;

    private RegularFileOps() {}

    private static Inode inode(File file) {
        return (Inode) file.privateData;
    }

    private static AddressSpace mapping(File file) {
        AddressSpace mapping = inode(file).mapping();
        if (mapping == null) {
            throw new IllegalStateException("a regular file without pages");
        }
        return mapping;
    }

    @Override
    @HotPath
    public long read(File file, IovIter to, long pos) {
        return Filemap.read(file, inode(file), mapping(file), to, pos);
    }

    @Override
    public long write(File file, IovIter from, long pos) {
        return Filemap.write(file, inode(file), mapping(file), from, pos);
    }

    @Override
    public boolean canNowait() {
        return false;
    }

    @Override
    public int fsync(File file, boolean dataOnly) {
        return inode(file).fsync();
    }

    @Override
    public boolean seekable() {
        return true;
    }

    /// `FIONREAD`: what is left from the position on.
    @Override
    public int ioctl(File file, int cmd, byte[] arg) {
        if (cmd != Ioctl.FIONREAD) {
            return -Errno.ENOIOCTLCMD;
        }
        if (arg.length < Integer.BYTES) {
            return -Errno.EFAULT;
        }
        Abi.putInt(arg, 0, (int) (inode(file).size - file.pos));
        return 0;
    }

    @Override
    public long llseek(File file, long offset, int whence) {
        Inode inode = inode(file);
        long to =
                switch (whence) {
                    case SEEK_SET -> offset;
                    case SEEK_CUR -> file.pos + offset;
                    case SEEK_END -> inode.size + offset;
                    case SEEK_DATA, SEEK_HOLE -> seekHoleData(file, offset, whence == SEEK_DATA);
                    default -> -Errno.EINVAL;
                };
        if (to < 0) {
            return whence == SEEK_HOLE || whence == SEEK_DATA ? to : -Errno.EINVAL;
        }
        file.pos = to;
        return to;
    }

    private static long seekHoleData(File file, long offset, boolean data) {
        Inode inode = inode(file);
        AddressSpace mapping = mapping(file);
        long size = inode.size;
        if (offset < 0 || offset >= size) {
            return -Errno.ENXIO;
        }
        if (!mapping.ops().holes()) {
            return data ? offset : size;
        }
        long index = offset >> AddressSpace.PAGE_SHIFT;
        long found = data ? mapping.nextData(index) : mapping.nextHole(index);
        if (found == index) {
            return offset;
        }
        long at = found == Long.MAX_VALUE ? size : found << AddressSpace.PAGE_SHIFT;
        if (at >= size) {
            return data ? -Errno.ENXIO : size;
        }
        return at;
    }

    @Override
    public PageReader pageReader(File file) {
        Inode inode = inode(file);
        AddressSpace mapping = mapping(file);
        return new PageReader() {
            @Override
            public int read(long pos, int max, PageFrag out) {
                return Filemap.page(file, inode, mapping, pos, max, out);
            }
        };
    }

    @Override
    public Stat stat(File file) {
        return inode(file).getattr();
    }

    @Override
    public void release(File file) {
        inode(file).unuse();
    }
}
