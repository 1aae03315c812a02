package dev.linnet.fs;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mm.PageCache;
import dev.linnet.kernel.mm.PagePool;
import dev.linnet.kernel.sched.Scheduler;
import dev.linnet.uapi.Errno;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// The mounts of a host (`struct mnt_namespace`): which file system stands where.
@Kernel("mnt_namespace")
public final class MntNamespace {
    public final Scheduler scheduler;
    public final PagePool pool;

    /// Pages of files that are kept elsewhere.
    public final PageCache cache;

    private final List<Mount> mounts = new CopyOnWriteArrayList<>();
    private int minors = 25; // the first ones belong to file systems that no host here has
    private int ids = 20;

    /// Mounts that are in no tree, by what they are of.
    private final Map<String, Mount> hidden = new HashMap<>();

    /// @param pool where pages of files come from
    /// @param cacheBytes how much of the files that are kept elsewhere may be in memory
    public MntNamespace(Scheduler scheduler, PagePool pool, long cacheBytes) {
        this.scheduler = scheduler;
        this.pool = pool;
        this.cache = new PageCache(scheduler, cacheBytes);
    }

    /// Makes a file system.
    @FunctionalInterface
    public interface Maker {
        SuperBlock make() throws IOException;
    }

    /// A mount that is in no tree, made when it is first asked for (`kern_mount`).
    @Kernel("kern_mount")
    public synchronized Mount kernMount(String of, Maker maker) throws IOException {
        Mount known = hidden.get(of);
        if (known == null) {
            known = new Mount(maker.make(), of, ids++, true);
            hidden.put(of, known);
        }
        return known;
    }

    synchronized int newMinor() {
        return minors++;
    }

    /// The mounts in the order in which they were made; the first is the root.
    public List<Mount> mounts() {
        return List.copyOf(mounts);
    }

    /// The top of the whole tree.
    ///
    /// @throws IllegalStateException before the first mount
    public VfsPath root() {
        if (mounts.isEmpty()) {
            throw new IllegalStateException("nothing is mounted");
        }
        Mount first = mounts.getFirst();
        return new VfsPath(first, first.root);
    }

    /// Mounts the root.
    public synchronized Mount mountRoot(SuperBlock sb, String source) {
        Mount mount = new Mount(sb, source, ids++, false);
        mounts.add(mount);
        return mount;
    }

    /// Mounts a file system on a directory; null and `-ENOTDIR` in `err[0]` if it is none
    /// (`do_new_mount`).
    @Kernel({"do_new_mount", "graft_tree"})
    public synchronized @Nullable Mount mount(
            SuperBlock sb, String source, VfsPath on, boolean readOnly, int[] err) {
        if (!on.dentry().isDir()) {
            err[0] = -Errno.ENOTDIR;
            return null;
        }
        if (on.dentry().unlinked()) {
            err[0] = -Errno.ENOENT;
            return null;
        }
        Mount mount = new Mount(sb, source, ids++, readOnly);
        mount.attach(on.mnt(), on.dentry());
        mounts.add(mount);
        return mount;
    }

    /// Takes a mount away: 0, `-EINVAL` unless the place is the top of a mount, `-EBUSY` if others
    /// stand in it or files are open (`do_umount`).
    @Kernel("do_umount")
    public int umount(VfsPath at) {
        Mount mount = at.mnt();
        synchronized (this) {
            if (at.dentry() != mount.root || !mounts.contains(mount)) {
                return -Errno.EINVAL;
            }
            if (mount.parent() == null
                    || mount.users.get() > 0
                    || mounts.stream().anyMatch(m -> m.parent() == mount)) {
                return -Errno.EBUSY;
            }
            mount.detach();
            mounts.remove(mount);
        }
        mount.sb.sync();
        mount.sb.kill();
        return 0;
    }

    /// Ends every file system.
    public void close() {
        for (Mount mount : mounts.reversed()) {
            mount.sb.sync();
            mount.sb.kill();
        }
        mounts.clear();
        hidden.values().forEach(mount -> mount.sb.kill());
        hidden.clear();
        cache.close();
    }
}
