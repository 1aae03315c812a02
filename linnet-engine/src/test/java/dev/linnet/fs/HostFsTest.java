package dev.linnet.fs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.stack.Host;
import dev.linnet.stack.Stack;
import dev.linnet.stack.Task;
import dev.linnet.uapi.Dirent;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.Stat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A directory of the machine as a file system, and what of its files is in memory.
class HostFsTest {
    @TempDir Path outside;

    private final Stack stack = Stack.virtual(1);
    private final Host host = stack.newHost("host");
    private final Task task = host.newTask("task");
    private Path dir;

    @BeforeEach
    void mount() throws IOException {
        dir = Files.createDirectory(outside.resolve("data"));
        Files.writeString(outside.resolve("secret"), "secret");
        Files.writeString(dir.resolve("file"), "content");
        host.mount(dir, "/mnt/data", false);
    }

    @AfterEach
    void nothingIsLeft() {
        stack.close();
        assertThat(stack.foliosInUse()).isZero();
    }

    private String read(String name) {
        int fd = task.open(name, Fcntl.O_RDONLY, 0);
        assertThat(fd).as(name).isNotNegative();
        ByteBuffer buffer = ByteBuffer.allocate(1000);
        int n = task.read(fd, buffer);
        assertThat(task.close(fd)).isZero();
        return new String(buffer.array(), 0, n, StandardCharsets.UTF_8);
    }

    private void write(String name, String text, int flags) {
        int fd = task.open(name, Fcntl.O_WRONLY | flags, 0644);
        assertThat(fd).as(name).isNotNegative();
        byte[] data = text.getBytes(StandardCharsets.UTF_8);
        assertThat(task.write(fd, ByteBuffer.wrap(data))).isEqualTo(data.length);
        assertThat(task.close(fd)).isZero();
    }

    @Test
    void whatIsThereIsRead() {
        assertThat(read("/mnt/data/file")).isEqualTo("content");
        assertThat(task.open("/mnt/data/none", 0, 0)).isEqualTo(-Errno.ENOENT);
    }

    @Test
    void whatIsWrittenIsOnTheMachineAfterClose() throws IOException {
        write("/mnt/data/new", "hello", Fcntl.O_CREAT);
        assertThat(Files.readString(dir.resolve("new"))).isEqualTo("hello");
        write("/mnt/data/new", " again", Fcntl.O_APPEND);
        assertThat(Files.readString(dir.resolve("new"))).isEqualTo("hello again");
        write("/mnt/data/new", "x", Fcntl.O_TRUNC);
        assertThat(Files.readString(dir.resolve("new"))).isEqualTo("x");
    }

    @Test
    void whatIsDirtyIsWrittenBackByItself() throws IOException {
        int fd = task.open("/mnt/data/file", Fcntl.O_RDWR, 0);
        assertThat(task.pwrite(fd, ByteBuffer.wrap(new byte[] {'C'}), 0)).isEqualTo(1);
        assertThat(Files.readString(dir.resolve("file"))).isEqualTo("content");
        stack.sleep(20_000_000_000L);
        assertThat(Files.readString(dir.resolve("file"))).isEqualTo("content");
        stack.sleep(20_000_000_000L);
        assertThat(Files.readString(dir.resolve("file"))).isEqualTo("Content");
        assertThat(task.pwrite(fd, ByteBuffer.wrap(new byte[] {'D'}), 0)).isEqualTo(1);
        assertThat(task.fsync(fd)).isZero();
        assertThat(Files.readString(dir.resolve("file"))).isEqualTo("Dontent");
        task.close(fd);
    }

    @Test
    void whatTheMachineChangesIsSeen() throws IOException {
        assertThat(read("/mnt/data/file")).isEqualTo("content");
        Files.writeString(dir.resolve("file"), "other text");
        assertThat(read("/mnt/data/file")).isEqualTo("other text");
        Files.delete(dir.resolve("file"));
        assertThat(task.open("/mnt/data/file", 0, 0)).isEqualTo(-Errno.ENOENT);
    }

    @Test
    void linksDoNotLeadOut() throws IOException {
        Files.createSymbolicLink(dir.resolve("up"), Path.of("../secret"));
        Files.createSymbolicLink(dir.resolve("abs"), outside.resolve("secret"));
        Files.createSymbolicLink(dir.resolve("inside"), Path.of("file"));
        assertThat(task.open("/mnt/data/up", 0, 0)).isEqualTo(-Errno.ENOENT);
        assertThat(task.open("/mnt/data/abs", 0, 0)).isEqualTo(-Errno.ENOENT);
        assertThat(task.open("/mnt/data/../secret", 0, 0)).isEqualTo(-Errno.ENOENT);
        assertThat(read("/mnt/data/inside")).isEqualTo("content");
        String[] target = new String[1];
        assertThat(task.readlink("/mnt/data/up", target)).isZero();
        assertThat(target[0]).isEqualTo("../secret");
    }

