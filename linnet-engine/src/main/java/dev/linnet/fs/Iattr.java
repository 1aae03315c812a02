package dev.linnet.fs;

import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Stat;

/// Attributes to change (`struct iattr`): those whose flag is set.
@Kernel("iattr")
public final class Iattr {
    public boolean hasMode;
    public boolean hasUid;
    public boolean hasGid;
    public boolean hasSize;
    public boolean hasAtime;
    public boolean hasMtime;
    public int mode;
    public int uid;
    public int gid;
    public long size;
    public long atime;
    public long mtime;

    /// Changes everything but the size, and the time of change.
    void copyTo(Inode inode) {
        if (hasMode) {
            inode.mode = inode.mode & Stat.S_IFMT | mode & Stat.S_IALLUGO;
        }
        if (hasUid) {
            inode.uid = uid;
        }
        if (hasGid) {
            inode.gid = gid;
        }
        if (hasAtime) {
            inode.atime = atime;
        }
        if (hasMtime) {
            inode.mtime = mtime;
        }
        inode.ctime = inode.sb.now();
    }
}
