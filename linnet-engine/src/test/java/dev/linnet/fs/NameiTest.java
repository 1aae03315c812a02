package dev.linnet.fs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.stack.Stack;
import dev.linnet.stack.Task;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.Stat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Names: walking, making, moving and removing them, with the results of Linux 6.18 (tmpfs).
class NameiTest {
    private final Stack stack = Stack.virtual(1);
    private final Task task = stack.newHost("host").newTask("task");

    @BeforeEach
    void files() {
        assertThat(task.mkdir("/tmp/d", 0755)).isZero();
        close(task.open("/tmp/a", Fcntl.O_CREAT | Fcntl.O_RDWR, 0644));
        assertThat(task.symlink("a", "/tmp/ln")).isZero();
        assertThat(task.symlink("nowhere", "/tmp/dang")).isZero();
        assertThat(task.symlink("d/", "/tmp/lnd")).isZero();
        assertThat(task.symlink("loop", "/tmp/loop")).isZero();
    }

    @AfterEach
    void nothingIsLeft() {
        stack.close();
        assertThat(stack.foliosInUse()).isZero();
    }

    private void close(int fd) {
        assertThat(fd).isNotNegative();
        assertThat(task.close(fd)).isZero();
    }

    private static String name(int result) {
        return result < 0 ? Errno.name(-result) : "ok";
    }

    @ParameterizedTest
    @CsvSource({
        "/tmp/., 0100, EISDIR",
        "/tmp/., 0300, EEXIST",
        "/, 0101, EISDIR",
        "/tmp/a/, 0, ENOTDIR",
        "/tmp/a/, 0100, EISDIR",
        "/tmp/q/, 0100, EISDIR",
        "/tmp/d, 0100, EISDIR",
        "/tmp/d, 1, EISDIR",
        "/tmp/d, 0200100, EINVAL",
        "/tmp/ln, 0400000, ELOOP",
        "/tmp/ln, 0600000, ENOTDIR",
        "/tmp/ln, 0200000, ENOTDIR",
        "/tmp/ln, 0300, EEXIST",
        "/tmp/dang, 0300, EEXIST",
        "/tmp/dang, 0, ENOENT",
        "/tmp/lnd, 0, ok",
        "/tmp/lnd, 0400000, ELOOP",
        "/tmp/lnd/, 0400000, ok",
        "/tmp/loop, 0, ELOOP",
        "/tmp/a/b, 0, ENOTDIR",
        "/tmp/nod/b, 0100, ENOENT",
        "'', 0, ENOENT",
        "/tmp, 020200000, EINVAL",
        "/tmp, 020200002, ok",
        "/tmp, 020000002, EINVAL",
        "/tmp/a, 020200002, ENOTDIR",
        "/dev/null, 040000, EINVAL",
        "/tmp/d, 01000, EISDIR",
        "/tmp/a, 01003, ok",
    })
    void open(String path, String flags, String result) {
        int fd = task.open(path, Integer.parseInt(flags, 8), 0644);
        assertThat(name(fd)).isEqualTo(result);
    }

    @Test
    void aNameMayHave255Bytes() {
        assertThat(task.open("/tmp/" + "x".repeat(256), Fcntl.O_CREAT, 0600))
                .isEqualTo(-Errno.ENAMETOOLONG);
        assertThat(task.open("/tmp/" + "ä".repeat(128), Fcntl.O_CREAT, 0600))
                .isEqualTo(-Errno.ENAMETOOLONG);
        close(task.open("/tmp/" + "x".repeat(255), Fcntl.O_CREAT, 0600));
        assertThat(task.open("/tmp/a/" + "x".repeat(256), 0, 0)).isEqualTo(-Errno.ENOTDIR);
    }

    @Test
    void whatIsWrittenIsRead() {
        int fd = task.open("/tmp/new", Fcntl.O_CREAT | Fcntl.O_RDWR, 0666);
        byte[] data = "hello".getBytes(StandardCharsets.UTF_8);
        assertThat(task.write(fd, ByteBuffer.wrap(data))).isEqualTo(5);
        ByteBuffer back = ByteBuffer.allocate(10);
        int again = task.open("/tmp/new", Fcntl.O_RDONLY, 0);
        assertThat(task.read(again, back)).isEqualTo(5);
        assertThat(new String(back.array(), 0, 5, StandardCharsets.UTF_8)).isEqualTo("hello");
        Stat[] stat = new Stat[1];
        assertThat(task.stat("/tmp/new", stat)).isZero();
        assertThat(stat[0].size()).isEqualTo(5);
        assertThat(stat[0].mode()).isEqualTo(Stat.S_IFREG | 0644);
        assertThat(stat[0].blocks()).isEqualTo(8);
        assertThat(task.unlink("/tmp/new")).isZero();
        assertThat(task.read(fd, back)).isZero();
        assertThat(task.fstat(fd, stat)).isZero();
        assertThat(stat[0].nlink()).isZero();
    }

    @Test
    void directoriesMoveAndGo() {
        assertThat(task.mkdir("/tmp/d/e", 0755)).isZero();
        assertThat(task.rmdir("/tmp/d")).isEqualTo(-Errno.ENOTEMPTY);
        assertThat(task.rename("/tmp/d", "/tmp/d/e/f")).isEqualTo(-Errno.EINVAL);
        assertThat(task.rename("/tmp/d/e", "/tmp/d")).isEqualTo(-Errno.ENOTEMPTY);
        assertThat(task.rename("/tmp/d/e", "/tmp/e")).isZero();
        assertThat(task.rmdir("/tmp/d")).isZero();
        assertThat(task.rename("/tmp/e", "/tmp/a")).isEqualTo(-Errno.ENOTDIR);
        assertThat(task.rename("/tmp/a", "/tmp/e")).isEqualTo(-Errno.EISDIR);
        assertThat(task.rmdir("/tmp/e/.")).isEqualTo(-Errno.EINVAL);
        assertThat(task.rmdir("/tmp/e/..")).isEqualTo(-Errno.ENOTEMPTY);
        assertThat(task.rmdir("/")).isEqualTo(-Errno.EBUSY);
        assertThat(task.unlink("/tmp/e")).isEqualTo(-Errno.EISDIR);
    }

    @Test
    void othersMayNotDoEverything() {
        task.setuid(1000);
        assertThat(task.open("/tmp/a", Fcntl.O_RDWR, 0)).isEqualTo(-Errno.EACCES);
        assertThat(task.open("/etc/x", Fcntl.O_CREAT, 0600)).isEqualTo(-Errno.EACCES);
        assertThat(task.unlink("/tmp/a")).isEqualTo(-Errno.EPERM);
        assertThat(task.mknod("/tmp/null", Stat.S_IFCHR | 0666, Stat.makedev(1, 3)))
                .isEqualTo(-Errno.EPERM);
        close(task.open("/tmp/mine", Fcntl.O_CREAT | Fcntl.O_RDWR, 0));
        assertThat(task.open("/tmp/mine", Fcntl.O_RDONLY, 0)).isEqualTo(-Errno.EACCES);
    }
}
