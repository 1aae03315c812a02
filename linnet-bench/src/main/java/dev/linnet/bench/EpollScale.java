package dev.linnet.bench;

import dev.linnet.stack.Stack;
import dev.linnet.stack.Task;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Epoll;
import dev.linnet.uapi.EpollEvent;
import dev.linnet.uapi.SocketType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/// What an event of epoll costs by the number of files that are watched, in a process with 100,000
/// open files; and what these take of the heap.
///
/// An event is a byte written to one of the watched pipes, `epoll_wait`, and the read. The pipe is
/// chosen at random among ten of those that are watched, which says what the number itself costs, and
/// among all of them, which adds what the processor's caches make of so many pipes. Medians of rounds,
/// with the least and the greatest.
public final class EpollScale {
    private static final int OPEN = 100_000;
    private static final int[] WATCHED = {10, 100, 1_000, 10_000};
    private static final int ROUNDS = 9;
    private static final int EVENTS = 200_000;

    private final Task task;
    private final int[] readers = new int[WATCHED[WATCHED.length - 1]];
    private final int[] writers = new int[readers.length];
    private final ByteBuffer one = ByteBuffer.allocate(1);
    private final EpollEvent[] out = new EpollEvent[8];

    private EpollScale(Task task) {
        this.task = task;
    }

    public static void main(String[] args) throws Exception {
        try (Stack stack = Stack.create(1)) {
            new EpollScale(stack.newHost("host").newTask("task")).run();
        }
    }

    private void run() throws InterruptedException {
        int[] pipe = new int[2];
        long empty = used();
        for (int i = 0; i < readers.length; i++) {
            task.pipe2(pipe, 0);
            readers[i] = pipe[0];
            writers[i] = pipe[1];
        }
        long pipes = used();
        int sockets = OPEN - 2 * readers.length - 4;
        for (int i = 0; i < sockets; i++) {
            task.socket(Af.AF_INET, SocketType.SOCK_DGRAM, 0);
        }
        long all = used();
        int[] epolls = Arrays.stream(WATCHED).map(this::epoll).toArray();
        long watched = used();
        print("per pipe, two descriptors", (pipes - empty) / readers.length, "bytes");
        print("per datagram socket", (all - pipes) / sockets, "bytes");
        int items = Arrays.stream(WATCHED).sum();
        print("per watched file", (watched - all) / items, "bytes");
        System.out.printf(Locale.ROOT, "%d open files%n", task.openFds().length);
        measure(epolls);
    }

    private int epoll(int count) {
        int epfd = task.epollCreate1(0);
        for (int i = 0; i < count; i++) {
            EpollEvent event = new EpollEvent(Epoll.EPOLLIN, i);
            if (task.epollCtl(epfd, Epoll.EPOLL_CTL_ADD, readers[i], event) < 0) {
                throw new IllegalStateException("epoll_ctl");
            }
        }
        return epfd;
    }

    private void measure(int[] epolls) {
        measure(epolls, "ten busy", WATCHED[0]);
        measure(epolls, "all busy", Integer.MAX_VALUE);
    }

    private void measure(int[] epolls, String what, int busy) {
        long[][] ns = new long[WATCHED.length][ROUNDS];
        for (int round = -1; round < ROUNDS; round++) {
            for (int i = 0; i < WATCHED.length; i++) {
                long took = events(epolls[i], Math.min(busy, WATCHED[i]), round);
                if (round >= 0) {
                    ns[i][round] = took;
                }
            }
        }
        for (int i = 0; i < WATCHED.length; i++) {
            Arrays.sort(ns[i]);
            System.out.printf(
                    Locale.ROOT,
                    "%,6d watched, %s: %d ns per event (%d to %d)%n",
                    WATCHED[i],
                    what,
                    ns[i][ROUNDS / 2],
                    ns[i][0],
                    ns[i][ROUNDS - 1]);
        }
    }

    private long events(int epfd, int busy, int seed) {
        Random random = new Random(seed);
        long start = System.nanoTime();
        for (int i = 0; i < EVENTS; i++) {
            int index = random.nextInt(busy);
            task.write(writers[index], one.clear());
            int n = task.epollWait(epfd, out, 0);
            if (n != 1 || out[0].data() != index || task.read(readers[index], one.clear()) != 1) {
                throw new IllegalStateException("not the event that there is");
            }
        }
        return (System.nanoTime() - start) / EVENTS;
    }

    private static void print(String what, long number, String unit) {
        System.out.printf(Locale.ROOT, "%s: %d %s%n", what, number, unit);
    }

    /// Several collections, because one leaves what became garbage while it ran.
    private static long used() throws InterruptedException {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 4; i++) {
            System.gc();
            Thread.sleep(100);
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
