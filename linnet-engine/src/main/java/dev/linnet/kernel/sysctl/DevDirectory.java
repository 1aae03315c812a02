package dev.linnet.kernel.sysctl;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One of the directories with a subdirectory per device: `all`, `default` and the devices' values.
/// Guarded by the lock of the knobs, except [#all], which never changes.
final class DevDirectory {
    private final SysctlValues owner;
    private final DevTable table;
    private final @Nullable DevConf all;
    private final DevConf dflt;

    /// `default` of a neighbour table is one for all namespaces and seen in the initial one only.
    private final boolean defaultVisible;

    private final Map<String, DevConf> devices = new TreeMap<>();

    /// @param shared `default` of another namespace to use, or null to have one
    DevDirectory(SysctlValues owner, DevTable table, boolean hasAll, @Nullable DevConf shared) {
        this.owner = owner;
        this.table = table;
        this.all = hasAll ? new DevConf(this, "all") : null;
        this.dflt = shared != null ? shared : new DevConf(this, "default");
        this.defaultVisible = shared == null;
        if (shared == null) {
            reset(dflt);
        }
        if (all != null) {
            reset(all);
        }
    }

    private void reset(DevConf conf) {
        for (Sysctl row : table.rows()) {
            if (row instanceof Sysctl.Dev) {
                conf.store.reset(row, row.spec().initial().apply(owner.machine()));
            }
        }
    }

    SysctlValues owner() {
        return owner;
    }

    DevTable table() {
        return table;
    }

    @Nullable DevConf all() {
        return all;
    }

    DevConf dflt() {
        return dflt;
    }

    Collection<DevConf> devices() {
        return Collections.unmodifiableCollection(devices.values());
    }

    /// Takes over `all` and `default` of another namespace.
    void copyFrom(DevDirectory other) {
        copy(dflt, other.dflt);
        if (all != null && other.all != null) {
            copy(all, other.all);
        }
    }

    private static void copy(DevConf to, DevConf from) {
        to.store.copyAll(from.store);
        to.explicit.clear();
        to.explicit.or(from.explicit);
    }

    /// Makes the directory of a device, with the values of `default`.
    DevConf add(String device) {
        DevConf conf = new DevConf(this, device);
        copy(conf, dflt);
        devices.put(device, conf);
        return conf;
    }

    void remove(String device) {
        devices.remove(device);
    }

    void rename(String device, String newName) {
        DevConf conf = devices.remove(device);
        if (conf != null) {
            conf.rename(newName);
            devices.put(newName, conf);
        }
    }

    /// The directory of a name, also `all` and `default`, or null.
    @Nullable DevConf find(String name) {
        return switch (name) {
            case "all" -> all;
            case "default" -> defaultVisible ? dflt : null;
            default -> devices.get(name);
        };
    }

    /// The names that the directory shows.
    Iterable<String> names() {
        Map<String, DevConf> names = new TreeMap<>(devices);
        if (all != null) {
            names.put("all", all);
        }
        if (defaultVisible) {
            names.put("default", dflt);
        }
        return names.keySet();
    }
}
