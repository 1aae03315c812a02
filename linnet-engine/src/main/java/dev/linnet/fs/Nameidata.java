package dev.linnet.fs;

import dev.linnet.kernel.Cred;
import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import org.jspecify.annotations.Nullable;

/// One walk along a name (`struct nameidata`), by one thread.
///
/// The walk stands at a place (mount and dentry). [#walkParent] goes along all components but the last
/// and leaves that in [#last], for calls that make or remove names; [#lookup] goes to the end. After an
/// error the place means nothing.
@Kernel("nameidata")
public final class Nameidata {
    /// Follow a symbolic link at the end (`LOOKUP_FOLLOW`).
    public static final int LOOKUP_FOLLOW = 1;

    /// The end must be a directory (`LOOKUP_DIRECTORY`).
    public static final int LOOKUP_DIRECTORY = 2;

    /// The name may be empty: the start itself (`LOOKUP_EMPTY`).
    public static final int LOOKUP_EMPTY = 4;

    /// No symbolic link anywhere (`RESOLVE_NO_SYMLINKS`).
    static final int LOOKUP_NO_SYMLINKS = 8;

    /// No links that do not go by a name (`RESOLVE_NO_MAGICLINKS`).
    static final int LOOKUP_NO_MAGICLINKS = 16;

    /// Never to another mount (`RESOLVE_NO_XDEV`).
    static final int LOOKUP_NO_XDEV = 32;

    /// Never out of the start (`RESOLVE_BENEATH`): `-EXDEV`.
    static final int LOOKUP_BENEATH = 64;

    /// The start is the root (`RESOLVE_IN_ROOT`).
    static final int LOOKUP_IN_ROOT = 128;

    private static final int SCOPED = LOOKUP_BENEATH | LOOKUP_IN_ROOT;

    /// Links that one walk follows (`MAXSYMLINKS`).
    private static final int MAXSYMLINKS = 40;

    /// What the last component is.
    enum LastType {
        NORM,
        ROOT,
        DOT,
        DOTDOT
    }

    final Cred cred;
    final int umask;
    private final VfsPath pwd;
    private final @Nullable FileDescriptorTable files;
    private final int dirfd;
    private VfsPath root;
    private Mount mnt;
    private Dentry dentry;
    private int links;
    private int flags;

    /// The last component, when [#lastType] is `NORM`.
    String last = "";

    LastType lastType = LastType.NORM;

    /// Slashes follow the last component.
    boolean trailingSlash;

    /// The flags of a walk that `RESOLVE_*` of `openat2` ask for.
    static int resolveFlags(long resolve) {
        int[] by = {
            LOOKUP_NO_XDEV, LOOKUP_NO_MAGICLINKS, LOOKUP_NO_SYMLINKS, LOOKUP_BENEATH, LOOKUP_IN_ROOT
        };
        int walk = 0;
        for (int i = 0; i < by.length; i++) {
            walk |= (resolve >> i & 1) != 0 ? by[i] : 0;
        }
        return walk;
    }

    /// A walk from the process's directory.
    public Nameidata(FsStruct fs, Cred cred) {
        this(fs, cred, null, Fcntl.AT_FDCWD);
    }

    /// A walk from a place that is the top and the start at once, for kernel users.
    public Nameidata(VfsPath top, Cred cred) {
        this(top, top, 0, cred, null, Fcntl.AT_FDCWD);
    }

    /// A walk from an open directory, or from the process's own with `AT_FDCWD`.
    public Nameidata(FsStruct fs, Cred cred, @Nullable FileDescriptorTable files, int dirfd) {
        this(fs.root, fs.pwd, fs.umask, cred, files, dirfd);
    }

    private Nameidata(
            VfsPath root,
            VfsPath pwd,
            int umask,
            Cred cred,
            @Nullable FileDescriptorTable files,
            int dirfd) {
        this.root = root;
        this.pwd = pwd;
        this.umask = umask;
        this.cred = cred;
        this.files = files;
        this.dirfd = dirfd;
        this.mnt = root.mnt();
        this.dentry = root.dentry();
    }

    /// Where the walk stands.
    public VfsPath path() {
        return new VfsPath(mnt, dentry);
    }

    Dentry dentry() {
        return dentry;
    }

    Mount mnt() {
        return mnt;
    }

