package dev.linnet.jvm.nio;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.linnet.fs.EventPoll;
import dev.linnet.jvm.SocketFd;
import dev.linnet.kernel.sched.Signals;
import dev.linnet.stack.Task;
import dev.linnet.syscall.EpollCalls;
import dev.linnet.uapi.Epoll;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.PollEvents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.IllegalSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A selector: an epoll instance of the stack, with the JDK's rules for keys.
///
/// The cost of a selection depends on how many channels are ready, not on how many are registered. What a key is
/// interested in is told to the epoll instance at the next selection; [#wakeup] writes to an eventfd that it watches
/// too. A selection holds this object's monitor and that of the selected keys.
final class LinnetSelector extends AbstractSelector {
    /// Events that one selection takes at most.
    private static final int MAX_EVENTS = 1024;

    private static final ByteBuffer ONE =
            ByteBuffer.allocate(8).order(java.nio.ByteOrder.nativeOrder()).putLong(0, 1);
    private static final long NS_PER_MS = 1_000_000;

    /// How long [#doSelect] may wait: not at all, or for ever.
    private static final long LOOK = 0;

    private static final long FOREVER = -1;

    private final Task task;
    private final int epfd;
    private final int wakeFd;

    private final Set<SelectionKey> keys = ConcurrentHashMap.newKeySet();
    private final Set<SelectionKey> publicKeys = Collections.unmodifiableSet(keys);
    private final SelectedKeys selectedKeys = new SelectedKeys();

    /// Keys whose interest has changed since the last selection.
    private final ArrayDeque<LinnetSelectionKey> changed = new ArrayDeque<>();

    /// The registered key of each descriptor.
    @GuardedBy("this")
    private @Nullable LinnetSelectionKey[] byFd = new LinnetSelectionKey[64];

    /// What the last wait gave.
    private final int[] events = new int[MAX_EVENTS];

    private final int[] fds = new int[MAX_EVENTS];
    private final EventPoll.Sink sink = this::put;
    private final ByteBuffer counter = ByteBuffer.allocate(8);

    @GuardedBy("this")
    private boolean inSelect;

    private final Object wakeLock = new Object();

    @GuardedBy("wakeLock")
    private boolean woken;

    /// What the end of the process does.
    private final Runnable atExit = this::closeQuietly;

    LinnetSelector(SelectorProvider provider, Task task) throws IOException {
        super(provider);
        this.task = task;
        epfd = check(task.epollCreate1(Epoll.EPOLL_CLOEXEC));
        wakeFd = check(task.eventfd(0, dev.linnet.uapi.Fcntl.O_NONBLOCK));
        watch(Epoll.EPOLL_CTL_ADD, wakeFd, PollEvents.POLLIN);
        task.struct().exitWork.add(atExit);
    }

