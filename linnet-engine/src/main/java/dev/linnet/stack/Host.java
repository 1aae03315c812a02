package dev.linnet.stack;

import dev.linnet.fs.MntNamespace;
import dev.linnet.hook.Hooks;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.Loopback;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.NetDeviceConfig;
import dev.linnet.net.core.dev.RouteMetrics;
import dev.linnet.net.ipv4.Devinet;
import dev.linnet.net.ipv4.FibFrontend;
import dev.linnet.net.ipv6.Addrconf;
import dev.linnet.net.ipv6.Ip6Fib;
import dev.linnet.net.unix.AfUnix;
import dev.linnet.proc.ProcRoot;
import dev.linnet.syscall.TaskTable;
import dev.linnet.uapi.Errno;
import dev.linnet.wire.Cidr;
import dev.linnet.wire.In4Addr;
import dev.linnet.wire.In6Addr;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A host: a network namespace with interfaces, addresses, routes, settings and processes.
///
/// Configuration mistakes are `IllegalArgumentException`s that say what is wrong. Thread-safe.
public final class Host implements AutoCloseable {
    private final Stack stack;
    private final NetNamespace net;
    private final MntNamespace mounts;
    private final List<Task> tasks = new ArrayList<>();
    private final TaskTable taskTable = new TaskTable();

    Host(Stack stack, String name) {
        this.stack = stack;
        this.net =
                new NetNamespace(
                        name,
                        stack.scheduler(),
                        stack.pool(),
                        stack.random().fork(),
                        NamespaceInit.sysctls(),
                        stack.inodes());
        NamespaceInit.init(net);
        mounts = new MntNamespace(stack.scheduler(), stack.folios(), RootFs.cacheBytes());
        RootFs.mount(mounts, new ProcRoot(net, taskTable, mounts));
        up(Loopback.register(net));
    }

    private void up(NetDevice dev) {
        int err = net.devices.up(dev);
        if (err < 0) {
            throw new IllegalStateException("cannot bring up " + dev + ": " + Errno.name(-err));
        }
    }

    public Stack stack() {
        return stack;
    }

    public String name() {
        return net.name;
    }

    /// The namespace itself, for Linnet's other modules.
    public NetNamespace net() {
        return net;
    }

    /// The tree of files, for Linnet's other modules.
    public MntNamespace mounts() {
        return mounts;
    }

    /// Mounts a directory of the machine that the JVM runs on, for the programs of this host. Nothing outside of
    /// it can be reached through it: its symbolic links lead to places in this host's own tree. The mount point is
    /// made if it is not there.
    ///
    /// @param directory on the machine
    /// @param at where, `/mnt/data` for example
    /// @throws IllegalArgumentException if one of them is not a directory or cannot be read
    public void mount(Path directory, String at, boolean readOnly) {
        RootFs.mountHost(mounts, directory, at, readOnly);
    }

    /// Sets how much of files of the machine is kept in memory at most, in bytes; a quarter of the JVM's memory
    /// unless set.
    public void setPageCacheLimit(long bytes) {
        mounts.cache.setLimit(bytes);
    }

    /// Takes a mount away; what is dirty is written first. 0, `-EBUSY`, `-EINVAL`, `-ENOENT`.
    public int umount(String at) {
        return RootFs.umount(mounts, at);
    }

    // ---- processes
    // ----------------------------------------------------------------------------------

    /// Starts a process (without a thread of its own): something that can make system calls.
    public Task newTask(String name) {
        return adopt(new Task(this, name, stack.newPid()));
    }

    /// The processes that were started, in that order; those that have ended have no descriptors.
    public List<Task> tasks() {
        synchronized (tasks) {
            return List.copyOf(tasks);
        }
    }

    TaskTable taskTable() {
        return taskTable;
    }

    Task adopt(Task task) {
        synchronized (tasks) {
            tasks.add(task);
        }
        return task;
    }

    /// Where security modules, audit listeners, cgroup programs and programs for TCP's events are
    /// attached to this host.
    public Hooks hooks() {
        return net.hooks;
    }

    /// A new sockmap for connections of this host, with keys from 0 to `entries - 1`.
    public SockMap newSockMap(int entries) {
        return new SockMap(entries);
    }

    // ---- interfaces
    // ---------------------------------------------------------------------------------

    /// Names of the interfaces in the order of their indices.
    public List<String> interfaces() {
        return net.devices.all().stream().map(dev -> dev.name).toList();
    }

    /// Adds a device and brings it up, for drivers in Linnet's other modules.
    ///
    /// @throws IllegalArgumentException if the name is taken or not one that Linux accepts
    public NetDevice addDevice(NetDeviceConfig config) {
        NetDevice dev = net.devices.register(config);
        if (dev == null) {
            throw new IllegalArgumentException(
                    "interface name " + config.name() + " is taken or invalid on host " + name());
        }
        up(dev);
        return dev;
    }

