package dev.linnet.jvm.nio;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelectionKey;

/// A channel that is registered with a selector.
final class LinnetSelectionKey extends AbstractSelectionKey {
    private static final VarHandle INTEREST;

    static {
        try {
            INTEREST =
                    MethodHandles.lookup()
                            .findVarHandle(LinnetSelectionKey.class, "interest", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final AbstractSelectableChannel channel;
    final Pollable pollable;
    private final LinnetSelector selector;

    @SuppressWarnings("unused") // through INTEREST
    private volatile int interest;

    private volatile int ready;

    // The rest belongs to the selector and is guarded by its monitor or, `queued`, by that of its
    // queue.

    /// Events that the epoll instance watches for; 0 while it does not know the channel.
    int watched;

    /// Whether the interest has changed and the epoll instance does not know it yet.
    boolean queued;

    /// Where it is among the selected keys, -1 if it is not.
    int selectedAt = -1;

    LinnetSelectionKey(
            LinnetSelector selector, AbstractSelectableChannel channel, Pollable pollable) {
        this.selector = selector;
        this.channel = channel;
        this.pollable = pollable;
    }

    @Override
    public SelectableChannel channel() {
        return channel;
    }

    @Override
    public LinnetSelector selector() {
        return selector;
    }

    private void ensureValid() {
        if (!isValid()) {
            throw new CancelledKeyException();
        }
    }

    private void check(int ops) {
        ensureValid();
        if ((ops & ~channel.validOps()) != 0) {
            throw new IllegalArgumentException();
        }
    }

    @Override
    public int interestOps() {
        ensureValid();
        return interest;
    }

    @Override
    public SelectionKey interestOps(int ops) {
        check(ops);
        if ((int) INTEREST.getAndSet(this, ops) != ops) {
            selector.interestChanged(this);
        }
        return this;
    }

    @Override
    public int interestOpsOr(int ops) {
        check(ops);
        int before = (int) INTEREST.getAndBitwiseOr(this, ops);
        if ((before | ops) != before) {
            selector.interestChanged(this);
        }
        return before;
    }

    @Override
    public int interestOpsAnd(int ops) {
        ensureValid();
        int before = (int) INTEREST.getAndBitwiseAnd(this, ops);
        if ((before & ops) != before) {
            selector.interestChanged(this);
        }
        return before;
    }

    @Override
    public int readyOps() {
        ensureValid();
        return ready;
    }

    // ---- for the selector, which does not care whether the key is valid
    // ----------------------------

    int interest() {
        return interest;
    }

    int ready() {
        return ready;
    }

    void setReady(int ops) {
        ready = ops;
    }

    @Override
    public String toString() {
        String text = "channel=" + channel + ", selector=" + selector;
        return isValid()
                ? text + ", interestOps=" + interest + ", readyOps=" + ready
                : text + ", invalid";
    }
}
