package dev.linnet.proc;

import dev.linnet.kernel.Kernel;
import dev.linnet.syscall.Rlimits;
import dev.linnet.uapi.RLimit;
import dev.linnet.uapi.Resource;
import java.util.List;
import java.util.Locale;

/// `/proc/PID/limits`.
final class ProcLimits {
    private record Row(int resource, String name, String unit) {}

    @Kernel("lnames")
    private static final List<Row> ROWS =
            List.of(
                    new Row(Resource.RLIMIT_CPU, "Max cpu time", "seconds"),
                    new Row(Resource.RLIMIT_FSIZE, "Max file size", "bytes"),
                    new Row(Resource.RLIMIT_DATA, "Max data size", "bytes"),
                    new Row(Resource.RLIMIT_STACK, "Max stack size", "bytes"),
                    new Row(Resource.RLIMIT_CORE, "Max core file size", "bytes"),
                    new Row(Resource.RLIMIT_RSS, "Max resident set", "bytes"),
                    new Row(Resource.RLIMIT_NPROC, "Max processes", "processes"),
                    new Row(Resource.RLIMIT_NOFILE, "Max open files", "files"),
                    new Row(Resource.RLIMIT_MEMLOCK, "Max locked memory", "bytes"),
                    new Row(Resource.RLIMIT_AS, "Max address space", "bytes"),
                    new Row(Resource.RLIMIT_LOCKS, "Max file locks", "locks"),
                    new Row(Resource.RLIMIT_SIGPENDING, "Max pending signals", "signals"),
                    new Row(Resource.RLIMIT_MSGQUEUE, "Max msgqueue size", "bytes"),
                    new Row(Resource.RLIMIT_NICE, "Max nice priority", ""),
                    new Row(Resource.RLIMIT_RTPRIO, "Max realtime priority", ""),
                    new Row(Resource.RLIMIT_RTTIME, "Max realtime timeout", "us"));

    private ProcLimits() {}

    @Kernel("proc_pid_limits")
    static String text(Rlimits limits) {
        StringBuilder out = new StringBuilder();
        out.append(line("Limit", "Soft Limit", "Hard Limit", "Units"));
        for (Row row : ROWS) {
            RLimit limit = limits.get(row.resource);
            out.append(line(row.name, value(limit.cur()), value(limit.max()), row.unit));
        }
        return out.toString();
    }

    private static String line(String name, String soft, String hard, String unit) {
        String tail = unit.isEmpty() ? "" : String.format(Locale.ROOT, "%-10s", unit);
        return String.format(Locale.ROOT, "%-25s %-20s %-20s %s\n", name, soft, hard, tail);
    }

    private static String value(long limit) {
        return limit == Resource.RLIM_INFINITY ? "unlimited" : Long.toUnsignedString(limit);
    }
}