    @Test
    void namesAreMadeMovedAndRemoved() throws IOException {
        assertThat(task.mkdir("/mnt/data/d", 0755)).isZero();
        assertThat(task.rename("/mnt/data/file", "/mnt/data/d/moved")).isZero();
        assertThat(Files.readString(dir.resolve("d/moved"))).isEqualTo("content");
        assertThat(task.link("/mnt/data/d/moved", "/mnt/data/second")).isZero();
        Stat[] stat = new Stat[1];
        assertThat(task.stat("/mnt/data/second", stat)).isZero();
        assertThat(stat[0].nlink()).isEqualTo(2);
        assertThat(task.rmdir("/mnt/data/d")).isEqualTo(-Errno.ENOTEMPTY);
        assertThat(task.unlink("/mnt/data/d/moved")).isZero();
        assertThat(task.rmdir("/mnt/data/d")).isZero();
        assertThat(Files.exists(dir.resolve("d"))).isFalse();
        assertThat(task.symlink("second", "/mnt/data/ln")).isZero();
        assertThat(read("/mnt/data/ln")).isEqualTo("content");
        assertThat(task.chmod("/mnt/data/second", 0600)).isZero();
        assertThat(Files.getPosixFilePermissions(dir.resolve("second"))).hasSize(2);
    }

    @Test
    void anOpenFileOutlivesItsName() {
        int fd = task.open("/mnt/data/file", Fcntl.O_RDWR, 0);
        assertThat(task.unlink("/mnt/data/file")).isZero();
        ByteBuffer buffer = ByteBuffer.allocate(100);
        assertThat(task.read(fd, buffer)).isEqualTo(7);
        assertThat(task.close(fd)).isZero();
    }

    @Test
    void aDirectoryIsListed() {
        write("/mnt/data/b", "", Fcntl.O_CREAT);
        write("/mnt/data/a", "", Fcntl.O_CREAT);
        int fd = task.open("/mnt/data", Fcntl.O_DIRECTORY, 0);
        Dirent[] some = new Dirent[2];
        List<String> names = new ArrayList<>();
        int n;
        while ((n = task.getdents(fd, some)) > 0) {
            Arrays.stream(some).limit(n).map(Dirent::name).forEach(names::add);
        }
        assertThat(n).isZero();
        assertThat(names).containsExactly(".", "..", "a", "b", "file");
        assertThat(task.close(fd)).isZero();
    }

    @Test
    void readOnlyMountsChangeNothing() {
        int fd = task.open("/mnt/data/file", Fcntl.O_RDONLY, 0);
        assertThat(host.umount("/mnt/data")).isEqualTo(-Errno.EBUSY);
        assertThat(task.close(fd)).isZero();
        assertThat(host.umount("/mnt/data")).isZero();
        host.mount(dir, "/mnt/ro", true);
        assertThat(read("/mnt/ro/file")).isEqualTo("content");
        assertThat(task.open("/mnt/ro/file", Fcntl.O_RDWR, 0)).isEqualTo(-Errno.EROFS);
        assertThat(task.open("/mnt/ro/new", Fcntl.O_CREAT, 0644)).isEqualTo(-Errno.EROFS);
        assertThat(task.unlink("/mnt/ro/file")).isEqualTo(-Errno.EROFS);
        assertThat(task.mkdir("/mnt/ro/d", 0755)).isEqualTo(-Errno.EROFS);
        assertThat(task.truncate("/mnt/ro/file", 0)).isEqualTo(-Errno.EROFS);
        assertThat(task.chmod("/mnt/ro/file", 0)).isEqualTo(-Errno.EROFS);
        assertThat(task.access("/mnt/ro/file", 2)).isEqualTo(-Errno.EROFS);
    }

    @Test
    void sequentialReadingReadsAhead() throws IOException {
        Files.write(dir.resolve("big"), new byte[1 << 20]);
        int fd = task.open("/mnt/data/big", Fcntl.O_RDONLY, 0);
        ByteBuffer page = ByteBuffer.allocate(4096);
        long before = host.mounts().cache.pages();
        assertThat(task.read(fd, page)).isEqualTo(4096);
        long first = host.mounts().cache.pages() - before;
        assertThat(first).as("pages after the first read").isBetween(4L, 8L);
        for (int i = 1; i < 16; i++) {
            assertThat(task.read(fd, page)).isEqualTo(4096);
        }
        assertThat(host.mounts().cache.pages() - before)
                .as("pages after 16 pages were read")
                .isBetween(32L, 96L);
        int random = task.open("/mnt/data/file", Fcntl.O_RDONLY, 0);
        assertThat(task.pread(random, page, 5)).isEqualTo(2);
        task.close(random);
        task.close(fd);
    }
}
