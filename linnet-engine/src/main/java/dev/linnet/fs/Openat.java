package dev.linnet.fs;

import dev.linnet.fs.Nameidata.LastType;
import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.Stat;
import org.jspecify.annotations.Nullable;

/// Opening a file by its name (`path_openat` in `fs/namei.c`, `build_open_flags` in `fs/open.c`).
public final class Openat {
    /// All that `open` looks at; it ignores the rest (`VALID_OPEN_FLAGS`).
    private static final int VALID =
            Fcntl.O_ACCMODE
                    | Fcntl.O_CREAT
                    | Fcntl.O_EXCL
                    | Fcntl.O_NOCTTY
                    | Fcntl.O_TRUNC
                    | Fcntl.O_APPEND
                    | Fcntl.O_NONBLOCK
                    | Fcntl.O_SYNC
                    | Fcntl.O_ASYNC
                    | Fcntl.O_DIRECT
                    | Fcntl.O_LARGEFILE
                    | Fcntl.O_DIRECTORY
                    | Fcntl.O_NOFOLLOW
                    | Fcntl.O_NOATIME
                    | Fcntl.O_CLOEXEC
                    | Fcntl.O_PATH
                    | Fcntl.O_TMPFILE_BIT;

    private static final int PATH_FLAGS =
            Fcntl.O_DIRECTORY | Fcntl.O_NOFOLLOW | Fcntl.O_PATH | Fcntl.O_CLOEXEC;

    private static final int RESOLVE_SCOPES = 0x18;
    private static final int RESOLVE_CACHED = 0x20;
    private static final int RESOLVE_VALID = 0x3f;

    private final Nameidata nd;
    private final int flags;
    private final int mode;
    private final int lookupFlags;
    private final int[] err;
    private boolean created;

    private Openat(Nameidata nd, int flags, int mode, int lookupFlags, int[] err) {
        this.nd = nd;
        this.flags = flags;
        this.mode = mode;
        this.lookupFlags = lookupFlags;
        this.err = err;
    }

    /// Opens or creates: null and `-errno` in `err[0]`, with the flags that `open` and `openat` take.
    @Kernel({"do_sys_openat2", "do_filp_open", "path_openat"})
    public static @Nullable File open(
            Nameidata nd, String name, int givenFlags, int givenMode, int[] err) {
        int flags = givenFlags & VALID;
        if ((flags & Fcntl.O_PATH) != 0) {
            flags &= PATH_FLAGS;
        } else {
            flags |= Fcntl.O_LARGEFILE;
        }
        boolean makes = (flags & (Fcntl.O_CREAT | Fcntl.O_TMPFILE_BIT)) != 0;
        int mode = makes ? givenMode & Stat.S_IALLUGO : 0;
        err[0] = check(flags);
        return err[0] < 0 ? null : open(nd, name, flags, mode, 0, err);
    }

    /// What `openat2` refuses that `openat` does not know: 0 or `-EINVAL`, `-EAGAIN` for making something
    /// with `RESOLVE_CACHED`.
    @Kernel("build_open_flags")
    public static int checkHow(long flags, long mode, long resolve) {
        if ((flags & ~(VALID & 0xffffffffL)) != 0 || (resolve & ~RESOLVE_VALID) != 0) {
            return -Errno.EINVAL;
        }
        if ((resolve & RESOLVE_SCOPES) == RESOLVE_SCOPES) {
            return -Errno.EINVAL;
        }
        int makes = Fcntl.O_CREAT | Fcntl.O_TMPFILE_BIT;
        boolean withMode = (flags & makes) != 0;
        if (withMode ? (mode & ~Stat.S_IALLUGO) != 0 : mode != 0) {
            return -Errno.EINVAL;
        }
        if ((flags & Fcntl.O_PATH) != 0 && (flags & ~PATH_FLAGS) != 0) {
            return -Errno.EINVAL;
        }
        int err = check((int) flags);
        boolean cached = (resolve & RESOLVE_CACHED) != 0;
        return err == 0 && cached && (flags & (makes | Fcntl.O_TRUNC)) != 0 ? -Errno.EAGAIN : err;
    }