    /// Goes to the end of a name: 0, or `-ENOENT`, `-ENOTDIR`, `-EACCES`, `-ELOOP`, `-ENAMETOOLONG`,
    /// `-EBADF` (`path_lookupat`).
    @Kernel({"filename_lookup", "path_lookupat"})
    public int lookup(String name, int lookupFlags) {
        flags = lookupFlags;
        int err = walkParent(name);
        return err < 0 ? err : lookupLast();
    }

    /// Goes to the directory that the last component is in (`filename_parentat`).
    @Kernel({"filename_parentat", "path_parentat"})
    int parent(String name) {
        flags = 0;
        return walkParent(name);
    }

    /// The same, with flags of `openat2` that hold for the whole walk.
    int parent(String name, int lookupFlags) {
        flags = lookupFlags;
        return walkParent(name);
    }

    private int walkParent(String name) {
        int err = start(name);
        return err < 0 ? err : linkPathWalk(name);
    }

    /// Finds where a name starts (`path_init`).
    @Kernel("path_init")
    private int start(String name) {
        if (name.isEmpty() && (flags & LOOKUP_EMPTY) == 0) {
            return -Errno.ENOENT;
        }
        if (name.startsWith("/") && (flags & SCOPED) == 0) {
            return jumpTo(root);
        }
        if (dirfd == Fcntl.AT_FDCWD) {
            jumpTo(pwd);
        } else {
            int err = startAtDescriptor(name);
            if (err < 0) {
                return err;
            }
        }
        if ((flags & SCOPED) != 0) {
            root = path();
            if (name.startsWith("/")) {
                return (flags & LOOKUP_BENEATH) != 0 ? -Errno.EXDEV : 0;
            }
        }
        return 0;
    }

    private int startAtDescriptor(String name) {
        File file = files == null ? null : files.getRaw(dirfd);
        if (file == null) {
            return -Errno.EBADF;
        }
        try {
            VfsPath at = file.path;
            if (at == null) {
                return name.isEmpty() ? -Errno.ENOENT : -Errno.ENOTDIR;
            }
            if (!name.isEmpty() && !at.dentry().isDir()) {
                return -Errno.ENOTDIR;
            }
            return jumpTo(at);
        } finally {
            file.put();
        }
    }

    private int jumpTo(VfsPath to) {
        mnt = to.mnt();
        dentry = to.dentry();
        return 0;
    }

    /// Goes along all components but the last (`link_path_walk`).
    @Kernel("link_path_walk")
    private int linkPathWalk(String name) {
        int n = name.length();
        int i = skipSlashes(name, 0);
        lastType = LastType.ROOT;
        trailingSlash = false;
        if (i == n) {
            return 0;
        }
        while (true) {
            int err = dentry.file().permission(Inode.MAY_EXEC, cred);
            if (err < 0) {
                return err;
            }
            int end = name.indexOf('/', i);
            end = end < 0 ? n : end;
            last = name.substring(i, end);
            lastType =
                    switch (last) {
                        case "." -> LastType.DOT;
                        case ".." -> LastType.DOTDOT;
                        default -> LastType.NORM;
                    };
            i = skipSlashes(name, end);
            trailingSlash = i > end;
            if (i == n) {
                return 0;
            }
            err = walkComponent(true);
            if (err < 0) {
                return err;
            }
            if (!dentry.isDir()) {
                return -Errno.ENOTDIR;
            }
        }
    }

    private static int skipSlashes(String name, int from) {
        int i = from;
        while (i < name.length() && name.charAt(i) == '/') {
            i++;
        }
        return i;
    }

    /// Goes along the last component (`lookup_last`, `complete_walk`).
    @Kernel("lookup_last")
    private int lookupLast() {
        boolean directory = (flags & LOOKUP_DIRECTORY) != 0;
        boolean follow = (flags & LOOKUP_FOLLOW) != 0;
        while (true) {
            directory |= trailingSlash;
            if (lastType != LastType.NORM) {
                int err = handleDots();
                return err < 0 || dentry.isDir() || !directory ? err : -Errno.ENOTDIR;
            }
            VfsPath child = step();
            if (child == null) {
                return stepError;
            }
            if (child.dentry().isNegative()) {
                return -Errno.ENOENT;
            }
            if (!child.inode().isSymlink() || !(follow || trailingSlash)) {
                jumpTo(child);
                return directory && !dentry.isDir() ? -Errno.ENOTDIR : 0;
            }
            follow = true;
            int err = enterLink(child.inode());
            if (err != 0) {
                return err < 0 ? err : directory && !dentry.isDir() ? -Errno.ENOTDIR : 0;
            }
        }
    }

