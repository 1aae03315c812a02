package dev.linnet.fs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.stack.Host;
import dev.linnet.stack.Stack;
import dev.linnet.stack.Task;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Many threads on the same files and names, in real time: nothing is lost, nobody waits for ever.
@Timeout(120)
@SuppressWarnings("try") // closed in the middle, to see what is left
class ParallelFilesTest {
    private static final int THREADS = 6;

    /// Not a multiple of a folio, so that neighbours share some.
    private static final int REGION = 50_000;

    @TempDir Path dir;

    private interface Body {
        void run(int thread) throws Exception;
    }

    private static void inParallel(Body body) throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                all.add(
                        threads.submit(
                                () -> {
                                    body.run(thread);
                                    return null;
                                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    /// Each thread has a part of the file, and the cache holds less than a third of all.
    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void partsOfOneFile(long seed) throws Exception {
        byte[][] models = new byte[THREADS][REGION];
        try (Stack stack = Stack.create(seed)) {
            Host host = stack.newHost("host");
            host.mount(dir, "/mnt/data", false);
            host.setPageCacheLimit(96 << 10);
            Task task = host.newTask("task");
            int fd = task.open("/mnt/data/file", Fcntl.O_CREAT | Fcntl.O_RDWR, 0644);
            task.ftruncate(fd, (long) THREADS * REGION);
            inParallel(thread -> work(task, fd, thread, models[thread], new Random(seed + thread)));
            assertThat(task.close(fd)).isZero();
            stack.close();
            assertThat(stack.foliosInUse()).isZero();
        }
        byte[] kept = Files.readAllBytes(dir.resolve("file"));
        for (int i = 0; i < THREADS; i++) {
            assertThat(
                            Arrays.mismatch(
                                    Arrays.copyOfRange(kept, i * REGION, (i + 1) * REGION),
                                    models[i]))
                    .as("seed %d, part %d", seed, i)
                    .isEqualTo(-1);
        }
    }

    private static void work(Task task, int fd, int thread, byte[] model, Random random) {
        long base = (long) thread * REGION;
        for (int i = 0; i < 250; i++) {
            byte[] data = new byte[random.nextInt(8000) + 1];
            int at = random.nextInt(REGION - data.length);
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> {
                    random.nextBytes(data);
                    assertThat(task.pwrite(fd, ByteBuffer.wrap(data), base + at))
                            .isEqualTo(data.length);
                    System.arraycopy(data, 0, model, at, data.length);
                }
                case 3 -> assertThat(task.fsync(fd)).isZero();
                default -> {
                    assertThat(task.pread(fd, ByteBuffer.wrap(data), base + at))
                            .isEqualTo(data.length);
                    assertThat(
                                    Arrays.mismatch(
                                            data, Arrays.copyOfRange(model, at, at + data.length)))
                            .as("thread %d, step %d", thread, i)
                            .isEqualTo(-1);
                }
            }
        }
    }

    /// All threads make, move and remove the same few names; what is left must be what can be listed.
    @Test
    void namesOfOneDirectory() throws Exception {
        try (Stack stack = Stack.create(3)) {
            Task task = stack.newHost("host").newTask("task");
            assertThat(task.mkdir("/tmp/d", 0755)).isZero();
            inParallel(
                    thread -> {
                        Random random = new Random(thread);
                        for (int i = 0; i < 2000; i++) {
                            String name = "/tmp/d/" + random.nextInt(5);
                            String other = "/tmp/d/" + random.nextInt(5);
                            int result =
                                    switch (random.nextInt(5)) {
                                        case 0 -> create(task, name);
                                        case 1 -> task.unlink(name);
                                        case 2 -> task.rename(name, other);
                                        case 3 -> task.mkdir(name, 0755);
                                        default -> task.rmdir(name);
                                    };
                            assertThat(-result)
                                    .as("%s", Errno.name(-result))
                                    .isIn(
                                            0,
                                            Errno.ENOENT,
                                            Errno.EEXIST,
                                            Errno.EISDIR,
                                            Errno.ENOTDIR,
                                            Errno.ENOTEMPTY);
                        }
                    });
            int left = 0;
            for (int i = 0; i < 5; i++) {
                String name = "/tmp/d/" + i;
                left += task.unlink(name) == 0 || task.rmdir(name) == 0 ? 1 : 0;
            }
            assertThat(left).isLessThanOrEqualTo(5);
            assertThat(task.rmdir("/tmp/d")).as("nothing is left behind").isZero();
            stack.close();
            assertThat(stack.foliosInUse()).isZero();
        }
    }

    private static int create(Task task, String name) throws IOException {
        int fd = task.open(name, Fcntl.O_CREAT | Fcntl.O_EXCL | Fcntl.O_RDWR, 0644);
        if (fd >= 0) {
            assertThat(task.write(fd, ByteBuffer.wrap(new byte[5000]))).isEqualTo(5000);
            return task.close(fd);
        }
        return fd;
    }
}
