package dev.linnet.fs;

import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Errno;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A file system in its place in the tree (`struct vfsmount`, `struct mount`). Changed by
/// [MntNamespace] only.
@Kernel({"vfsmount", "mount"})
public final class Mount {
    public final SuperBlock sb;

    /// The directory of the file system that is seen here.
    public final Dentry root;

    /// As `/proc/self/mountinfo` shows it.
    public final int id;

    /// What was mounted, as `/proc/mounts` shows it in the first column.
    public final String source;

    /// No change through this mount (`MNT_READONLY`).
    public volatile boolean readOnly;

    /// Open files that were reached through it.
    final AtomicInteger users = new AtomicInteger();

    private volatile @Nullable Mount parent;
    private volatile @Nullable Dentry mountpoint;

    Mount(SuperBlock sb, String source, int id, boolean readOnly) {
        this.sb = sb;
        this.root = sb.root();
        this.source = source;
        this.id = id;
        this.readOnly = readOnly;
    }

    void attach(Mount at, Dentry point) {
        parent = at;
        mountpoint = point;
        point.mounted = this;
    }

    void detach() {
        Dentry point = mountpoint();
        if (point.mounted == this) {
            point.mounted = null;
        }
        parent = null;
    }

    /// The mount that this one stands in, or null.
    public @Nullable Mount parent() {
        return parent;
    }

    /// The directory that this mount covers.
    public Dentry mountpoint() {
        Dentry point = mountpoint;
        if (point == null) {
            throw new IllegalStateException("the root is mounted on nothing");
        }
        return point;
    }

    VfsPath top() {
        Mount m = this;
        for (Mount above = parent; above != null; above = m.parent) {
            m = above;
        }
        return new VfsPath(m, m.root);
    }

    /// What changes answer: 0, or `-EROFS` (`mnt_want_write`).
    @Kernel("mnt_want_write")
    public int wantWrite() {
        return readOnly ? -Errno.EROFS : sb.wantWrite();
    }
}
