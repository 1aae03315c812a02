package dev.linnet.fs;

import dev.linnet.uapi.Stat;

/// Files opened with `O_PATH`: a place, with which nothing can be done but `stat` and going on from it.
final class PathFileOps extends FileOperations {
    static final PathFileOps INSTANCE = new PathFileOps();

    private PathFileOps() {}

    @Override
    public Stat stat(File file) {
        return ((Inode) file.privateData).getattr();
    }

    @Override
    public void release(File file) {
        ((Inode) file.privateData).unuse();
    }
}
