package dev.linnet.kernel.sysctl;

import static dev.linnet.uapi.Errno.EACCES;
import static dev.linnet.uapi.Errno.ENOENT;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.ProcHandler.Place;
import dev.linnet.kernel.sysctl.SysctlSpec.Scope;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The knobs of one network namespace: what `sysctl` reads and writes there.
///
/// The first namespace of a stack is made with [#initial], every other with [#newNamespace]. Some knobs
/// have one value for all namespaces of a stack and are seen in the first only, as in Linux.
///
/// The typed `get` methods are for hot code: a plain array load, from any thread. All else takes the
/// lock of the stack's knobs for a short time.
public final class SysctlValues {
    static final List<SysctlTable> TABLES =
            List.of(
                    FsSysctls.TABLE,
                    NetCoreSysctls.TABLE,
                    TcpSysctls.TABLE,
                    IpSysctls.TABLE,
                    UdpSysctls.TABLE,
                    RouteSysctls.TABLE,
                    NeighSysctls.TABLE,
                    Ipv6Sysctls.TABLE,
                    UnixSysctls.TABLE);

    private static final NavigableMap<String, Sysctl> BY_PATH = byPath();

    private final SysctlRoot root;
    private final SysctlValues initial;
    private final SysctlStore own = new SysctlStore(SysctlTable.NAMESPACE);
    private final SysctlStore shared;
    private final DevDirectory conf4;
    private final DevDirectory conf6;
    private final DevDirectory neigh4;
    private final DevDirectory neigh6;
    private final Map<String, DevDirectory> directories = new HashMap<>();
    private final Map<Sysctl, List<Runnable>> observers = new ConcurrentHashMap<>();
    private final Map<Sysctl, List<Consumer<DevConf>>> deviceObservers = new ConcurrentHashMap<>();

    private SysctlValues(SysctlRoot root, @Nullable SysctlValues first) {
        this.root = root;
        this.initial = first != null ? first : this;
        this.shared = root.store;
        this.conf4 = directory(ConfSysctls.TABLE, true, null);
        this.conf6 = directory(Conf6Sysctls.TABLE, true, null);
        this.neigh4 =
                directory(
                        NeighSysctls.IPV4.table(),
                        false,
                        first != null ? first.neigh4.dflt() : null);
        this.neigh6 =
                directory(
                        NeighSysctls.IPV6.table(),
                        false,
                        first != null ? first.neigh6.dflt() : null);
        for (Sysctl row : BY_PATH.values()) {
            if (!row.spec().scope().shared() && !(row instanceof Sysctl.Virtual)) {
                own.reset(row, row.spec().initial().apply(root.machine));
            }
        }
        ConfSysctls.initAll(Objects.requireNonNull(conf4.all()));
        Conf6Sysctls.initAll(Objects.requireNonNull(conf6.all()));
    }

    private DevDirectory directory(DevTable table, boolean hasAll, @Nullable DevConf dflt) {
        DevDirectory directory = new DevDirectory(this, table, hasAll, dflt);
        directories.put(table.prefix().replace('.', '/'), directory);
        return directory;
    }

    private static NavigableMap<String, Sysctl> byPath() {
        NavigableMap<String, Sysctl> rows = new TreeMap<>();
        for (SysctlTable table : TABLES) {
            for (Sysctl row : table.rows()) {
                if (rows.put(row.name().replace('.', '/'), row) != null) {
                    throw new IllegalStateException("two rows for " + row.name());
                }
            }
        }
        return rows;
    }

    /// The knobs of the first namespace of a new stack, with Linux's defaults for a machine.
    public static SysctlValues initial(Machine machine) {
        return new SysctlValues(new SysctlRoot(machine), null);
    }

