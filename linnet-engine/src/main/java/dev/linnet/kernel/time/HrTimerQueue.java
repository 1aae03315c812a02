package dev.linnet.kernel.time;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The high-resolution timers of one stack: a binary heap ordered by expiry, then by arming.
@SuppressWarnings("NullAway") // places below `size` hold timers
public final class HrTimerQueue {
    private @Nullable HrTimer[] heap = new HrTimer[64];
    private int size;
    private long orders;
    private final Runnable earlier;

    /// @param earlier called, without the lock, when a timer became the first of the queue
    public HrTimerQueue(Runnable earlier) {
        this.earlier = earlier;
    }

    void start(HrTimer timer, long atNs) {
        boolean first;
        synchronized (this) {
            if (timer.index >= 0) {
                remove(timer);
            }
            timer.expiresNs = atNs;
            timer.order = orders++;
            insert(timer);
            first = timer.index == 0;
        }
        if (first) {
            earlier.run();
        }
    }

    synchronized boolean cancel(HrTimer timer) {
        if (timer.index < 0) {
            return false;
        }
        remove(timer);
        return true;
    }

    synchronized boolean queued(HrTimer timer) {
        return timer.index >= 0;
    }

    /// When the first timer is due, in nanoseconds, or `Long.MAX_VALUE`.
    public synchronized long nextExpiryNs() {
        return size == 0 ? Long.MAX_VALUE : heap[0].expiresNs;
    }

    /// Runs every timer due at or before `nowNs`, in order.
    public void advance(long nowNs) {
        HrTimer timer;
        while ((timer = takeExpired(nowNs)) != null) {
            timer.run();
        }
    }

    private synchronized @Nullable HrTimer takeExpired(long nowNs) {
        if (size == 0 || heap[0].expiresNs > nowNs) {
            return null;
        }
        HrTimer first = heap[0];
        remove(first);
        return first;
    }

    private void insert(HrTimer timer) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        heap[size] = timer;
        timer.index = size++;
        siftUp(timer.index);
    }

    @SuppressWarnings("NullAway") // nothing behind the end is read
    private void remove(HrTimer timer) {
        int hole = timer.index;
        timer.index = -1;
        HrTimer last = heap[--size];
        heap[size] = null;
        if (last == timer) {
            return;
        }
        heap[hole] = last;
        last.index = hole;
        siftUp(hole);
        siftDown(last.index);
    }

    private void siftUp(int from) {
        int i = from;
        while (i > 0 && before(heap[i], heap[(i - 1) / 2])) {
            swap(i, (i - 1) / 2);
            i = (i - 1) / 2;
        }
    }

    private void siftDown(int from) {
        int i = from;
        while (true) {
            int child = 2 * i + 1;
            if (child >= size) {
                return;
            }
            if (child + 1 < size && before(heap[child + 1], heap[child])) {
                child++;
            }
            if (!before(heap[child], heap[i])) {
                return;
            }
            swap(i, child);
            i = child;
        }
    }

    private static boolean before(HrTimer a, HrTimer b) {
        return a.expiresNs != b.expiresNs ? a.expiresNs < b.expiresNs : a.order < b.order;
    }

    private void swap(int i, int j) {
        HrTimer a = heap[i];
        heap[i] = heap[j];
        heap[j] = a;
        heap[i].index = i;
        a.index = j;
    }
}
