package dev.linnet.fs;

import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Errno;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A name in a directory (`struct dentry`). The names of a file system form a tree, which is the
/// only place where names are: an inode does not know its own.
///
/// One without an inode says that there is no such file (negative). Names that are known are found
/// without a lock; changes need [SuperBlock#namespaceLock].
@Kernel("dentry")
public final class Dentry {
    /// Longest name in bytes.
    public static final int NAME_MAX = 255;

    public final SuperBlock sb;

    /// Guarded by the namespace lock, read without.
    private volatile String name;

    private volatile Dentry parent;
    private volatile @Nullable Inode inode;
    private volatile boolean unhashed;

    /// What is mounted here, if anything; changed by [MntNamespace].
    volatile @Nullable Mount mounted;

    private final ConcurrentHashMap<String, Dentry> children = new ConcurrentHashMap<>(0);

    private Dentry(SuperBlock sb, @Nullable Dentry parent, String name) {
        this.sb = sb;
        this.parent = parent == null ? this : parent;
        this.name = name;
    }

    static Dentry root(SuperBlock sb, Inode inode) {
        Dentry root = new Dentry(sb, null, "/");
        root.inode = inode;
        return root;
    }

    /// A name that is not in the tree yet (`d_alloc`).
    @Kernel("d_alloc")
    public static Dentry of(Dentry parent, String name) {
        return new Dentry(parent.sb, parent, name);
    }

    public String name() {
        return name;
    }

    /// The directory that the name is in; of a root: itself.
    public Dentry parent() {
        return parent;
    }

    public boolean isRoot() {
        return parent == this;
    }

    /// The file, or null.
    @Kernel("d_inode")
    public @Nullable Inode inode() {
        return inode;
    }

    /// The file of a name that has one: of every name but that of a failed look-up.
    public Inode file() {
        Inode file = inode;
        if (file == null) {
            throw new IllegalStateException(name + " is negative");
        }
        return file;
    }

    public boolean isNegative() {
        return inode == null;
    }

    public boolean isDir() {
        Inode file = inode;
        return file != null && file.isDir();
    }

    /// True if the name has been removed (`d_unhashed`, `d_unlinked`).
    public boolean unlinked() {
        return unhashed;
    }

    /// Gives the name its file (`d_instantiate`) and puts it into the tree.
    @Kernel("d_instantiate")
    public void instantiate(Inode file) {
        inode = file;
        unhashed = false;
        parent.children.put(name, this);
    }

    /// A file without a name (`O_TMPFILE`).
    void anonymous(Inode file) {
        inode = file;
        unhashed = true;
    }

    /// Takes the name out of the tree (`d_drop`); whoever has the file keeps it.
    @Kernel({"d_drop", "d_delete"})
    public void drop() {
        unhashed = true;
        parent.children.remove(name, this);
    }

    /// Gives the file another name, in place of what has that (`d_move`).
    @Kernel("d_move")
    void move(Dentry target) {
        drop();
        Dentry directory = target.parent;
        String newName = target.name;
        if (!target.isNegative()) {
            target.drop();
        }
        parent = directory;
        name = newName;
        unhashed = false;
        directory.children.put(newName, this);
    }

    /// Swaps two names (`d_exchange`).
    @Kernel("d_exchange")
    void exchange(Dentry other) {
        Dentry otherParent = other.parent;
        String otherName = other.name;
        other.parent = parent;
        other.name = name;
        parent = otherParent;
        name = otherName;
        other.parent.children.put(other.name, other);
        parent.children.put(name, this);
    }

    /// True if this is `other` or one of the directories that it is in (`is_subdir`).
    boolean isAncestorOf(Dentry other) {
        Dentry at = other;
        while (at != this && !at.isRoot()) {
            at = at.parent;
        }
        return at == this;
    }

    /// Looks a name up in this directory: its dentry, negative if there is no such file; null and
    /// `-ENAMETOOLONG`, `-EACCES`, `-EIO` in `err[0]` (`lookup_dcache`, `lookup_slow`).
    @Kernel({"lookup_one_qstr_excl", "lookup_fast", "lookup_slow"})
    @Nullable Dentry lookup(String childName, int[] err) {
        Dentry known = children.get(childName);
        if (known != null && known.file().revalidate(known)) {
            return known;
        }
        if (childName.length() > NAME_MAX / 3
                && childName.getBytes(StandardCharsets.UTF_8).length > NAME_MAX) {
            err[0] = -Errno.ENAMETOOLONG;
            return null;
        }
        synchronized (sb.namespaceLock) {
            return lookupLocked(childName, err);
        }
    }

    private @Nullable Dentry lookupLocked(String childName, int[] err) {
        Dentry known = children.get(childName);
        if (known != null) {
            if (known.file().revalidate(known)) {
                return known;
            }
            known.drop();
        }
        Dentry child = new Dentry(sb, this, childName);
        int result = file().lookup(child);
        if (result < 0) {
            err[0] = result;
            return null;
        }
        return child;
    }

    /// What is in the directory as far as it is known.
    public Iterable<Dentry> children() {
        return children.values();
    }

    /// True if nothing is known to be in the directory.
    public boolean hasNoChildren() {
        return children.isEmpty();
    }
}
