package dev.linnet.proc;

import dev.linnet.fs.proc.ProcNode;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.SysctlValues;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `/proc/sys` and the directories below it: each knob is a file (`fs/proc/proc_sysctl.c`).
///
/// @param prefix the path below `/proc/sys` with a final slash; empty at the top
@Kernel("proc_sys_dir_operations")
record ProcSys(SysctlValues sysctl, String prefix) implements ProcNode.KnobDir {
    @Override
    @Kernel("proc_sys_lookup")
    public @Nullable ProcNode find(String name) {
        String path = prefix + name;
        int mode = sysctl.mode(path);
        if (mode >= 0) {
            return new Knob(mode, () -> read(path), text -> sysctl.write(path, text));
        }
        String below = path + "/";
        return paths().stream().anyMatch(p -> p.startsWith(below))
                ? new ProcSys(sysctl, below)
                : null;
    }

    private @Nullable String read(String path) {
        StringBuilder out = new StringBuilder();
        return sysctl.read(path, out) < 0 ? null : out.toString();
    }

    /// All knobs as paths. Names are dotted, with a slash for a dot inside a name.
    private List<String> paths() {
        return sysctl.names().stream().map(ProcSys::path).toList();
    }

    private static String path(String dotted) {
        StringBuilder path = new StringBuilder(dotted);
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            path.setCharAt(i, c == '.' ? '/' : c == '/' ? '.' : c);
        }
        return path.toString();
    }

    @Override
    @Kernel("proc_sys_readdir")
    public List<String> names() {
        return paths().stream()
                .filter(path -> path.startsWith(prefix))
                .map(path -> path.substring(prefix.length()))
                .map(rest -> rest.contains("/") ? rest.substring(0, rest.indexOf('/')) : rest)
                .distinct()
                .toList();
    }
}
