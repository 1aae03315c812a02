package dev.linnet.syscall;

import dev.linnet.kernel.Kernel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The processes of a host by their number. Thread-safe.
public final class TaskTable {
    private final Map<Integer, TaskStruct> tasks = new ConcurrentHashMap<>();

    /// The process of that number, or null: `ESRCH`.
    @Kernel("find_task_by_vpid")
    public @Nullable TaskStruct find(int pid) {
        return tasks.get(pid);
    }

    /// The numbers of all processes, ascending.
    public List<Integer> pids() {
        return tasks.keySet().stream().sorted().toList();
    }

    void add(TaskStruct task) {
        tasks.put(task.pid, task);
    }

    /// False if it was removed before.
    boolean remove(TaskStruct task) {
        return tasks.remove(task.pid, task);
    }
}
