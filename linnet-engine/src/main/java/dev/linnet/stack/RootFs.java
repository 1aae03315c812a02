package dev.linnet.stack;

import dev.linnet.fs.FsStruct;
import dev.linnet.fs.MntNamespace;
import dev.linnet.fs.Namei;
import dev.linnet.fs.Nameidata;
import dev.linnet.fs.SuperBlock;
import dev.linnet.fs.VfsPath;
import dev.linnet.fs.hostfs.HostFs;
import dev.linnet.fs.proc.ProcFs;
import dev.linnet.fs.proc.ProcNode;
import dev.linnet.fs.tmpfs.Tmpfs;
import dev.linnet.kernel.Cred;
import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Stat;
import java.io.IOException;
import java.nio.file.Path;

/// The files that every new host has: a root in memory, the usual directories, the devices of memory.
final class RootFs {
    private static final Cred ROOT = new Cred(0, 0);
    private static final int MEM_MAJOR = 1;

    private RootFs() {}

    /// Mounts the root and fills it (`init_rootfs`, `devtmpfs`).
    @Kernel({"init_rootfs", "init_mount_tree"})
    static void mount(MntNamespace ns, ProcNode.Dir proc) {
        long size = Runtime.getRuntime().maxMemory() / 2;
        ns.mountRoot(new Tmpfs(ns, 0755, size), "rootfs");
        FsStruct fs = new FsStruct(ns);
        fs.umask = 0;
        for (String dir : new String[] {"/dev", "/etc", "/home", "/mnt", "/proc", "/run", "/tmp"}) {
            require(Namei.mkdir(new Nameidata(fs, ROOT), dir, 0755), dir);
        }
        mount(fs, new Tmpfs(ns, 0755, size), "devtmpfs", "/dev");
        mount(fs, new Tmpfs(ns, 01777, size), "tmpfs", "/tmp");
        mount(fs, new ProcFs(ns, proc), "proc", "/proc");
        device(fs, "/dev/null", 3);
        device(fs, "/dev/zero", 5);
        device(fs, "/dev/full", 7);
    }

    private static void mount(FsStruct fs, SuperBlock sb, String source, String on) {
        int[] err = new int[1];
        VfsPath place = Namei.find(fs, ROOT, on, err);
        if (place != null) {
            fs.ns.mount(sb, source, place, false, err);
        }
        require(err[0], on);
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

    /// How much of files that are kept elsewhere is held in memory: a quarter of what there is.
    static long cacheBytes() {
        return Runtime.getRuntime().maxMemory() / 4;
    }

    static void mountHost(MntNamespace ns, Path directory, String at, boolean readOnly) {
        FsStruct fs = new FsStruct(ns);
        for (int slash = at.indexOf('/', 1); slash > 0; slash = at.indexOf('/', slash + 1)) {
            makeDirectory(fs, at.substring(0, slash));
        }
        makeDirectory(fs, at);
        try {
            int[] err = new int[1];
            VfsPath place = Namei.find(fs, ROOT, at, err);
            if (place != null) {
                ns.mount(new HostFs(ns, directory), directory.toString(), place, readOnly, err);
            }
            if (err[0] < 0) {
                throw new IllegalArgumentException(
                        "cannot mount on " + at + ": " + Errno.name(-err[0]));
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot mount " + directory, e);
        }
    }

    private static void makeDirectory(FsStruct fs, String name) {
        int err = Namei.mkdir(new Nameidata(fs, ROOT), name, 0755);
        if (err < 0 && err != -Errno.EEXIST) {
            throw new IllegalArgumentException("cannot make " + name + ": " + Errno.name(-err));
        }
    }

    static int umount(MntNamespace ns, String at) {
        int[] err = new int[1];
        VfsPath place = Namei.find(new FsStruct(ns), ROOT, at, err);
        return place == null ? err[0] : ns.umount(place);
    }
}
