package dev.linnet.fs.proc;

import dev.linnet.fs.Dentry;
import dev.linnet.fs.DirContext;
import dev.linnet.fs.File;
import dev.linnet.fs.Inode;
import dev.linnet.fs.VfsPath;
import dev.linnet.kernel.Cred;
import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Stat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A file of `/proc` (`struct proc_inode`).
@Kernel("proc_inode")
final class ProcInode extends Inode {
    final ProcNode node;

    ProcInode(ProcFs sb, ProcNode node) {
        super(sb, sb.newIno(), node.mode(), node.uid(), node.uid(), 0);
        this.node = node;
        if (isDir()) {
            nlink = 2;
        }
    }

    @Override
    @Kernel("proc_lookup")
    public int lookup(Dentry dentry) {
        ProcNode child = find(dentry.name());
        if (child == null) {
            return -Errno.ENOENT; // not a negative dentry: nothing can be made here
        }
        dentry.instantiate(new ProcInode((ProcFs) sb, child));
        return 0;
    }

    private @Nullable ProcNode find(String name) {
        return node instanceof ProcNode.Dir dir ? dir.find(name) : null;
    }

    /// What nobody may write below `/proc/sys` not even the privileged may.
    @Override
    @Kernel("proc_sys_permission")
    public int permission(int mask, Cred cred) {
        boolean knobs = node instanceof ProcNode.Knob || node instanceof ProcNode.KnobDir;
        return knobs && (mask & MAY_WRITE) != 0 && (mode & 0222) == 0
                ? -Errno.EACCES
                : super.permission(mask, cred);
    }

    /// What a name stands for may have gone, or another kind of thing may have come.
    @Override
    @Kernel({"pid_revalidate", "proc_misc_d_revalidate"})
    public boolean revalidate(Dentry dentry) {
        if (dentry.isRoot()) {
            return true;
        }
        ProcNode now = ((ProcInode) dentry.parent().file()).find(dentry.name());
        return now != null && (now.mode() & Stat.S_IFMT) == kind() && now.uid() == uid;
    }

    @Override
    @Kernel("proc_readdir")
    public int iterate(File file, DirContext ctx) {
        if (!(node instanceof ProcNode.Dir dir)) {
            return -Errno.ENOTDIR;
        }
        Dentry self = Objects.requireNonNull(file.path).dentry();
        if (ctx.pos == 0 && !ctx.emit(".", ino, Stat.S_IFDIR, 1)) {
            return 0;
        }
        if (ctx.pos == 1 && !ctx.emit("..", self.parent().file().ino, Stat.S_IFDIR, 2)) {
            return 0;
        }
        List<String> names = dir.names();
        for (int i = (int) ctx.pos - 2; i < names.size(); i++) {
            ProcNode child = dir.find(names.get(i));
            if (child != null
                    && !ctx.emit(names.get(i), ino + 1 + i, child.mode() & Stat.S_IFMT, i + 3L)) {
                return 0;
            }
        }
        return 0;
    }

    @Override
    @Kernel("proc_get_link")
    public @Nullable String getLink() {
        return node instanceof ProcNode.Link link ? link.target().get() : null;
    }

    @Override
    @Kernel("proc_pid_get_link")
    public @Nullable VfsPath jump() {
        return node instanceof ProcNode.Link link ? link.jump().get() : null;
    }

    @Override
    @Kernel("proc_reg_open")
    public @Nullable File open(VfsPath path, int flags, int[] err) {
        if (!isRegular()) {
            return super.open(path, flags, err);
        }
        use();
        return new File(ProcFileOps.INSTANCE, new ProcFileOps.Reader(this), flags, path);
    }
}