    /// The knobs of a namespace that a program in this one makes (`unshare(CLONE_NEWNET)`).
    @Kernel({"tcp_sk_init", "devinet_init_net", "addrconf_init_net"})
    public SysctlValues newNamespace() {
        SysctlValues child = new SysctlValues(root, initial);
        synchronized (root.lock) {
            for (Sysctl row : BY_PATH.values()) {
                if (row.spec().scope() == Scope.INHERITED) {
                    child.own.copy(row, initial.own);
                }
            }
            HashTables.sizeTcp(this, child);
            HashTables.sizeUdp(this, child);
            child.inheritConf(this, get(NetCoreSysctls.DEVCONF_INHERIT_INIT_NET));
        }
        return child;
    }

    /// What a new namespace takes for `conf.all` and `conf.default`: 0 for IPv4 those of the initial
    /// namespace, for IPv6 the built-in ones; 1 those of the initial namespace; 2 the built-in ones; 3
    /// those of the creator.
    private void inheritConf(SysctlValues creator, int how) {
        if (how == 0 || how == 1) {
            conf4.copyFrom(initial.conf4);
        }
        if (how == 1) {
            conf6.copyFrom(initial.conf6);
        }
        if (how == 3) {
            conf4.copyFrom(creator.conf4);
            conf6.copyFrom(creator.conf6);
        }
    }

    /// The machine that defaults were computed for.
    public Machine machine() {
        return root.machine;
    }

    /// Whether this is the first namespace of its stack.
    public boolean isInitial() {
        return initial == this;
    }

    /// The congestion controls of the stack.
    public CongestionNames congestionNames() {
        return root.congestion;
    }

    /// The queueing disciplines of the stack.
    public QdiscNames qdiscNames() {
        return root.qdiscs;
    }

    // Typed access.

    /// The value of a knob; times are in jiffies.
    @HotPath
    public int get(Sysctl.Int row) {
        return (row.shared() ? shared : own).ints[row.slot()];
    }

    /// Whether the value is not zero.
    @HotPath
    public boolean get(Sysctl.Bool row) {
        return (row.shared() ? shared : own).ints[row.slot()] != 0;
    }

    /// The value of a knob, 0 to 2³²-1.
    @HotPath
    public long get(Sysctl.UInt row) {
        return (row.shared() ? shared : own).ints[row.slot()] & 0xffff_ffffL;
    }

    /// The value of a knob, to be read as unsigned.
    @HotPath
    public long get(Sysctl.ULong row) {
        return (row.shared() ? shared : own).longs[row.slot()];
    }

    /// Number `i` of a knob.
    @HotPath
    public int get(Sysctl.Ints row, int i) {
        return (row.shared() ? shared : own).ints[row.slot() + i];
    }

    /// Number `i` of a knob, to be read as unsigned.
    @HotPath
    public long get(Sysctl.ULongs row, int i) {
        return (row.shared() ? shared : own).longs[row.slot() + i];
    }

    /// The text of a knob.
    public String get(Sysctl.Text row) {
        return (String) Objects.requireNonNull((row.shared() ? shared : own).object(row.slot()));
    }

    /// Whether a number is in the set of a knob; false if it is out of range.
    @HotPath
    public boolean get(Sysctl.Bits row, int i) {
        long[] words = words(row);
        return i >= 0 && i >> 6 < words.length && (words[i >> 6] >>> i & 1) != 0;
    }

    private long[] words(Sysctl.Bits row) {
        return (long[]) Objects.requireNonNull((row.shared() ? shared : own).object(row.slot()));
    }

    /// Sets a value without checks and runs the observers: for what the stack itself decides. Times are
    /// in jiffies.
    public void set(Sysctl.Int row, int value) {
        store(row, value);
    }

    /// Sets a value without checks and runs the observers.
    public void set(Sysctl.Bool row, boolean value) {
        store(row, value ? 1 : 0);
    }

    private void store(Sysctl row, long value) {
        change(
                changes -> {
                    storeOf(row).setNumber(row, 0, value);
                    changes.add(this, row);
                });
    }

