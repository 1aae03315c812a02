package dev.linnet.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.linnet.stack.Host;
import dev.linnet.stack.Mapping;
import dev.linnet.stack.Stack;
import dev.linnet.stack.Task;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.Mman;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files in memory: `Task.mmap`.
class MappingTest {
    private static final int RW = Mman.PROT_READ | Mman.PROT_WRITE;

    @TempDir Path dir;

    private final Stack stack = Stack.virtual(1);
    private final Host host = stack.newHost("host");
    private final Task task = host.newTask("task");

    @AfterEach
    void nothingIsLeft() {
        stack.close();
        assertThat(stack.foliosInUse()).isZero();
        assertThat(stack.buffersInUse()).isZero();
    }

    private int file(String name, String content) {
        int fd = task.open(name, Fcntl.O_CREAT | Fcntl.O_RDWR, 0644);
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        assertThat(task.write(fd, ByteBuffer.wrap(bytes))).isEqualTo(bytes.length);
        return fd;
    }

    private Mapping map(int fd, long length, int prot, int flags) {
        Mapping[] out = new Mapping[1];
        assertThat(task.mmap(length, prot, flags, fd, 0, out)).isZero();
        return out[0];
    }

    private String read(int fd, int length) {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        int n = task.pread(fd, buffer, 0);
        return new String(buffer.array(), 0, n, StandardCharsets.UTF_8);
    }

    @Test
    void aSharedMappingIsTheFile() {
        int fd = file("/tmp/f", "hello");
        try (Mapping map = map(fd, 4096, RW, Mman.MAP_SHARED)) {
            map.put(0, (byte) 'J');
            assertThat(read(fd, 10)).isEqualTo("Jello");
            task.pwrite(fd, ByteBuffer.wrap(new byte[] {'!'}), 4);
            assertThat(map.get(4)).isEqualTo((byte) '!');
            ByteBuffer page = map.page(1);
            page.put(0, (byte) 'E');
            assertThat(read(fd, 10)).isEqualTo("JEll!");
        }
        assertThat(task.close(fd)).isZero();
    }

    @Test
    void aPrivateMappingIsTheFileUntilItIsWritten() {
        int fd = file("/tmp/f", "hello");
        try (Mapping map = map(fd, 4096, RW, Mman.MAP_PRIVATE)) {
            task.pwrite(fd, ByteBuffer.wrap(new byte[] {'J'}), 0);
            assertThat(map.get(0)).isEqualTo((byte) 'J');
            map.put(1, (byte) 'E');
            task.pwrite(fd, ByteBuffer.wrap(new byte[] {'x'}), 0);
            assertThat(map.get(0)).isEqualTo((byte) 'J');
            assertThat(read(fd, 10)).isEqualTo("xello");
        }
    }

    @Test
    void behindTheEndIsNothing() {
        int fd = file("/tmp/f", "hello");
        try (Mapping map = map(fd, 8192, Mman.PROT_READ, Mman.MAP_SHARED)) {
            assertThat(map.get(4095)).isZero();
            assertThatThrownBy(() -> map.get(4096)).isInstanceOf(Mapping.SigBus.class);
            assertThatThrownBy(() -> map.get(8192)).isInstanceOf(Mapping.SigSegv.class);
            assertThatThrownBy(() -> map.put(0, (byte) 1)).isInstanceOf(Mapping.SigSegv.class);
            assertThat(map.page(0).isReadOnly()).isTrue();
            task.ftruncate(fd, 0);
            assertThatThrownBy(() -> map.get(0)).isInstanceOf(Mapping.SigBus.class);
            task.ftruncate(fd, 10);
            assertThat(map.get(0)).isZero();
        }
    }

    @Test
    void aMappingOutlivesItsDescriptor() {
        int fd = file("/tmp/f", "hello");
        Mapping map = map(fd, 4096, Mman.PROT_READ, Mman.MAP_SHARED);
        assertThat(task.close(fd)).isZero();
        assertThat(task.unlink("/tmp/f")).isZero();
        assertThat(map.get(0)).isEqualTo((byte) 'h');
        long before = stack.foliosInUse();
        map.close();
        assertThat(stack.foliosInUse()).isLessThan(before);
        assertThatThrownBy(() -> map.get(0)).isInstanceOf(Mapping.SigSegv.class);
        assertThat(map.msync()).isEqualTo(-Errno.ENOMEM);
    }

    @Test
    void whatIsPutIntoAFileOfTheMachineGetsThere() throws IOException {
        Path path = Files.writeString(dir.resolve("f"), "hello");
        host.mount(dir, "/mnt/data", false);
        int fd = task.open("/mnt/data/f", Fcntl.O_RDWR, 0);
        try (Mapping map = map(fd, 4096, RW, Mman.MAP_SHARED)) {
            assertThat(task.close(fd)).isZero();
            map.put(0, (byte) 'J');
            assertThat(map.msync()).isZero();
            assertThat(Files.readString(path)).isEqualTo("Jello");
            map.put(1, (byte) 'E');
        }
        assertThat(Files.readString(path)).isEqualTo("JEllo");
    }

    @Test
    void memoryOfNoFile() {
        try (Mapping map = map(-1, 10_000, RW, Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS)) {
            assertThat(map.length()).isEqualTo(12_288);
            byte[] data = {1, 2, 3, 4};
            map.put(4094, data, 0, 4);
            byte[] back = new byte[6];
            map.get(4093, back, 0, 6);
            assertThat(back).containsExactly(0, 1, 2, 3, 4, 0);
        }
    }

    /// Random reads and writes through the file and through a mapping of it, against an array.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void fileAndMappingAgree(long seed) throws IOException {
        host.mount(dir, "/mnt/data", false);
        host.setPageCacheLimit(64 << 10);
        Random random = new Random(seed);
        byte[] model = new byte[150_000];
        int fd = task.open("/mnt/data/f", Fcntl.O_CREAT | Fcntl.O_RDWR, 0644);
        task.ftruncate(fd, model.length);
        try (Mapping map = map(fd, model.length, RW, Mman.MAP_SHARED)) {
            for (int i = 0; i < 400; i++) {
                byte[] data = new byte[random.nextInt(9000) + 1];
                int at = random.nextInt(model.length - data.length);
                random.nextBytes(data);
                switch (random.nextInt(5)) {
                    case 0 -> {
                        map.put(at, data, 0, data.length);
                        System.arraycopy(data, 0, model, at, data.length);
                    }
                    case 1 -> {
                        task.pwrite(fd, ByteBuffer.wrap(data), at);
                        System.arraycopy(data, 0, model, at, data.length);
                    }
                    case 2 -> map.get(at, data, 0, data.length);
                    case 3 -> assertThat(task.pread(fd, ByteBuffer.wrap(data), at)).isPositive();
                    default -> {
                        assertThat(map.msync()).isZero();
                        data = Arrays.copyOfRange(model, at, at + data.length);
                    }
                }
                assertThat(Arrays.mismatch(data, Arrays.copyOfRange(model, at, at + data.length)))
                        .as("seed %d, step %d", seed, i)
                        .isEqualTo(-1);
            }
        }
        assertThat(task.close(fd)).isZero();
        assertThat(Arrays.mismatch(Files.readAllBytes(dir.resolve("f")), model)).isEqualTo(-1);
    }
}
