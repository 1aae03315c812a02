package dev.linnet.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Many threads, what they threw, and an end by which all must be done: one that has missed its wake-up never is.
final class Crowd {
    /// What a thread does.
    interface Body {
        void run() throws Exception;
    }

    private static final long PATIENCE_NS = 60_000_000_000L;

    private final List<Thread> threads = new ArrayList<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    /// Starts one more; its exceptions are failures.
    synchronized Thread start(Thread.Builder kind, Body body) {
        Thread thread =
                kind.start(
                        () -> {
                            try {
                                body.run();
                            } catch (Throwable e) {
                                failures.add(e);
                            }
                        });
        threads.add(thread);
        return thread;
    }

    /// Waits for all of them.
    void join() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE_NS;
        for (int i = 0; i < size(); i++) {
            Thread thread = get(i);
            thread.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
            if (thread.isAlive()) {
                AssertionError stuck = new AssertionError("a thread has not ended: " + thread);
                stuck.setStackTrace(thread.getStackTrace());
                failures.forEach(stuck::addSuppressed);
                throw stuck;
            }
        }
        assertThat(failures).isEmpty();
    }

    private synchronized int size() {
        return threads.size();
    }

    private synchronized Thread get(int i) {
        return threads.get(i);
    }
}