    private void closeQuietly() {
        try {
            close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int check(int result) throws IOException {
        if (result < 0) {
            throw new IOException(Errno.message(result));
        }
        return result;
    }

    private void watch(int op, int fd, int pollEvents) {
        int err = EpollCalls.ctl(task.struct(), epfd, op, fd, pollEvents, fd);
        if (err < 0) {
            throw new IllegalStateException("epoll_ctl: " + Errno.name(-err));
        }
    }

    // ---- keys
    // ---------------------------------------------------------------------------------------

    private void ensureOpen() {
        if (!isOpen()) {
            throw new ClosedSelectorException();
        }
    }

    @Override
    public Set<SelectionKey> keys() {
        ensureOpen();
        return publicKeys;
    }

    @Override
    public Set<SelectionKey> selectedKeys() {
        ensureOpen();
        return selectedKeys;
    }

    @Override
    protected SelectionKey register(
            AbstractSelectableChannel channel, int ops, @Nullable Object attachment) {
        if (!(channel instanceof Pollable pollable) || pollable.fd().task() != task) {
            throw new IllegalSelectorException();
        }
        ensureOpen();
        LinnetSelectionKey key = new LinnetSelectionKey(this, channel, pollable);
        key.attach(attachment);
        boolean held = pollable.fd().begin(SocketFd.ANY); // until the key has gone
        keys.add(key);
        try {
            key.interestOps(ops);
        } catch (CancelledKeyException e) {
            return key; // somebody saw it among the keys and cancelled it
        }
        if (!held) {
            keys.remove(key);
            throw new CancelledKeyException();
        }
        if (!isOpen()) {
            keys.remove(key);
            key.cancel();
            pollable.fd().end(SocketFd.ANY);
            throw new ClosedSelectorException();
        }
        return key;
    }

    /// The epoll instance hears of it at the next selection.
    void interestChanged(LinnetSelectionKey key) {
        synchronized (changed) {
            if (!key.queued) {
                key.queued = true;
                changed.add(key);
            }
        }
    }

    @GuardedBy("this")
    private void tellChanges() {
        synchronized (changed) {
            LinnetSelectionKey key;
            while ((key = changed.poll()) != null) {
                key.queued = false;
                if (key.isValid()) {
                    tell(key);
                }
            }
        }
    }

    @GuardedBy("this")
    private void tell(LinnetSelectionKey key) {
        int fd = key.pollable.fd().fd();
        int wanted = key.pollable.pollEvents(key.interest());
        if (wanted == key.watched) {
            return;
        }
        remember(fd, key);
        if (wanted == 0) {
            watch(Epoll.EPOLL_CTL_DEL, fd, 0);
        } else {
            watch(key.watched == 0 ? Epoll.EPOLL_CTL_ADD : Epoll.EPOLL_CTL_MOD, fd, wanted);
        }
        key.watched = wanted;
    }

    @GuardedBy("this")
    private void remember(int fd, @Nullable LinnetSelectionKey key) {
        if (fd >= byFd.length) {
            byFd = Arrays.copyOf(byFd, Integer.highestOneBit(fd) * 2);
        }
        byFd[fd] = key;
    }

    @GuardedBy("this")
    private void dropCancelled() {
        Set<SelectionKey> cancelled = cancelledKeys();
        synchronized (cancelled) {
            if (!cancelled.isEmpty()) {
                for (SelectionKey key : cancelled) {
                    drop((LinnetSelectionKey) key);
                }
                cancelled.clear();
            }
        }
    }

    /// The key goes: out of the sets, out of epoll, and the descriptor may be closed.
    @GuardedBy("this")
    private void drop(LinnetSelectionKey key) {
        if (!keys.remove(key)) {
            return;
        }
        SocketFd fd = key.pollable.fd();
        selectedKeys.take(key);
        if (key.watched != 0) {
            key.watched = 0;
            watch(Epoll.EPOLL_CTL_DEL, fd.fd(), 0);
        }
        if (fd.fd() < byFd.length && byFd[fd.fd()] == key) {
            byFd[fd.fd()] = null;
        }
        deregister(key);
        fd.end(SocketFd.ANY);
    }

    // ---- selection
    // ----------------------------------------------------------------------------------

    @Override
    public int select() throws IOException {
        return lockAndSelect(null, FOREVER);
    }

    @Override
    public int select(long timeout) throws IOException {
        return lockAndSelect(null, span(timeout));
    }

    @Override
    public int selectNow() throws IOException {
        return lockAndSelect(null, LOOK);
    }

    @Override
    public int select(Consumer<SelectionKey> action) throws IOException {
        return lockAndSelect(Objects.requireNonNull(action), FOREVER);
    }

    @Override
    public int select(Consumer<SelectionKey> action, long timeout) throws IOException {
        return lockAndSelect(Objects.requireNonNull(action), span(timeout));
    }

    @Override
    public int selectNow(Consumer<SelectionKey> action) throws IOException {
        return lockAndSelect(Objects.requireNonNull(action), LOOK);
    }

    private static long span(long timeoutMs) {
        if (timeoutMs < 0) {
            throw new IllegalArgumentException("Negative timeout");
        }
        return timeoutMs == 0 ? FOREVER : Math.min(timeoutMs, Integer.MAX_VALUE) * NS_PER_MS;
    }

    private int lockAndSelect(@Nullable Consumer<SelectionKey> action, long timeoutNs)
            throws IOException {
        synchronized (this) {
            ensureOpen();
            if (inSelect) {
                throw new IllegalStateException("select in progress");
            }
            inSelect = true;
            try {
                synchronized (selectedKeys) {
                    return doSelect(action, timeoutNs);
                }
            } finally {
                inSelect = false;
            }
        }
    }

    @GuardedBy("this")
    private int doSelect(@Nullable Consumer<SelectionKey> action, long timeoutNs)
            throws IOException {
        tellChanges();
        dropCancelled();
        int n = timeoutNs == LOOK ? epollWait(LOOK) : waitForEvents(timeoutNs);
        dropCancelled();
        return process(check(n), action);
    }

    private int waitForEvents(long timeoutNs) {
        Signals mine = Signals.current();
        begin(); // an interrupt is a wakeup
        mine.blockInterrupts(true);
        try {
            long end = timeoutNs == FOREVER ? 0 : now() + timeoutNs;
            long left = timeoutNs;
            int n;
            while ((n = epollWait(left)) == -Errno.EINTR) {
                mine.clear(); // it was meant for an earlier call
                left = timeoutNs == FOREVER ? FOREVER : Math.max(end - now(), LOOK);
            }
            return n;
        } finally {
            mine.blockInterrupts(false);
            end();
        }
    }

    private long now() {
        return task.host().stack().nowNs();
    }

    private int epollWait(long timeoutNs) {
        return EpollCalls.wait(task.struct(), epfd, sink, MAX_EVENTS, timeoutNs);
    }

    private boolean put(int i, int revents, long fd) {
        events[i] = revents;
        fds[i] = (int) fd;
        return true;
    }

    @GuardedBy("this")
    private int process(int n, @Nullable Consumer<SelectionKey> action) {
        int updated = 0;
        boolean wasWoken = false;
        for (int i = 0; i < n; i++) {
            int fd = fds[i];
            if (fd == wakeFd) {
                wasWoken = true;
                continue;
            }
            LinnetSelectionKey key = fd < byFd.length ? byFd[fd] : null;
            if (key != null) {
                updated += action == null ? select(key, events[i]) : give(key, events[i], action);
            }
        }
        if (wasWoken) {
            sleepAgain();
        }
        return updated;
    }

    /// Puts a key among the selected ones or adds to what it is ready for; 1 if that changed anything.
    private int select(LinnetSelectionKey key, int revents) {
        boolean selected = key.selectedAt >= 0;
        int before = selected ? key.ready() : 0;
        int ready = readyOps(key, revents, before);
        key.setReady(ready);
        if (!selected && ready != 0) {
            selectedKeys.put(key);
            return 1;
        }
        return selected && (ready & ~before) != 0 ? 1 : 0;
    }

    private int give(LinnetSelectionKey key, int revents, Consumer<SelectionKey> action) {
        key.setReady(readyOps(key, revents, 0));
        if (key.ready() == 0) {
            return 0;
        }
        action.accept(key);
        ensureOpen();
        return 1;
    }

    /// What a key is ready for beside what it was. An error or hang-up makes everything possible that it is interested
    /// in, and nothing else: the next call tells what it is.
    private static int readyOps(LinnetSelectionKey key, int revents, int before) {
        return (revents & (PollEvents.POLLERR | PollEvents.POLLHUP)) != 0
                ? key.interest()
                : before | key.pollable.readyOps(revents, key.interest());
    }

    // ---- waking up, the end
    // ---------------------------------------------------------------------------

    @Override
    public Selector wakeup() {
        synchronized (wakeLock) {
            if (!woken) {
                woken = true;
                task.write(wakeFd, ONE);
            }
        }
        return this;
    }

    private void sleepAgain() {
        synchronized (wakeLock) {
            if (isOpen()) {
                task.read(wakeFd, counter);
                woken = false;
            }
        }
    }

    @Override
    protected void implCloseSelector() {
        task.struct().exitWork.remove(atExit);
        wakeup();
        synchronized (this) {
            synchronized (selectedKeys) {
                for (SelectionKey key : keys) {
                    drop((LinnetSelectionKey) key);
                }
            }
            synchronized (wakeLock) {
                woken = true;
                task.close(wakeFd);
            }
            task.close(epfd);
        }
    }
}