    /// Sets a text without checks and runs the observers.
    public void set(Sysctl.Text row, String value) {
        change(
                changes -> {
                    storeOf(row).setObject(row.slot(), value);
                    changes.add(this, row);
                });
    }

    private SysctlStore storeOf(Sysctl row) {
        return row.spec().scope().shared() ? shared : own;
    }

    /// Runs a change under the lock, and then the observers that it has woken.
    void change(Consumer<Changes> change) {
        Changes changes = new Changes();
        synchronized (root.lock) {
            change.accept(changes);
        }
        changes.run();
    }

    // Observers.

    /// Runs `observer` after each successful write of a knob in this namespace, in the writer's thread
    /// and without a lock. For a knob that all namespaces share, observe it in the initial namespace.
    public void observe(Sysctl row, Runnable observer) {
        observers.computeIfAbsent(row, r -> new CopyOnWriteArrayList<>()).add(observer);
    }

    /// Runs `observer` with the device (or `all` or `default`) after each change of a knob of devices,
    /// in the writer's thread and without a lock.
    public void observe(Sysctl.Dev row, Consumer<DevConf> observer) {
        deviceObservers.computeIfAbsent(row, r -> new CopyOnWriteArrayList<>()).add(observer);
    }

    List<Runnable> observers(Sysctl row) {
        return observers.getOrDefault(row, List.of());
    }

    List<Consumer<DevConf>> deviceObservers(Sysctl row) {
        return deviceObservers.getOrDefault(row, List.of());
    }

    // Devices.

    /// `net.ipv4.conf.all`.
    public DevConf ipv4All() {
        return Objects.requireNonNull(conf4.all());
    }

    /// `net.ipv4.conf.default`.
    public DevConf ipv4Default() {
        return conf4.dflt();
    }

    /// `net.ipv6.conf.all`.
    public DevConf ipv6All() {
        return Objects.requireNonNull(conf6.all());
    }

    /// `net.ipv6.conf.default`.
    public DevConf ipv6Default() {
        return conf6.dflt();
    }

    /// Makes the IPv4 knobs of a new device, with the values of `default`.
    @Kernel("inetdev_init")
    public DeviceSysctls addIpv4(String device, boolean loopback) {
        synchronized (root.lock) {
            DeviceSysctls made = new DeviceSysctls(conf4.add(device), neigh4.add(device));
            if (loopback) {
                ConfSysctls.initLoopback(made.conf());
            }
            return made;
        }
    }

    /// Makes the IPv6 knobs of a device, with the values of `default`.
    ///
    /// @param mtu of the device, at least 1280
    /// @param noArp whether the device has no addresses to resolve (IFF_NOARP or IFF_LOOPBACK)
    /// @param noTemporary whether it gets no temporary addresses: a loopback, tunnel or TUN device
    @Kernel("ipv6_add_dev")
    public DeviceSysctls addIpv6(String device, int mtu, boolean noArp, boolean noTemporary) {
        synchronized (root.lock) {
            DeviceSysctls made = new DeviceSysctls(conf6.add(device), neigh6.add(device));
            Conf6Sysctls.initDevice(made.conf(), mtu, noArp, noTemporary);
            return made;
        }
    }

    /// Removes the IPv4 knobs of a device.
    public void removeIpv4(String device) {
        synchronized (root.lock) {
            conf4.remove(device);
            neigh4.remove(device);
        }
    }

    /// Removes the IPv6 knobs of a device.
    public void removeIpv6(String device) {
        synchronized (root.lock) {
            conf6.remove(device);
            neigh6.remove(device);
        }
    }

    /// Gives the knobs of a device another name.
    public void renameDevice(String device, String newName) {
        synchronized (root.lock) {
            for (DevDirectory directory : directories.values()) {
                directory.rename(device, newName);
            }
        }
    }

    // Files.

