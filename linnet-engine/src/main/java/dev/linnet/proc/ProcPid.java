package dev.linnet.proc;

import dev.linnet.fs.FsStruct;
import dev.linnet.fs.Mount;
import dev.linnet.fs.VfsPath;
import dev.linnet.fs.proc.ProcNode;
import dev.linnet.kernel.Kernel;
import dev.linnet.syscall.TaskStruct;
import dev.linnet.uapi.Stat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// `/proc/PID` (`fs/proc/base.c`).
@Kernel("tgid_base_stuff")
record ProcPid(TaskStruct task) implements ProcNode.OpenDir {
    private static final List<String> NAMES =
            List.of(
                    "fd",
                    "fdinfo",
                    "net",
                    "status",
                    "comm",
                    "limits",
                    "cwd",
                    "root",
                    "mounts",
                    "mountinfo");

    @Override
    public int uid() {
        return task.uid;
    }

    @Override
    public @Nullable ProcNode find(String name) {
        return switch (name) {
            case "fd" -> new ProcFd(task, false);
            case "fdinfo" -> new ProcFd(task, true);
            case "net" -> new ProcNetDir(task.net);
            case "status" -> text(this::status);
            case "comm" -> text(() -> task.comm + "\n");
            case "limits" -> text(() -> ProcLimits.text(task.rlimits));
            case "cwd" -> link(() -> task.fs.pwd);
            case "root" -> link(() -> task.fs.root);
            case "mounts" -> text(this::mounts);
            case "mountinfo" -> text(this::mountinfo);
            default -> null;
        };
    }

    @Override
    public List<String> names() {
        return NAMES;
    }

    private Text text(java.util.function.Supplier<String> content) {
        return new Text(0444, task.uid, content);
    }

    private Link link(java.util.function.Supplier<VfsPath> place) {
        return new Link(0777, task.uid, () -> place.get().display(task.fs.root), place::get);
    }

    @Kernel("proc_pid_status")
    private String status() {
        return String.format(
                Locale.ROOT,
                "Name:\t%s\nUmask:\t%04o\nState:\tS (sleeping)\nTgid:\t%d\nPid:\t%d\n"
                        + "Uid:\t%d\t%d\t%d\t%d\nGid:\t%d\t%d\t%d\t%d\nFDSize:\t%d\n",
                task.comm,
                task.fs.umask,
                task.pid,
                task.pid,
                task.uid,
                task.uid,
                task.uid,
                task.uid,
                task.uid,
                task.uid,
                task.uid,
                task.uid,
                task.files.size());
    }

    private String where(Mount mount) {
        VfsPath top = new VfsPath(mount, mount.root);
        return Objects.requireNonNullElse(top.nameFrom(task.fs.root), "");
    }

    private static String options(Mount mount) {
        return (mount.readOnly ? "ro" : "rw") + ",relatime";
    }

    @Kernel("show_vfsmnt")
    private String mounts() {
        StringBuilder out = new StringBuilder();
        FsStruct fs = task.fs;
        for (Mount mount : fs.ns.mounts()) {
            String place = where(mount);
            if (!place.isEmpty()) {
                out.append(mount.source).append(' ').append(place).append(' ');
                out.append(mount.sb.type).append(' ').append(options(mount)).append(" 0 0\n");
            }
        }
        return out.toString();
    }

    @Kernel("show_mountinfo")
    private String mountinfo() {
        StringBuilder out = new StringBuilder();
        for (Mount mount : task.fs.ns.mounts()) {
            String place = where(mount);
            Mount parent = mount.parent();
            if (!place.isEmpty()) {
                out.append(
                        String.format(
                                Locale.ROOT,
                                "%d %d %d:%d / %s %s - %s %s %s\n",
                                mount.id,
                                parent == null ? 1 : parent.id,
                                Stat.major(mount.sb.dev),
                                Stat.minor(mount.sb.dev),
                                place,
                                options(mount),
                                mount.sb.type,
                                mount.source,
                                mount.sb.readOnly ? "ro" : "rw"));
            }
        }
        return out.toString();
    }
}