    private static int check(int flags) {
        int makeDirectory = Fcntl.O_DIRECTORY | Fcntl.O_CREAT;
        if ((flags & makeDirectory) == makeDirectory) {
            return -Errno.EINVAL;
        }
        if ((flags & Fcntl.O_TMPFILE_BIT) != 0) {
            boolean writes = (flags & Fcntl.O_ACCMODE) != 0;
            return (flags & Fcntl.O_DIRECTORY) == 0 || !writes ? -Errno.EINVAL : 0;
        }
        return 0;
    }

    /// The same with `RESOLVE_*` of `openat2`; the flags are checked.
    public static @Nullable File open(
            Nameidata nd, String name, int flags, int mode, long resolve, int[] err) {
        int lookup = Nameidata.resolveFlags(resolve);
        lookup |= (flags & Fcntl.O_DIRECTORY) != 0 ? Nameidata.LOOKUP_DIRECTORY : 0;
        boolean exclusive = (flags & Fcntl.O_CREAT) != 0 && (flags & Fcntl.O_EXCL) != 0;
        if ((flags & Fcntl.O_NOFOLLOW) == 0 && !exclusive) {
            lookup |= Nameidata.LOOKUP_FOLLOW;
        }
        Openat open = new Openat(nd, flags, mode, lookup, err);
        if ((flags & Fcntl.O_TMPFILE_BIT) != 0) {
            return open.tmpfile(name);
        }
        if ((flags & Fcntl.O_PATH) != 0) {
            return open.place(name);
        }
        err[0] = (flags & Fcntl.O_CREAT) != 0 ? open.walkToCreate(name) : nd.lookup(name, lookup);
        return err[0] < 0 ? null : open.finish();
    }

    /// A new file without a name (`do_tmpfile`).
    @Kernel("do_tmpfile")
    private @Nullable File tmpfile(String name) {
        err[0] = nd.lookup(name, lookupFlags | Nameidata.LOOKUP_DIRECTORY);
        if (err[0] == 0) {
            err[0] = nd.mnt().wantWrite();
        }
        Inode dir = err[0] < 0 ? null : nd.dentry().file();
        if (dir == null) {
            return null;
        }
        err[0] = dir.permission(Inode.MAY_WRITE | Inode.MAY_EXEC, nd.cred);
        Inode file = err[0] < 0 ? null : dir.tmpfile(mode & ~nd.umask, nd.cred, err);
        if (file == null) {
            return null;
        }
        if ((flags & Fcntl.O_EXCL) == 0) {
            file.attached = Namei.Linkable.YES;
        }
        Dentry dentry = Dentry.of(nd.dentry(), "#" + file.ino);
        dentry.anonymous(file);
        return file.open(new VfsPath(nd.mnt(), dentry), statusFlags(), err);
    }

    /// Only the place (`do_o_path`).
    @Kernel("do_o_path")
    private @Nullable File place(String name) {
        err[0] = nd.lookup(name, lookupFlags);
        return err[0] < 0
                ? null
                : SpecialFiles.file(
                        PathFileOps.INSTANCE, nd.dentry().file(), nd.path(), statusFlags());
    }

    /// A file that only names a place, for a kernel user (`dentry_open` with `O_PATH`).
    @Kernel("dentry_open")
    public static File pathFile(VfsPath place) {
        return SpecialFiles.file(PathFileOps.INSTANCE, place.inode(), place, Fcntl.O_PATH);
    }

    private int statusFlags() {
        return flags & ~(Fcntl.O_CREAT | Fcntl.O_EXCL | Fcntl.O_NOCTTY | Fcntl.O_TRUNC);
    }