    /// One component that is not the last.
    @Kernel("walk_component")
    private int walkComponent(boolean follow) {
        if (lastType != LastType.NORM) {
            return handleDots();
        }
        VfsPath child = step();
        if (child == null) {
            return stepError;
        }
        if (child.dentry().isNegative()) {
            return -Errno.ENOENT;
        }
        if (!child.inode().isSymlink() || !follow) {
            return jumpTo(child);
        }
        return followLink(child.inode());
    }

    private int stepError;

    /// What [#last] leads to, over mounts; null and the error in `stepError`. The walk itself stays.
    @Kernel("step_into")
    @Nullable VfsPath step() {
        int[] err = new int[1];
        Dentry child = dentry.lookup(last, err);
        if (child == null) {
            stepError = err[0];
            return null;
        }
        VfsPath over = acrossMounts(mnt, child);
        if ((flags & LOOKUP_NO_XDEV) != 0 && over.mnt() != mnt) {
            stepError = -Errno.EXDEV;
            return null;
        }
        return over;
    }

    int stepError() {
        return stepError;
    }

    @Kernel("traverse_mounts")
    private static VfsPath acrossMounts(Mount mnt, Dentry dentry) {
        Mount m = mnt;
        Dentry d = dentry;
        for (Mount over = d.mounted; over != null && over.parent() == m; over = d.mounted) {
            m = over;
            d = over.root;
        }
        return new VfsPath(m, d);
    }

    /// A link in the middle: all the way to its end.
    private int followLink(Inode link) {
        int saved = flags;
        int entered = enterLink(link);
        if (entered != 0) {
            return Math.min(entered, 0);
        }
        flags = saved & ~LOOKUP_DIRECTORY | LOOKUP_FOLLOW;
        int err = lookupLast();
        flags = saved;
        return err;
    }

    /// Begins to follow a link: 0 with its own last component in [#last], 1 if the walk has jumped to
    /// where the link leads, or `-errno` (`pick_link`).
    @Kernel({"pick_link", "get_link"})
    int enterLink(Inode link) {
        if (++links > MAXSYMLINKS || (flags & LOOKUP_NO_SYMLINKS) != 0) {
            return -Errno.ELOOP;
        }
        VfsPath to = link.jump();
        if (to != null) {
            if ((flags & LOOKUP_NO_MAGICLINKS) != 0) {
                return -Errno.ELOOP;
            }
            if ((flags & SCOPED) != 0 || (flags & LOOKUP_NO_XDEV) != 0 && to.mnt() != mnt) {
                return -Errno.EXDEV;
            }
            jumpTo(to);
            return 1;
        }
        link.accessed();
        String target = link.getLink();
        if (target == null) {
            return -Errno.EINVAL;
        }
        if (target.startsWith("/")) {
            if ((flags & LOOKUP_BENEATH) != 0) {
                return -Errno.EXDEV;
            }
            if ((flags & LOOKUP_NO_XDEV) != 0 && root.mnt() != mnt) {
                return -Errno.EXDEV;
            }
            jumpTo(root);
        }
        return target.isEmpty() ? -Errno.ENOENT : linkPathWalk(target);
    }

    /// `/`, `.` and `..` (`handle_dots`).
    @Kernel({"handle_dots", "follow_dotdot"})
    int handleDots() {
        if (lastType != LastType.DOTDOT) {
            return 0;
        }
        while (true) {
            if (mnt == root.mnt() && dentry == root.dentry()) {
                return (flags & LOOKUP_BENEATH) != 0 ? -Errno.EXDEV : 0;
            }
            if (dentry != mnt.root) {
                return jumpTo(acrossMounts(mnt, dentry.parent()));
            }
            Mount above = mnt.parent();
            if (above == null) {
                return 0;
            }
            if ((flags & LOOKUP_NO_XDEV) != 0) {
                return -Errno.EXDEV;
            }
            dentry = mnt.mountpoint();
            mnt = above;
        }
    }

    /// Ends the walk at what [#step] has found.
    void arrive(VfsPath at) {
        jumpTo(at);
    }
}