    /// Gives an interface an address such as `10.0.0.1/24` or `fd00::1/64`.
    public void addAddress(String dev, String cidr) {
        NetDevice device = device(dev);
        Cidr c = Cidr.parse(cidr);
        int err =
                c.isV4()
                        ? Devinet.addAddress(device, c.v4(), c.prefixLen())
                        : Addrconf.addAddress(device, c.hi(), c.lo(), c.prefixLen());
        require(err, "cannot add address " + cidr + " to " + dev);
    }

    /// Adds a route, for example `("0.0.0.0/0", "10.0.0.254", null)`.
    ///
    /// @param via gateway, or null for a destination on the link
    /// @param dev interface, or null to find it from the gateway
    public void addRoute(String cidr, @Nullable String via, @Nullable String dev) {
        addRoute(cidr, via, dev, RouteMetrics.NONE);
    }

    /// Adds a route with metrics, for Linnet's other modules.
    public void addRoute(
            String cidr, @Nullable String via, @Nullable String dev, RouteMetrics metrics) {
        Cidr c = Cidr.parse(cidr);
        NetDevice device = dev == null ? null : device(dev);
        In6Addr gateway = via == null ? In6Addr.ANY : parseAddress(via);
        int err =
                c.isV4()
                        ? FibFrontend.addRoute(
                                net,
                                c.v4(),
                                c.prefixLen(),
                                (int) gateway.lo(),
                                device,
                                0,
                                0,
                                metrics)
                        : Ip6Fib.addRoute(
                                net,
                                c.hi(),
                                c.lo(),
                                c.prefixLen(),
                                gateway.hi(),
                                gateway.lo(),
                                device,
                                1024,
                                metrics);
        require(err, "cannot add route " + cidr + (via == null ? "" : " via " + via));
    }

    private static In6Addr parseAddress(String text) {
        In6Addr v6 = In6Addr.isLiteral(text) ? In6Addr.parse(text) : null;
        return v6 != null ? v6 : In6Addr.ofV4(In4Addr.parse(text));
    }

    /// Sets an interface's MTU, 68 to 65535 bytes.
    public void setMtu(String dev, int mtu) {
        require(
                net.devices.setMtu(device(dev), mtu),
                "cannot set the MTU of " + dev + " to " + mtu);
    }

    /// Brings an interface up or takes it down.
    public void setUp(String dev, boolean isUp) {
        NetDevice device = device(dev);
        if (isUp) {
            up(device);
        } else {
            net.devices.down(device);
        }
    }

    /// The interface of a name.
    ///
    /// @throws IllegalArgumentException if there is none
    public NetDevice device(String name) {
        NetDevice dev = net.devices.byName(name);
        if (dev == null) {
            throw new IllegalArgumentException(
                    "host " + net.name + " has no interface " + name + "; it has " + interfaces());
        }
        return dev;
    }

    // ---- settings
    // -----------------------------------------------------------------------------------

    /// The value of a sysctl such as `net.ipv4.tcp_sack`, as `/proc/sys` shows it.
    ///
    /// @throws IllegalArgumentException if there is none of that name
    public String sysctl(String name) {
        String value = net.sysctl.read(name);
        if (value == null) {
            throw new IllegalArgumentException("no sysctl " + name);
        }
        return value;
    }

    /// Sets a sysctl; 0 or `-errno` (`-ENOENT` for an unknown name, `-EINVAL` for a bad value).
    public int setSysctl(String name, String value) {
        return net.sysctl.write(name, value);
    }

    // ---- what can be seen
    // ------------------------------------------------------------------------------

    /// The sockets of the host now: listeners first, then connections, then datagram sockets.
    public List<SocketInfo> sockets() {
        return SocketTable.list(net);
    }

    /// Every counter of the host by the name that `nstat` gives it (`TcpRetransSegs`,
    /// `TcpExtTCPLossProbes` …).
    public Map<String, Long> counters() {
        return net.mib.snapshot().values();
    }

    private static void require(int err, String what) {
        if (err < 0) {
            throw new IllegalArgumentException(what + ": " + Errno.name(-err));
        }
    }

    /// Ends every process, removes every interface, and drops what was still on its way: connections
    /// that had data to send are given up, without a word to the peer.
    @Override
    public void close() {
        List<Task> all;
        synchronized (tasks) {
            all = List.copyOf(tasks);
            tasks.clear();
        }
        all.forEach(Task::close);
        AfUnix.exit(net);
        for (NetDevice dev : net.devices.all()) {
            net.devices.unregister(dev);
        }
        NamespaceInit.exit(net);
        mounts.close();
    }
}
