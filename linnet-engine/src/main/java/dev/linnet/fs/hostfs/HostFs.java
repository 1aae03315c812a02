package dev.linnet.fs.hostfs;

import dev.linnet.fs.Dentry;
import dev.linnet.fs.File;
import dev.linnet.fs.MntNamespace;
import dev.linnet.fs.Mount;
import dev.linnet.fs.Nameidata;
import dev.linnet.fs.Openat;
import dev.linnet.fs.SuperBlock;
import dev.linnet.fs.VfsPath;
import dev.linnet.kernel.Cred;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mm.PageCache;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.Stat;
import dev.linnet.uapi.StatFs;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A directory of the machine as a file system (`hostfs`).
///
/// Names are looked up on the machine one by one, and its symbolic links are never followed by the machine: a link
/// is read, and what it says is walked in the host's own tree. So nothing outside of the directory can be reached
/// through it, as long as nobody replaces its directories by links on the machine meanwhile.
///
/// What the JVM may not do gives `-EACCES` or `-EPERM`, whoever asks. New files belong to the JVM's user.
@Kernel("hostfs_fill_super")
public final class HostFs extends SuperBlock {
    private static final long HOSTFS_SUPER_MAGIC = 0x00c0ffee;
    private static final Cred ROOT = new Cred(0, 0);

    final Path directory;
    final PageCache cache;
    private final Map<Object, HostInode> inodes = new ConcurrentHashMap<>();

    /// @throws IOException if there is no such directory, or it cannot be read
    public HostFs(MntNamespace ns, Path directory) throws IOException {
        super(ns, "hostfs", HOSTFS_SUPER_MAGIC);
        this.directory = directory.toRealPath();
        this.cache = ns.cache;
        HostAttributes top = HostAttributes.of(this.directory);
        if ((top.mode() & Stat.S_IFMT) != Stat.S_IFDIR) {
            throw new IOException(directory + " is not a directory");
        }
        HostInode inode = inode(top);
        makeRoot(inode);
        inode.named(root());
    }

    /// The inode of a file, the same for all of its names.
    HostInode inode(HostAttributes attributes) {
        return inodes.compute(
                attributes.key(),
                (key, known) ->
                        known != null && known.kind() == (attributes.mode() & Stat.S_IFMT)
                                ? known
                                : new HostInode(this, attributes));
    }

    void forget(HostInode inode) {
        inodes.remove(inode.key, inode);
    }

    /// Where a name is on the machine.
    Path path(Dentry dentry) {
        return dentry.isRoot() ? directory : path(dentry.parent()).resolve(dentry.name());
    }

    @Override
    public StatFs statfs() {
        try {
            FileStore store = Files.getFileStore(directory);
            long block = 4096;
            long blocks = store.getTotalSpace() / block;
            long free = store.getUnallocatedSpace() / block;
            long avail = store.getUsableSpace() / block;
            return new StatFs(magic, block, blocks, free, avail, 0, 0, dev, 255, block, 0);
        } catch (IOException e) {
            return super.statfs();
        }
    }

    @Override
    public int sync() {
        int result = 0;
        for (HostInode inode : inodes.values()) {
            int err = inode.fsync();
            result = err < 0 ? err : result;
        }
        return result;
    }

    @Override
    public void kill() {
        inodes.values().forEach(HostInode::dropAll);
        inodes.clear();
    }

    /// Opens a file of the machine that is in no tree, for reading: null and `-ENOENT`, `-EACCES`, `-EISDIR`,
    /// `-EIO` in `err[0]`. The machine's symbolic links are followed.
    @Kernel("kern_mount")
    public static @Nullable File open(MntNamespace ns, Path file, int[] err) {
        try {
            Path real = file.toRealPath();
            Path top = real.getRoot();
            Mount mnt = ns.kernMount("hostfs:" + top, () -> new HostFs(ns, top));
            VfsPath start = new VfsPath(mnt, mnt.root);
            File opened =
                    Openat.open(
                            new Nameidata(start, ROOT),
                            "/" + top.relativize(real),
                            Fcntl.O_RDONLY,
                            0,
                            err);
            if (opened != null && opened.path != null && opened.path.dentry().isDir()) {
                opened.put();
                err[0] = -Errno.EISDIR;
                return null;
            }
            return opened;
        } catch (InvalidPathException e) {
            err[0] = -Errno.ENOENT;
        } catch (IOException e) {
            err[0] = HostErrors.errno(e);
        }
        return null;
    }
}
