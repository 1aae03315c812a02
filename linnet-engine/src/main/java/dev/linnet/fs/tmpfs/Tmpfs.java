package dev.linnet.fs.tmpfs;

import dev.linnet.fs.MntNamespace;
import dev.linnet.fs.SuperBlock;
import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Stat;
import dev.linnet.uapi.StatFs;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// A file system in memory (`tmpfs`, `shmem`), of limited size.
@Kernel("shmem_fill_super")
public final class Tmpfs extends SuperBlock {
    private static final long TMPFS_MAGIC = 0x01021994;
    private static final int PAGE_SIZE = 4096;

    /// Pages that all files together may have.
    private final long maxBlocks;

    private final AtomicLong usedBlocks = new AtomicLong();
    private final AtomicLong usedInodes = new AtomicLong();

    /// Every file there is, so that nothing is left when the file system goes.
    private final Set<TmpfsInode> inodes = ConcurrentHashMap.newKeySet();

    /// @param mode permissions of the top directory
    /// @param maxBytes what all files together may hold
    public Tmpfs(MntNamespace ns, int mode, long maxBytes) {
        super(ns, "tmpfs", TMPFS_MAGIC);
        this.maxBlocks = maxBytes / PAGE_SIZE;
        TmpfsInode top = new TmpfsInode(this, newIno(), Stat.S_IFDIR | mode, 0, 0, 0, "");
        added(top);
        makeRoot(top);
    }

    void added(TmpfsInode inode) {
        inodes.add(inode);
        usedInodes.incrementAndGet();
    }

    void removed(TmpfsInode inode) {
        if (inodes.remove(inode)) {
            usedInodes.decrementAndGet();
        }
    }

    int charge(int pages) {
        if (usedBlocks.addAndGet(pages) > maxBlocks) {
            usedBlocks.addAndGet(-pages);
            return -Errno.ENOSPC;
        }
        return 0;
    }

    void uncharge(int pages) {
        usedBlocks.addAndGet(-pages);
    }

    @Override
    @Kernel("shmem_statfs")
    public StatFs statfs() {
        long free = maxBlocks - usedBlocks.get();
        long freeFiles = maxBlocks - usedInodes.get();
        return new StatFs(
                magic, PAGE_SIZE, maxBlocks, free, free, maxBlocks, freeFiles, dev, 255, PAGE_SIZE,
                0);
    }

    @Override
    public void kill() {
        inodes.forEach(TmpfsInode::dropPages);
        inodes.clear();
    }
}
