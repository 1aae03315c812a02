package dev.linnet.proc;

import dev.linnet.fs.File;
import dev.linnet.fs.VfsPath;
import dev.linnet.fs.proc.ProcNode;
import dev.linnet.kernel.Kernel;
import dev.linnet.syscall.TaskStruct;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.Stat;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// `/proc/PID/fd` and `/proc/PID/fdinfo`: a name for each descriptor (`fs/proc/fd.c`).
@Kernel({"proc_fd_operations", "proc_fdinfo_operations"})
record ProcFd(TaskStruct task, boolean info) implements ProcNode.OpenDir {
    /// Mounts that no tree shows, by what Linux mounts first.
    private static final int SOCKFS_MNT_ID = 10;

    private static final int PIPEFS_MNT_ID = 16;
    private static final int ANON_MNT_ID = 17;

    @Override
    public int mode() {
        return Stat.S_IFDIR | (info ? 0555 : 0500);
    }

    @Override
    public int uid() {
        return task.uid;
    }

    @Override
    @Kernel({"proc_lookupfd", "proc_lookupfdinfo"})
    public @Nullable ProcNode find(String name) {
        int fd = ProcRoot.number(name);
        File file = fd < 0 ? null : task.files.getRaw(fd);
        if (file == null) {
            return null;
        }
        try {
            return info ? new Text(0444, task.uid, () -> fdinfo(fd)) : link(fd, file);
        } finally {
            file.put();
        }
    }

    @Override
    public List<String> names() {
        return Arrays.stream(task.files.openFds()).mapToObj(Integer::toString).toList();
    }

    /// The permissions of the link say what the file was opened for (`tid_fd_update_inode`).
    @Kernel("tid_fd_update_inode")
    private Link link(int fd, File file) {
        int permissions = (file.readable() ? 0500 : 0) | (file.writable() ? 0300 : 0);
        return new Link(permissions, task.uid, () -> name(fd), () -> place(fd));
    }

    private String name(int fd) {
        File file = task.files.getRaw(fd);
        if (file == null) {
            return "";
        }
        try {
            VfsPath path = file.path;
            return path != null ? path.display(task.fs.root) : file.ops.dname(file);
        } finally {
            file.put();
        }
    }

    @Kernel("proc_fd_link")
    private @Nullable VfsPath place(int fd) {
        File file = task.files.getRaw(fd);
        if (file == null) {
            return null;
        }
        try {
            return file.path;
        } finally {
            file.put();
        }
    }

    @Kernel("seq_show")
    private String fdinfo(int fd) {
        File file = task.files.getRaw(fd);
        if (file == null) {
            return "";
        }
        try {
            int cloexec = task.files.cloexec(fd) == 1 ? Fcntl.O_CLOEXEC : 0;
            Stat stat = file.ops.stat(file);
            StringBuilder out = new StringBuilder();
            out.append(
                    String.format(
                            Locale.ROOT,
                            "pos:\t%d\nflags:\t0%o\nmnt_id:\t%d\nino:\t%d\n",
                            file.pos,
                            file.flags | cloexec,
                            mntId(file, stat),
                            stat.ino()));
            file.ops.showFdinfo(file, out);
            return out.toString();
        } finally {
            file.put();
        }
    }

    private static int mntId(File file, Stat stat) {
        VfsPath path = file.path;
        if (path != null) {
            return path.mnt().id;
        }
        return switch (stat.mode() & Stat.S_IFMT) {
            case Stat.S_IFSOCK -> SOCKFS_MNT_ID;
            case Stat.S_IFIFO -> PIPEFS_MNT_ID;
            default -> ANON_MNT_ID;
        };
    }
}
