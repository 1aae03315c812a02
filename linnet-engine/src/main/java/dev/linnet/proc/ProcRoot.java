package dev.linnet.proc;

import dev.linnet.fs.CurrentTask;
import dev.linnet.fs.MntNamespace;
import dev.linnet.fs.proc.ProcNode;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.syscall.TaskStruct;
import dev.linnet.syscall.TaskTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `/proc` itself: files about the host, and a directory for each process.
@Kernel("proc_root")
public final class ProcRoot implements ProcNode.OpenDir {
    private final TaskTable tasks;
    private final Map<String, ProcNode> fixed = new LinkedHashMap<>();

    public ProcRoot(NetNamespace net, TaskTable tasks, MntNamespace mounts) {
        this.tasks = tasks;
        fixed.put("filesystems", new Text(ProcRoot::filesystems));
        fixed.put("mounts", new Link(() -> "self/mounts"));
        fixed.put("net", new Link(() -> "self/net"));
        fixed.put("self", new Link(ProcRoot::self));
        fixed.put("sys", new ProcSys(net.sysctl, ""));
        fixed.put("uptime", new Text(() -> uptime(net)));
        fixed.put("version", new Text(() -> version()));
    }

    /// The process that asks; without one, a link that leads nowhere.
    @Kernel("proc_self_get_link")
    private static String self() {
        return CurrentTask.get() instanceof TaskStruct task ? Integer.toString(task.pid) : "";
    }

    private static String filesystems() {
        return "nodev\ttmpfs\nnodev\tproc\nnodev\tsockfs\nnodev\tpipefs\nnodev\tdevtmpfs\n";
    }

    @Kernel("uptime_proc_show")
    private static String uptime(NetNamespace net) {
        long centis = net.clock.nowNs() / 10_000_000;
        return String.format(
                Locale.ROOT, "%d.%02d 0.00\n", centis / 100, Math.floorMod(centis, 100));
    }

    @Kernel("version_proc_show")
    private static String version() {
        return "Linux version 6.18.0 (linnet) #1 SMP\n";
    }

    @Override
    @Kernel("proc_root_lookup")
    public @Nullable ProcNode find(String name) {
        ProcNode node = fixed.get(name);
        if (node != null) {
            return node;
        }
        TaskStruct task = number(name) < 0 ? null : tasks.find(number(name));
        return task == null ? null : new ProcPid(task);
    }

    /// A process or descriptor number as `/proc` takes it, without leading zeros, or -1.
    @Kernel("name_to_int")
    static int number(String name) {
        boolean digits =
                !name.isEmpty()
                        && name.length() < 10
                        && name.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits && (name.length() == 1 || name.charAt(0) != '0')
                ? Integer.parseInt(name)
                : -1;
    }

    @Override
    public List<String> names() {
        List<String> names = new ArrayList<>(fixed.keySet());
        tasks.pids().forEach(pid -> names.add(Integer.toString(pid)));
        return names;
    }
}
