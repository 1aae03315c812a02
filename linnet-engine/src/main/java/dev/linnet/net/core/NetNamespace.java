package dev.linnet.net.core;

import dev.linnet.fs.FilesStat;
import dev.linnet.hook.Hooks;
import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.MibCounters;
import dev.linnet.kernel.sched.Scheduler;
import dev.linnet.kernel.sysctl.SysctlValues;
import dev.linnet.kernel.time.Clock;
import dev.linnet.kernel.time.Timers;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.NetDeviceTable;
import dev.linnet.net.core.skb.SkBuffPool;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A network namespace (`struct net`): the interfaces, addresses, routes, sysctls, counters and
/// sockets of one host. Several share one stack's clock, scheduler and packet memory.
///
/// The maps that a protocol needs per namespace hang in [Pernet] slots.
public final class NetNamespace {
    /// Name for people: of the simulated host.
    public final String name;

    public final Scheduler scheduler;
    public final Clock clock;
    public final Timers timers;
    public final SkBuffPool pool;
    public final NetRandom random;
    public final SysctlValues sysctl;
    public final MibCounters mib = new MibCounters();
    public final NetDeviceTable devices;

    /// The open files of the host.
    public final FilesStat files;

    /// Programs of the user that are asked on the way of a connection.
    public final Hooks hooks = new Hooks();

    /// Changes whenever a route or an address does, so that cached routes are looked up anew
    /// (`rt_genid`).
    private final AtomicLong routeGenid = new AtomicLong(1);

    /// Never the same for two namespaces (`net_cookie`).
    public final long cookie;

    private final AtomicLong nextCookie = new AtomicLong(1);
    private final AtomicLong nextInode;
    private volatile Object[] generic = new Object[16];

    /// @param inodes where sockets get their inode numbers from, one counter for a whole stack
    public NetNamespace(
            String name,
            Scheduler scheduler,
            SkBuffPool pool,
            NetRandom random,
            SysctlValues sysctl,
            AtomicLong inodes) {
        this.name = name;
        this.scheduler = scheduler;
        this.clock = scheduler.clock();
        this.timers = scheduler.timers();
        this.pool = pool;
        this.random = random;
        this.sysctl = sysctl;
        this.nextInode = inodes;
        this.cookie = inodes.getAndIncrement();
        this.devices = new NetDeviceTable(this);
        this.files = new FilesStat(sysctl);
    }

    /// The loopback device, the first of every namespace.
    public NetDevice loopback() {
        return devices.loopback();
    }

    /// A number that is different after any change of addresses or routes.
    @HotPath
    public long routeGenid() {
        return routeGenid.get();
    }

    /// Makes every cached route be looked up again (`rt_genid_bump_all`).
    public void bumpRouteGenid() {
        routeGenid.incrementAndGet();
    }

    /// A number for a new socket that never comes again in this namespace (`sock_gen_cookie`).
    public long newCookie() {
        return nextCookie.getAndIncrement();
    }

    /// An inode number for a new socket or pipe.
    @Kernel({"new_inode_pseudo", "get_next_ino"})
    public long newInode() {
        return nextInode.getAndIncrement();
    }

    @HotPath
    @Nullable Object generic(int id) {
        Object[] slots = generic;
        return id < slots.length ? slots[id] : null;
    }

    /// Makes a slot's state once; whoever comes second gets the first one's.
    synchronized Object makeGeneric(int id, Function<NetNamespace, ?> maker) {
        Object existing = generic(id);
        if (existing != null) {
            return existing;
        }
        Object made = maker.apply(this);
        Object[] slots = generic;
        slots = Arrays.copyOf(slots, Math.max(slots.length, id + 1));
        slots[id] = made;
        generic = slots;
        return made;
    }

    @Override
    public String toString() {
        return "net " + name;
    }
}
