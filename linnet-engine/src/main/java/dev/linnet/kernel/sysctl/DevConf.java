package dev.linnet.kernel.sysctl;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// The values of one device, or of `all` or `default`, in one of the directories `net.ipv4.conf`,
/// `net.ipv6.conf`, `net.ipv4.neigh` and `net.ipv6.neigh`.
///
/// Reading is a plain array load, from any thread. Writing through [SysctlValues#write] or [#set].
@Kernel({"ipv4_devconf", "ipv6_devconf", "neigh_parms"})
public final class DevConf {
    final SysctlStore store;

    /// Rows that were set for this device itself; a new default does not reach them
    /// (`ipv4_devconf.state`). Guarded by the lock of the knobs.
    final BitSet explicit = new BitSet();

    private final DevDirectory directory;
    private volatile String name;

    /// For `net.ipv6.conf.NAME.mtu`: the largest value.
    private volatile int deviceMtu = Integer.MAX_VALUE;

    DevConf(DevDirectory directory, String name) {
        this.directory = directory;
        this.name = name;
        this.store = new SysctlStore(directory.table().slots);
    }

    /// Name of the device, or `all` or `default`.
    public String name() {
        return name;
    }

    void rename(String newName) {
        name = newName;
    }

    DevDirectory directory() {
        return directory;
    }

    /// The value of this device alone (`IN_DEV_CONF_GET`).
    @HotPath
    public int get(Sysctl.Dev row) {
        return store.ints[row.slot()];
    }

    /// The value that counts: that of this device and that of `all`, as the row combines them
    /// (`IN_DEV_ANDCONF`, `IN_DEV_ORCONF`, `IN_DEV_MAXCONF`).
    @HotPath
    @Kernel({"IN_DEV_ANDCONF", "IN_DEV_ORCONF", "IN_DEV_MAXCONF"})
    public int effective(Sysctl.Dev row) {
        int own = store.ints[row.slot()];
        DevConf allConf = directory.all();
        if (allConf == null) {
            return own;
        }
        int all = allConf.store.ints[row.slot()];
        return switch (row.combine()) {
            case DEV -> own;
            case OR -> own != 0 || all != 0 ? 1 : 0;
            case AND -> own != 0 && all != 0 ? 1 : 0;
            case MAX -> Math.max(own, all);
            default -> Math.min(own, all); // MIN; without a default the switch would hold a `new`
        };
    }

    /// Whether [#effective] is not zero.
    @HotPath
    public boolean on(Sysctl.Dev row) {
        return effective(row) != 0;
    }

    /// A text of this device, or null if none was written.
    public @Nullable String get(Sysctl.DevText row) {
        return (String) store.object(row.slot());
    }

    /// Sets a value without checks and runs the observers: for what the stack itself decides, such as
    /// the hop limit of a router advertisement. The value is in the stored form, times in jiffies.
    public void set(Sysctl.Dev row, int value) {
        directory
                .owner()
                .change(
                        changes -> {
                            store.ints[row.slot()] = value;
                            explicit.set(row.slot());
                            changes.add(this, row);
                        });
    }

    /// Sets a text without checks.
    public void set(Sysctl.DevText row, String value) {
        directory.owner().change(changes -> store.setObject(row.slot(), value));
    }

    /// Cuts all rows off from later changes of `default`, as happens when a device gets its first
    /// address.
    @Kernel({"ipv4_devconf_setall", "neigh_parms_data_state_setall"})
    public void setAllExplicit() {
        directory.owner().change(changes -> explicit.set(0, store.ints.length));
    }

    int deviceMtu() {
        return deviceMtu;
    }

    /// Says what the device can carry: the bound of `net.ipv6.conf.NAME.mtu`.
    public void setDeviceMtu(int mtu) {
        deviceMtu = mtu;
    }

    @Override
    public String toString() {
        return directory.table().prefix() + "." + name;
    }
}
