package dev.linnet.fs;

import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Stat;

/// Open directories (`simple_offset_dir_operations`).
public final class DirectoryOps extends FileOperations {
    public static final DirectoryOps INSTANCE = new DirectoryOps();

    private DirectoryOps() {}

    private static Inode inode(File file) {
        Inode inode = file.inode();
        if (inode == null) {
            throw new IllegalStateException("a directory without a name");
        }
        return inode;
    }

    @Override
    public long read(File file, IovIter to, long pos) {
        return -Errno.EISDIR;
    }

    @Override
    public boolean hasIter() {
        return false;
    }

    @Override
    public int fsync(File file, boolean dataOnly) {
        return 0;
    }

    @Override
    public boolean seekable() {
        return true;
    }

    @Override
    public long llseek(File file, long offset, int whence) {
        return seekWithoutEnd(file, offset, whence);
    }

    @Override
    public int iterate(File file, DirContext ctx) {
        return inode(file).iterate(file, ctx);
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
