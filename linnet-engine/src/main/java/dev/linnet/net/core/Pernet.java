package dev.linnet.net.core;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// A piece of state of which each network namespace has one (`pernet_operations`, `net_generic`).
///
/// Declared as a constant by the package that owns the state, so that a namespace can hold the
/// tables of protocols that it does not know: `static final Pernet<FibTable> FIB = …; FIB.of(net)`.
public final class Pernet<T> {
    private static final AtomicInteger NEXT = new AtomicInteger();

    final int id = NEXT.getAndIncrement();
    private final Function<NetNamespace, T> maker;

    /// @param maker makes a namespace's own state when it is first asked for
    public Pernet(Function<NetNamespace, T> maker) {
        this.maker = maker;
    }

    /// The state of a namespace; an array load once it exists.
    @SuppressWarnings("unchecked") // slot `id` only ever holds what `maker` made
    public T of(NetNamespace net) {
        Object state = net.generic(id);
        return state != null ? (T) state : (T) net.makeGeneric(id, maker);
    }
}
