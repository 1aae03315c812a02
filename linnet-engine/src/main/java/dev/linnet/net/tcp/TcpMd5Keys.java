package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.wire.In6Addr;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The TCP-MD5 keys of a sock (`struct tcp_md5sig_info`). An immutable list is exchanged on each
/// change, which happens under the sock's lock; look-ups need none.
@Kernel("tcp_md5sig_info")
public final class TcpMd5Keys {
    private volatile List<TcpMd5Key> keys = List.of();

    /// Adds a key or changes the one for the same peers.
    @Kernel("tcp_md5_do_add")
    void add(TcpMd5Key key) {
        List<TcpMd5Key> next = new ArrayList<>(keys);
        next.removeIf(k -> samePeers(k, key));
        next.add(key);
        keys = List.copyOf(next);
    }

    /// Removes the key for exactly these peers; false if there is none.
    @Kernel("tcp_md5_do_del")
    boolean remove(TcpMd5Key key) {
        List<TcpMd5Key> next = new ArrayList<>(keys);
        boolean removed = next.removeIf(k -> samePeers(k, key));
        keys = List.copyOf(next);
        return removed;
    }

    private static boolean samePeers(TcpMd5Key a, TcpMd5Key b) {
        return a.family() == b.family()
                && a.addrHi() == b.addrHi()
                && a.addrLo() == b.addrLo()
                && a.prefixLen() == b.prefixLen()
                && a.ifindex() == b.ifindex();
    }

    public boolean isEmpty() {
        return keys.isEmpty();
    }

    /// The key for a peer, or null: the longest prefix wins, then a key that is bound to the
    /// interface.
    @Kernel("__tcp_md5_do_lookup")
    @Nullable TcpMd5Key find(long hi, long lo, int ifindex) {
        TcpMd5Key best = null;
        for (TcpMd5Key key : keys) {
            if ((key.ifindex() == 0 || key.ifindex() == ifindex)
                    && covers(key, hi, lo)
                    && (best == null || better(key, best))) {
                best = key;
            }
        }
        return best;
    }

    private static boolean better(TcpMd5Key key, TcpMd5Key than) {
        int a = bits(key);
        int b = bits(than);
        return a > b || (a == b && key.ifindex() != 0 && than.ifindex() == 0);
    }

    private static boolean covers(TcpMd5Key key, long hi, long lo) {
        return In6Addr.prefixEqual(key.addrHi(), key.addrLo(), hi, lo, bits(key));
    }

    /// Length of the prefix in a 128-bit address.
    private static int bits(TcpMd5Key key) {
        boolean v4 = In6Addr.isV4Mapped(key.addrHi(), key.addrLo());
        return v4 ? 96 + key.prefixLen() : key.prefixLen();
    }
}
