package dev.linnet.net.ipv4;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.Pernet;
import dev.linnet.net.core.PrefixTrie;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.wire.In6Addr;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The IPv4 routes of a namespace: the tables "local" and "main" (`struct fib_table`), consulted in
/// that order. Look-ups take no lock.
public final class FibTable {
    public static final Pernet<FibTable> OF = new Pernet<>(net -> new FibTable());

    private static final Predicate<FibInfo> ANY = info -> true;

    private final PrefixTrie<FibInfo> local = new PrefixTrie<>();
    private final PrefixTrie<FibInfo> main = new PrefixTrie<>();

    private FibTable() {}

    /// The best route for a destination, or null (`fib_lookup`).
    ///
    /// @param oif interface that it must use, or 0
    @Kernel("fib_lookup")
    @HotPath
    public @Nullable FibInfo lookup(int daddr, int oif) {
        long lo = In6Addr.mapV4(daddr);
        FibInfo info = oif == 0 ? local.lookup(0, lo, ANY) : lookupOif(local, lo, oif);
        if (info != null) {
            return oif == 0 ? info : overOif(info, oif);
        }
        info = oif == 0 ? main.lookup(0, lo, ANY) : lookupOif(main, lo, oif);
        return info == null || oif == 0 ? info : overOif(info, oif);
    }

    /// As [#lookup], of destinations that need no router.
    public @Nullable FibInfo lookupOnLink(int daddr, int oif) {
        long lo = In6Addr.mapV4(daddr);
        FibInfo info = firstOnLink(local, lo, oif);
        return info != null ? info : firstOnLink(main, lo, oif);
    }

    private static @Nullable FibInfo firstOnLink(PrefixTrie<FibInfo> trie, long lo, int oif) {
        FibInfo list = trie.lookup(0, lo, info -> onLink(info, oif) != null);
        return list == null ? null : onLink(list, oif);
    }

    private static @Nullable FibInfo onLink(FibInfo list, int oif) {
        for (FibInfo info = list; info != null; info = info.next) {
            if (info.gateway == 0 && (oif == 0 || info.dev.ifindex == oif)) {
                return info;
            }
        }
        return null;
    }

    private static @Nullable FibInfo lookupOif(PrefixTrie<FibInfo> trie, long lo, int oif) {
        return trie.lookup(0, lo, info -> overOif(info, oif) != null);
    }

    private static @Nullable FibInfo overOif(FibInfo list, int oif) {
        for (FibInfo info = list; info != null; info = info.next) {
            if (info.dev.ifindex == oif) {
                return info;
            }
        }
        return null;
    }

    @Nullable FibInfo lookupLocal(int addr) {
        return local.lookup(0, In6Addr.mapV4(addr), ANY);
    }

    void add(boolean toLocal, int dst, int prefixLen, FibInfo info) {
        table(toLocal)
                .update(
                        0,
                        In6Addr.mapV4(dst),
                        96 + prefixLen,
                        present -> FibInfo.insert(present, info));
    }

    /// Removes the first route of a prefix that the filter accepts; false if there is none.
    boolean remove(boolean fromLocal, int dst, int prefixLen, Predicate<FibInfo> filter) {
        boolean[] done = new boolean[1];
        table(fromLocal)
                .update(
                        0,
                        In6Addr.mapV4(dst),
                        96 + prefixLen,
                        present -> removeFirst(present, filter, done));
        return done[0];
    }

    private static @Nullable FibInfo removeFirst(
            @Nullable FibInfo list, Predicate<FibInfo> filter, boolean[] done) {
        if (list == null) {
            return null;
        }
        if (!done[0] && filter.test(list)) {
            done[0] = true;
            return list.next;
        }
        FibInfo rest = removeFirst(list.next, filter, done);
        return list.withNext(rest);
    }

    /// Removes every route over a device (`fib_flush`).
    @Kernel("fib_flush")
    void flush(NetDevice dev) {
        for (PrefixTrie<FibInfo> trie : List.of(local, main)) {
            List<PrefixTrie.Prefix> prefixes = new ArrayList<>();
            trie.forEach((prefix, info) -> prefixes.add(prefix));
            for (PrefixTrie.Prefix p : prefixes) {
                trie.update(p.hi(), p.lo(), p.plen(), list -> FibInfo.without(list, dev));
            }
        }
    }

    /// Shows the routes of the main table: destination, prefix length, and each route in order.
    public void forEach(BiConsumer<PrefixTrie.Prefix, FibInfo> action) {
        main.forEach(
                (prefix, list) -> {
                    for (FibInfo info = list; info != null; info = info.next) {
                        action.accept(prefix, info);
                    }
                });
    }

    private PrefixTrie<FibInfo> table(boolean isLocal) {
        return isLocal ? local : main;
    }
}
