package dev.linnet.fs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.stack.Host;
import dev.linnet.stack.Stack;
import dev.linnet.stack.Task;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.Stat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random reads, writes and truncations of a file, against an array of bytes. The seed is in the name
/// of the test and in what a failure says.
@SuppressWarnings("try") // closed in the middle, to see what is left
class PageCacheModelTest {
    private static final int MAX = 200_000;
    private static final int STEPS = 500;

    @TempDir Path dir;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void inMemory(long seed) {
        try (Stack stack = Stack.virtual(seed)) {
            Task task = stack.newHost("host").newTask("task");
            new Model(seed, task, "/tmp/file").run(STEPS);
            stack.close();
            assertThat(stack.foliosInUse()).as("seed %d", seed).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void onTheMachine(long seed) throws IOException {
        onTheMachine(seed, 1 << 30);
    }

    /// The cache holds less than half of the file.
    @ParameterizedTest
    @ValueSource(longs = {6, 7, 8})
    void withLittleMemory(long seed) throws IOException {
        assertThat(onTheMachine(seed, 96 << 10)).as("pages given up").isGreaterThan(100);
    }

    /// Returns how many pages were given up.
    private long onTheMachine(long seed, long cacheLimit) throws IOException {
        Model model;
        long evicted;
        try (Stack stack = Stack.virtual(seed)) {
            Host host = stack.newHost("host");
            host.mount(dir, "/mnt/data", false);
            host.setPageCacheLimit(cacheLimit);
            model = new Model(seed, host.newTask("task"), "/mnt/data/file");
            model.run(STEPS);
            evicted = host.mounts().cache.evictedPages();
            assertThat(host.mounts().cache.pages()).isLessThanOrEqualTo((cacheLimit >> 12) + 8);
            assertThat(host.umount("/mnt/data")).isZero();
            stack.close();
            assertThat(stack.foliosInUse()).as("seed %d", seed).isZero();
        }
        byte[] kept = Files.readAllBytes(dir.resolve("file"));
        assertThat(Arrays.mismatch(kept, model.bytes()))
                .as("seed %d: first wrong byte on the machine", seed)
                .isEqualTo(-1);
        return evicted;
    }

    private static final class Model {
        private final long seed;
        private final Random random;
        private final Task task;
        private final String name;
        private int fd;
        private byte[] content = new byte[0];

        Model(long seed, Task task, String name) {
            this.seed = seed;
            this.random = new Random(seed);
            this.task = task;
            this.name = name;
            this.fd = task.open(name, Fcntl.O_CREAT | Fcntl.O_RDWR, 0644);
            assertThat(fd).isNotNegative();
        }

        byte[] bytes() {
            return content;
        }

        void run(int steps) {
            for (int i = 0; i < steps; i++) {
                step(i);
            }
            task.close(fd);
        }

        private void step(int i) {
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> write(i);
                case 3, 4, 5, 6 -> read(i);
                case 7 -> truncate(random.nextInt(MAX));
                case 8 -> append(i);
                default -> other(i);
            }
        }

        private int length() {
            return random.nextInt(random.nextInt(10) == 0 ? 70_000 : 6000) + 1;
        }

        private void write(int i) {
            int at = random.nextInt(MAX);
            byte[] data = new byte[length()];
            random.nextBytes(data);
            assertThat(task.pwrite(fd, ByteBuffer.wrap(data), at))
                    .as("seed %d, step %d: write at %d", seed, i, at)
                    .isEqualTo(data.length);
            put(data, at);
        }

        private void append(int i) {
            if (content.length > MAX) {
                return;
            }
            byte[] data = new byte[length()];
            random.nextBytes(data);
            int appender = task.open(name, Fcntl.O_WRONLY | Fcntl.O_APPEND, 0);
            assertThat(task.write(appender, ByteBuffer.wrap(data)))
                    .as("seed %d, step %d: append", seed, i)
                    .isEqualTo(data.length);
            assertThat(task.close(appender)).isZero();
            put(data, content.length);
        }

        private void put(byte[] data, int at) {
            content = Arrays.copyOf(content, Math.max(content.length, at + data.length));
            System.arraycopy(data, 0, content, at, data.length);
        }

        private void read(int i) {
            int at = random.nextInt(MAX);
            ByteBuffer buffer = ByteBuffer.allocate(length());
            int n = task.pread(fd, buffer, at);
            int expected = Math.max(0, Math.min(buffer.capacity(), content.length - at));
            assertThat(n)
                    .as("seed %d, step %d: read %d at %d", seed, i, buffer.capacity(), at)
                    .isEqualTo(expected);
            byte[] model = n == 0 ? new byte[0] : Arrays.copyOfRange(content, at, at + n);
            assertThat(Arrays.mismatch(Arrays.copyOf(buffer.array(), n), model))
                    .as("seed %d, step %d: first wrong byte of %d at %d", seed, i, n, at)
                    .isEqualTo(-1);
        }

        private void truncate(int size) {
            assertThat(task.ftruncate(fd, size)).isZero();
            content = Arrays.copyOf(content, size);
        }

        private void other(int i) {
            if (random.nextBoolean()) {
                assertThat(task.fsync(fd)).isZero();
            } else {
                task.close(fd);
                fd = task.open(name, Fcntl.O_RDWR, 0);
            }
            Stat[] stat = new Stat[1];
            assertThat(task.fstat(fd, stat)).isZero();
            assertThat(stat[0].size())
                    .as("seed %d, step %d: size", seed, i)
                    .isEqualTo(content.length);
        }
    }
}
