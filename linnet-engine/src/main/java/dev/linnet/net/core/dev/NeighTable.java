package dev.linnet.net.core.dev;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.NeighSysctls;
import dev.linnet.kernel.time.KTimer;
import dev.linnet.net.core.NetNamespace;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The neighbours of a namespace that one protocol resolves (`struct neigh_table`).
///
/// Look-ups take no lock; changes are made under the table's monitor, one at a time. What is not used
/// is thrown away when there are more than `gc_thresh1` entries; more than `gc_thresh3` there
/// never are.
public final class NeighTable {
    private static final int BUCKETS = 256;

    /// Between two forced collections above `gc_thresh2`, jiffies; also the age that protects.
    private static final long FORCED_GC_JIFFIES = 5_000;

    /// Between two regular ones: half of the base reachable time of 30 s.
    private static final long GC_INTERVAL_JIFFIES = 15_000;

    private static final KTimer.Function COLLECT = owner -> ((NeighTable) owner).periodic();

    final NeighOps ops;

    /// Its knobs: ARP's or neighbour discovery's.
    final NeighSysctls rows;

    private final NetNamespace net;
    private final AtomicReferenceArray<@Nullable Neighbour> buckets =
            new AtomicReferenceArray<>(BUCKETS);
    private final KTimer gcTimer;
    private int entries;
    private long lastFlush;

    NeighTable(NetNamespace net, NeighSysctls rows, NeighOps ops) {
        this.rows = rows;
        this.net = net;
        this.ops = ops;
        this.gcTimer = net.timers.timer(COLLECT, this);
        this.lastFlush = net.clock.jiffies();
        net.devices.addNotifier(
                (dev, event) -> {
                    switch (event) {
                        case DOWN, UNREGISTER -> flush(dev);
                        case REGISTER, UP, CHANGE_MTU -> {}
                    }
                });
    }

    @HotPath
    private static int bucket(NetDevice dev, long hi, long lo) {
        long h = (hi ^ lo * 0x9E3779B97F4A7C15L) + dev.ifindex;
        h = (h ^ (h >>> 32)) * 0x94D049BB133111EBL;
        return (int) (h >>> 40) & (BUCKETS - 1);
    }

    /// The entry of an address, or null (`neigh_lookup`).
    @Kernel({"neigh_lookup", "__neigh_lookup"})
    @HotPath
    public @Nullable Neighbour lookup(NetDevice dev, long hi, long lo) {
        Neighbour n = buckets.get(bucket(dev, hi, lo));
        while (n != null && (n.lo != lo || n.hi != hi || n.dev != dev)) {
            n = n.hashNext;
        }
        return n;
    }

    /// The entry of an address, made if there is none; null if the table is full
    /// (`neigh_create`).
    @Kernel({"neigh_create", "___neigh_create"})
    @HotPath
    public @Nullable Neighbour lookupOrCreate(NetDevice dev, long hi, long lo) {
        Neighbour n = lookup(dev, hi, lo);
        return n != null ? n : create(dev, hi, lo);
    }

    private @Nullable Neighbour create(NetDevice dev, long hi, long lo) {
        List<Neighbour> collected = new ArrayList<>();
        Neighbour made;
        synchronized (this) {
            Neighbour other = lookup(dev, hi, lo);
            if (other != null) {
                return other;
            }
            made = room(collected) ? new Neighbour(this, dev, hi, lo) : null;
            if (made != null) {
                int at = bucket(dev, hi, lo);
                made.hashNext = buckets.get(at);
                buckets.set(at, made);
                entries++;
                armGc();
            }
        }
        collected.forEach(Neighbour::die);
        return made;
    }

    /// Makes room for one more; false if the table is full.
    @Kernel({"neigh_alloc", "neigh_forced_gc"})
    private boolean room(List<Neighbour> collected) {
        int max = net.sysctl.get(rows.gcThresh3);
        long now = net.clock.jiffies();
        boolean crowded =
                entries >= net.sysctl.get(rows.gcThresh2) && now > lastFlush + FORCED_GC_JIFFIES;
        if (entries >= max || crowded) {
            lastFlush = now;
            remove(n -> forcedOut(n, now), collected);
        }
        return entries < max;
    }

    private static boolean forcedOut(Neighbour n, long now) {
        int state = n.nudState();
        return (state & (Nud.CONNECTED | Nud.IN_TIMER)) == 0
                && (state == Nud.FAILED || now > n.updated() + FORCED_GC_JIFFIES);
    }

    private void armGc() {
        if (entries >= net.sysctl.get(rows.gcThresh1) && !gcTimer.pending()) {
            gcTimer.mod(net.clock.jiffies() + GC_INTERVAL_JIFFIES);
        }
    }

    @Kernel("neigh_periodic_work")
    private void periodic() {
        List<Neighbour> collected = new ArrayList<>();
        synchronized (this) {
            if (entries >= net.sysctl.get(rows.gcThresh1)) {
                long now = net.clock.jiffies();
                remove(n -> n.collectable(now, ops.parms(n.dev).get(rows.gcStaleTime)), collected);
            }
            armGc();
        }
        collected.forEach(Neighbour::die);
    }

    /// Forgets all neighbours on a device (`neigh_ifdown`).
    @Kernel("neigh_ifdown")
    private void flush(NetDevice dev) {
        List<Neighbour> collected = new ArrayList<>();
        synchronized (this) {
            remove(n -> n.dev == dev, collected);
        }
        collected.forEach(Neighbour::die);
    }

    /// Forgets one neighbour; false if it was not there (`neigh_delete`).
    @Kernel("neigh_delete")
    public boolean delete(NetDevice dev, long hi, long lo) {
        List<Neighbour> collected = new ArrayList<>();
        synchronized (this) {
            remove(n -> n.dev == dev && n.hi == hi && n.lo == lo, collected);
        }
        collected.forEach(Neighbour::die);
        return !collected.isEmpty();
    }

    private void remove(Predicate<Neighbour> which, List<Neighbour> removed) {
        for (int at = 0; at < BUCKETS; at++) {
            Neighbour before = null;
            for (Neighbour n = buckets.get(at); n != null; n = n.hashNext) {
                if (!which.test(n)) {
                    before = n;
                    continue;
                }
                if (before == null) {
                    buckets.set(at, n.hashNext);
                } else {
                    before.hashNext = n.hashNext;
                }
                entries--;
                removed.add(n);
            }
        }
    }

    /// A message showed a neighbour's address: its entry, made if need be, is stale at worst
    /// (`neigh_event_ns`).
    @Kernel("neigh_event_ns")
    public @Nullable Neighbour eventNs(NetDevice dev, long lladdr, long hi, long lo) {
        Neighbour n = lookupOrCreate(dev, hi, lo);
        if (n != null) {
            n.update(lladdr, Nud.STALE, Neighbour.UPDATE_OVERRIDE);
        }
        return n;
    }

    /// Shows all entries, in no order.
    public void forEach(Consumer<Neighbour> action) {
        for (int at = 0; at < BUCKETS; at++) {
            for (Neighbour n = buckets.get(at); n != null; n = n.hashNext) {
                action.accept(n);
            }
        }
    }
}
