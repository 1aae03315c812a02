package dev.linnet.fs;

import dev.linnet.kernel.Kernel;

/// Where a process is in the tree of files (`struct fs_struct`): its root, its directory, and which
/// permissions its new files do not get.
@Kernel("fs_struct")
public final class FsStruct {
    public final MntNamespace ns;
    public volatile VfsPath root;
    public volatile VfsPath pwd;

    /// Bits that are taken from the mode of new files.
    public volatile int umask = 022;

    /// A process at the top of its host.
    public FsStruct(MntNamespace ns) {
        this.ns = ns;
        this.root = ns.root();
        this.pwd = root;
    }

    /// The same place for a child that then moves on its own (`copy_fs_struct`).
    @Kernel("copy_fs_struct")
    public FsStruct fork() {
        FsStruct child = new FsStruct(ns);
        child.root = root;
        child.pwd = pwd;
        child.umask = umask;
        return child;
    }
}
