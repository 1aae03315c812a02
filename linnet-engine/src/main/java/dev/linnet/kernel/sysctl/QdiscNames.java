package dev.linnet.kernel.sysctl;

import dev.linnet.kernel.Kernel;
import java.util.LinkedHashSet;
import java.util.Set;

/// The names of the queueing disciplines that `net.core.default_qdisc` accepts. Any thread.
@Kernel("qdisc_base")
public final class QdiscNames {
    private final Set<String> names = new LinkedHashSet<>(Set.of("pfifo_fast", "pfifo"));

    QdiscNames() {}

    /// Adds a queueing discipline.
    @Kernel("register_qdisc")
    public synchronized void register(String name) {
        names.add(name);
    }

    /// Whether there is such a queueing discipline.
    public synchronized boolean isRegistered(String name) {
        return names.contains(name);
    }
}