    /// Goes along the name and makes the file at its end if there is none (`open_last_lookups`).
    @Kernel({"open_last_lookups", "lookup_open"})
    private int walkToCreate(String name) {
        int result = nd.parent(name, lookupFlags);
        while (result == 0) {
            if (nd.lastType != LastType.NORM) {
                return nd.handleDots();
            }
            if (nd.trailingSlash) {
                return -Errno.EISDIR;
            }
            VfsPath place = nd.step();
            if (place == null) {
                return nd.stepError();
            }
            if (place.dentry().isNegative()) {
                place = createHere();
                if (place == null) {
                    return createError;
                }
            }
            boolean follow = (lookupFlags & Nameidata.LOOKUP_FOLLOW) != 0;
            if (!place.inode().isSymlink() || !follow) {
                nd.arrive(place);
                return 0;
            }
            result = nd.enterLink(place.inode());
        }
        return Math.min(result, 0);
    }

    private int createError;

    /// Makes the file unless somebody else was faster; null and the error in `createError`.
    private @Nullable VfsPath createHere() {
        synchronized (nd.dentry().sb.namespaceLock) {
            VfsPath place = nd.step();
            if (place == null) {
                createError = nd.stepError();
                return null;
            }
            if (!place.dentry().isNegative()) {
                return place;
            }
            createError = nd.mnt().wantWrite();
            if (createError == 0) {
                createError = Namei.mayCreate(nd);
            }
            if (createError == 0) {
                int bits = mode & ~nd.umask;
                createError = nd.dentry().file().create(place.dentry(), bits, nd.cred);
            }
            created = createError == 0;
            return created ? place : null;
        }
    }

    /// The last checks, and the file (`do_open`).
    @Kernel({"do_open", "may_open"})
    private @Nullable File finish() {
        Inode inode = nd.dentry().file();
        err[0] = created ? 0 : mayOpen(inode);
        if (err[0] < 0) {
            return null;
        }
        boolean truncate = (flags & Fcntl.O_TRUNC) != 0 && inode.isRegular() && !created;
        File file = inode.open(nd.path(), statusFlags(), err);
        if (file != null) {
            file.created = created;
        }
        if (file != null && truncate) {
            err[0] = Truncate.to(inode, 0);
            if (err[0] < 0) {
                file.put();
                return null;
            }
        }
        return file;
    }

    private int mayOpen(Inode inode) {
        if ((flags & Fcntl.O_CREAT) != 0) {
            if ((flags & Fcntl.O_EXCL) != 0) {
                return -Errno.EEXIST;
            }
            if (inode.isDir()) {
                return -Errno.EISDIR;
            }
        }
        if ((lookupFlags & Nameidata.LOOKUP_DIRECTORY) != 0 && !inode.isDir()) {
            return -Errno.ENOTDIR;
        }
        if (inode.isSymlink()) {
            return -Errno.ELOOP;
        }
        int mask = accessMask();
        if (inode.isDir() && (mask & Inode.MAY_WRITE) != 0) {
            return -Errno.EISDIR;
        }
        if ((mask & Inode.MAY_WRITE) != 0 && inode.isRegular()) {
            int readOnly = nd.mnt().wantWrite();
            if (readOnly < 0) {
                return readOnly;
            }
        }
        int denied = inode.permission(mask, nd.cred);
        if (denied == 0 && (flags & Fcntl.O_NOATIME) != 0 && !inode.ownedBy(nd.cred)) {
            return -Errno.EPERM;
        }
        return denied;
    }

    /// What is asked of the file's permissions (`ACC_MODE`): 3 means both although neither is given.
    private int accessMask() {
        int mask =
                switch (flags & Fcntl.O_ACCMODE) {
                    case Fcntl.O_RDONLY -> Inode.MAY_READ;
                    case Fcntl.O_WRONLY -> Inode.MAY_WRITE;
                    default -> Inode.MAY_READ | Inode.MAY_WRITE;
                };
        return (flags & Fcntl.O_TRUNC) != 0 ? mask | Inode.MAY_WRITE : mask;
    }
}