    /// Reads a knob and appends what its file holds, with the final newline.
    ///
    /// @param name dotted (`net.ipv4.tcp_sack`, with `/` for a dot inside a name:
    ///     `net.ipv4.conf.eth0/1.forwarding`) or as a path (`net/ipv4/tcp_sack`)
    /// @return 0; -ENOENT if there is no such knob, -EACCES if it cannot be read, -EIO if it has no
    ///     value yet
    public int read(String name, StringBuilder out) {
        synchronized (root.lock) {
            Place place = find(SysctlName.path(name));
            if (place == null) {
                return -ENOENT;
            }
            return (modeOf(place) & 0400) == 0 ? -EACCES : handler(place).read(place, out);
        }
    }

    /// What `sysctl -n` prints for a knob: the file without the final newline, or null if it cannot be
    /// read.
    public @Nullable String read(String name) {
        StringBuilder out = new StringBuilder();
        return read(name, out) == 0 ? out.substring(0, out.length() - 1) : null;
    }

    /// Writes a text to a knob, as one `write` to its file does, and runs its observers.
    ///
    /// @return 0; -ENOENT if there is no such knob, -EACCES if it cannot be written here, -EINVAL or
    ///     another error of the knob if the text is not accepted
    public int write(String name, String text) {
        Changes changes = new Changes();
        int err;
        synchronized (root.lock) {
            Place place = find(SysctlName.path(name));
            if (place == null) {
                return -ENOENT;
            }
            if ((modeOf(place) & 0200) == 0) {
                return -EACCES;
            }
            err = handler(place).write(place, text, changes);
            if (err == 0 && place.dev() == null) {
                changes.add(this, place.row());
            }
        }
        changes.run();
        return err;
    }

    private static ProcHandler handler(Place place) {
        return place.row().spec().handler();
    }

    private int modeOf(Place place) {
        return place.row().spec().modeIn(isInitial());
    }

    /// The permissions of a knob's file in this namespace, such as 0644, or -ENOENT.
    public int mode(String name) {
        synchronized (root.lock) {
            Place place = find(SysctlName.path(name));
            return place == null ? -ENOENT : modeOf(place);
        }
    }

    /// The row of a name, or null.
    @Nullable Sysctl row(String name) {
        synchronized (root.lock) {
            Place place = find(SysctlName.path(name));
            return place == null ? null : place.row();
        }
    }

    private @Nullable Place find(String path) {
        Sysctl row = BY_PATH.get(path);
        if (row != null) {
            return row.spec().modeIn(isInitial()) == 0
                    ? null
                    : new Place(this, row, storeOf(row), null);
        }
        int leafAt = path.lastIndexOf('/');
        int deviceAt = leafAt < 0 ? -1 : path.lastIndexOf('/', leafAt - 1);
        DevDirectory directory = deviceAt < 0 ? null : directories.get(path.substring(0, deviceAt));
        if (directory == null) {
            return null;
        }
        DevConf conf = directory.find(path.substring(deviceAt + 1, leafAt));
        Sysctl deviceRow = directory.table().row(path.substring(leafAt + 1));
        return conf == null || deviceRow == null
                ? null
                : new Place(this, deviceRow, conf.store, conf);
    }

    /// The dotted names of all knobs that this namespace shows, sorted.
    public List<String> names() {
        TreeSet<String> paths = new TreeSet<>();
        BY_PATH.forEach(
                (path, row) -> {
                    if (row.spec().modeIn(isInitial()) != 0) {
                        paths.add(path);
                    }
                });
        synchronized (root.lock) {
            directories.forEach(
                    (path, directory) -> {
                        for (String device : directory.names()) {
                            for (Sysctl row : directory.table().rows()) {
                                paths.add(path + "/" + device + "/" + row.name());
                            }
                        }
                    });
        }
        String[] names = paths.stream().map(SysctlName::dotted).toArray(String[]::new);
        Arrays.sort(names);
        return List.of(names);
    }
}
