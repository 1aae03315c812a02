package dev.linnet.programs;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;

/// Many callers at once.
final class Crowd {
    private Crowd() {}

    /// One caller's deed.
    interface Deed {
        void run(int index) throws Exception;
    }

    /// Runs a deed `count` times on as many virtual threads.
    static void virtual(int count, Deed deed) throws Exception {
        run(Thread.ofVirtual().factory(), count, count, deed);
    }

    /// Runs a deed `count` times on platform threads, of which `width` are under way at a time.
    static void platform(int count, int width, Deed deed) throws Exception {
        run(Thread.ofPlatform().daemon().factory(), count, width, deed);
    }

    private static void run(ThreadFactory threads, int count, int width, Deed deed)
            throws Exception {
        Semaphore turns = new Semaphore(width);
        List<Future<?>> all = new ArrayList<>();
        try (ExecutorService executor = Executors.newThreadPerTaskExecutor(threads)) {
            for (int i = 0; i < count; i++) {
                int index = i;
                turns.acquire();
                all.add(
                        executor.submit(
                                (Callable<Void>)
                                        () -> {
                                            try {
                                                deed.run(index);
                                                return null;
                                            } finally {
                                                turns.release();
                                            }
                                        }));
            }
        }
        for (Future<?> one : all) {
            try {
                one.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Exception cause) {
                    throw cause;
                }
                throw e;
            }
        }
    }
}
