package dev.linnet.stack;

import dev.linnet.fs.FsStruct;
import dev.linnet.fs.MntNamespace;
import dev.linnet.fs.Namei;
import dev.linnet.fs.Nameidata;
import dev.linnet.fs.tmpfs.Tmpfs;
import dev.linnet.kernel.Cred;
import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Stat;

/// The files that every new host has: a root in memory, the usual directories, the devices of memory.
final class RootFs {
    private static final Cred ROOT = new Cred(0, 0);
    private static final int MEM_MAJOR = 1;

    private RootFs() {}

    /// Mounts the root and fills it (`init_rootfs`, `devtmpfs`).
    @Kernel({"init_rootfs", "init_mount_tree"})
    static void mount(MntNamespace ns) {
        long size = Runtime.getRuntime().maxMemory() / 2;
        ns.mountRoot(new Tmpfs(ns, 0755, size), "rootfs");
        FsStruct fs = new FsStruct(ns);
        fs.umask = 0;
        for (String dir : new String[] {"/dev", "/etc", "/home", "/mnt", "/proc", "/run"}) {
            require(Namei.mkdir(new Nameidata(fs, ROOT), dir, 0755), dir);
        }
        require(Namei.mkdir(new Nameidata(fs, ROOT), "/tmp", 01777), "/tmp");
        device(fs, "/dev/null", 3);
        device(fs, "/dev/zero", 5);
        device(fs, "/dev/full", 7);
    }

    private static void device(FsStruct fs, String name, int minor) {
        long rdev = Stat.makedev(MEM_MAJOR, minor);
        require(Namei.mknod(new Nameidata(fs, ROOT), name, Stat.S_IFCHR | 0666, rdev), name);
    }

    private static void require(int err, String name) {
        if (err < 0) {
            throw new IllegalStateException("cannot make " + name + ": " + Errno.name(-err));
        }
    }
}
