package dev.linnet.jvm.net;

import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// The lock of those who read from a socket, or accept: waiting for it counts as waiting for data. Interrupts are kept.
final class TimedLock {
    private final ReentrantLock lock = new ReentrantLock();

    /// Takes it without a time-out.
    void lock() {
        lock.lock();
    }

    /// Takes it.
    ///
    /// @param timeoutMs 0 waits for ever
    /// @param late what is said when the time is over
    /// @return what is left of the time in ns, 0 if there is no time-out
    long lock(int timeoutMs, String late) throws SocketTimeoutException {
        long left = TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        if (left == 0) {
            lock.lock();
        } else if (!lock.tryLock()) {
            left = await(left);
            if (left <= 0) {
                throw new SocketTimeoutException(late);
            }
        }
        return left;
    }

    private long await(long ns) {
        boolean interrupted = false;
        boolean locked = false;
        long end = System.nanoTime() + ns;
        long left = ns;
        while (!locked && left > 0) {
            try {
                locked = lock.tryLock(left, TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
            left = end - System.nanoTime();
        }
        if (locked && left <= 0) {
            lock.unlock();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return left;
    }

    void unlock() {
        lock.unlock();
    }
}
