package dev.linnet.net.ipv4;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The datagrams of one family that a namespace has in fragments (`struct fqdir`,
/// `net/ipv4/inet_fragment.c`). Safe from any thread.
///
/// @param <K> what tells datagrams apart: addresses, protocol, identification
public final class InetFrags<K> {
    final NetNamespace net;
    private final LongSupplier highThresh;
    private final IntSupplier timeout;
    private final Map<K, InetFragQueue<K>> queues = new ConcurrentHashMap<>();
    private final AtomicLong mem = new AtomicLong();

    /// @param highThresh bytes that all fragments together may take
    /// @param timeout jiffies for a datagram to come whole
    public InetFrags(NetNamespace net, LongSupplier highThresh, IntSupplier timeout) {
        this.net = net;
        this.highThresh = highThresh;
        this.timeout = timeout;
    }

    /// The queue of a datagram, made if there is none; null while the fragments take more memory than
    /// they may (`inet_frag_find`).
    @Kernel("inet_frag_find")
    public @Nullable InetFragQueue<K> find(K key, Function<K, InetFragQueue<K>> maker) {
        if (mem.get() > highThresh.getAsLong()) {
            return null;
        }
        InetFragQueue<K> q = queues.get(key);
        return q != null ? q : create(key, maker);
    }

    @Kernel("inet_frag_create")
    private InetFragQueue<K> create(K key, Function<K, InetFragQueue<K>> maker) {
        InetFragQueue<K> made = maker.apply(key);
        InetFragQueue<K> other = queues.putIfAbsent(key, made);
        if (other != null) {
            return other;
        }
        made.start();
        return made;
    }

    void remove(InetFragQueue<K> q) {
        queues.remove(q.key, q);
    }

    void charge(long bytes) {
        mem.addAndGet(bytes);
    }

    int timeout() {
        return timeout.getAsInt();
    }

    /// Bytes that fragments take at present (`FRAG: inuse … memory` of `/proc/net/sockstat`).
    public long memory() {
        return mem.get();
    }

    /// Datagrams of which some fragments are here.
    public int inUse() {
        return queues.size();
    }

    /// Gives up all that came over a device.
    public void purge(int ifindex) {
        for (InetFragQueue<K> q : queues.values()) {
            if (q.ifindex() == ifindex) {
                q.purge();
            }
        }
    }
}
