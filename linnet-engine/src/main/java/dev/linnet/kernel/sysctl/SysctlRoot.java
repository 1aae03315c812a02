package dev.linnet.kernel.sysctl;

/// What the knobs of all namespaces of a stack have in common: the machine, the shared values, the
/// names of what can be chosen, and the lock.
final class SysctlRoot {
    final Machine machine;
    final SysctlStore store = new SysctlStore(SysctlTable.SHARED);
    final CongestionNames congestion = new CongestionNames();
    final QdiscNames qdiscs = new QdiscNames();

    /// Taken for every write and for every change of the set of devices; nothing else is locked
    /// inside.
    final Object lock = new Object();

    SysctlRoot(Machine machine) {
        this.machine = machine;
        for (SysctlTable table : SysctlValues.TABLES) {
            for (Sysctl row : table.rows()) {
                if (row.spec().scope().shared() && !(row instanceof Sysctl.Virtual)) {
                    store.reset(row, row.spec().initial().apply(machine));
                }
            }
        }
    }
}
