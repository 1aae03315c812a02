package dev.linnet.fs;

import dev.linnet.kernel.Kernel;
import org.jspecify.annotations.Nullable;

/// A place that a name leads to: a dentry, and through which mount it was reached (`struct path`).
@Kernel("path")
public record VfsPath(Mount mnt, Dentry dentry) {
    public Inode inode() {
        return dentry.file();
    }

    /// The name as seen from a root, or null if the place cannot be reached from there
    /// (`prepend_path`).
    @Kernel({"prepend_path", "d_absolute_path"})
    public @Nullable String nameFrom(VfsPath root) {
        StringBuilder name = new StringBuilder();
        Mount m = mnt;
        Dentry at = dentry;
        while (!(m == root.mnt && at == root.dentry)) {
            if (at != m.root) {
                name.insert(0, at.name()).insert(0, '/');
                at = at.parent();
                continue;
            }
            Mount above = m.parent();
            if (above == null) {
                return null;
            }
            at = m.mountpoint();
            m = above;
        }
        return name.isEmpty() ? "/" : name.toString();
    }

    /// The name as `/proc` shows it (`d_path`).
    @Kernel("d_path")
    public String display(VfsPath root) {
        String name = nameFrom(root);
        String shown = name == null ? "(unreachable)" + nameFrom(mnt.top()) : name;
        return dentry.unlinked() ? shown + " (deleted)" : shown;
    }
}
