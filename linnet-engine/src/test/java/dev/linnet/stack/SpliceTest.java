package dev.linnet.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.Shut;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.uapi.SocketType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `sendfile`, `splice`, `tee` and `vmsplice`, with the results that Linux 6.18 gave to the same calls.
@Timeout(60)
class SpliceTest {
    private static final int NONBLOCK = Fcntl.SPLICE_F_NONBLOCK;

    private final Stack stack = Stack.virtual(1);
    private final Task task = stack.newHost("a").newTask("task");

    private int port = 8000;

    @TempDir Path directory;

    @AfterEach
    void nothingIsLeft() {
        task.close();
        stack.close();
        assertThat(stack.buffersInUse()).isZero();
    }

    /// Both ends of a pipe.
    private record Ends(int rd, int wr) {}

    private Ends pipe() {
        int[] fds = new int[2];
        assertThat(task.pipe2(fds, 0)).isZero();
        return new Ends(fds[0], fds[1]);
    }

    private int[] connection() {
        int listener = task.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        assertThat(task.bind(listener, new SockAddrIn(++port, 0x7F000001))).isZero();
        assertThat(task.listen(listener, 1)).isZero();
        int client = task.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        assertThat(task.connect(client, new SockAddrIn(port, 0x7F000001))).isZero();
        int server = task.accept(listener);
        task.close(listener);
        return new int[] {client, server};
    }

    private int file(byte[] content) {
        try {
            Path path = Files.write(directory.resolve("f" + content.length), content);
            return task.openHostFile(path);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] bytes(int n) {
        byte[] data = new byte[n];
        new Random(n).nextBytes(data);
        return data;
    }

    private int write(int fd, String s) {
        return task.write(fd, ByteBuffer.wrap(s.getBytes(StandardCharsets.US_ASCII)));
    }

    private String text(int fd) {
        ByteBuffer buffer = ByteBuffer.allocate(100);
        int n = task.read(fd, buffer);
        return n < 0 ? Errno.name(-n) : new String(buffer.array(), 0, n, StandardCharsets.US_ASCII);
    }

    private byte[] readAll(int fd, int n) {
        ByteBuffer all = ByteBuffer.allocate(n);
        while (all.hasRemaining()) {
            int got = task.read(fd, all);
            assertThat(got).isPositive();
            all.position(all.position() + got);
        }
        return all.array();
    }

    private long splice(int in, int out, long count, int flags) {
        return task.splice(in, null, out, null, count, flags);
    }

    // ---- splice

    @Test
    void checksInOrder() {
        Ends p = pipe();
        Ends q = pipe();
        int file = file(bytes(100));
        assertThat(splice(99, 98, 0, 16)).isZero();
        assertThat(splice(99, 98, 1, 16)).isEqualTo(-Errno.EINVAL);
        assertThat(splice(99, p.wr, 1, 0)).isEqualTo(-Errno.EBADF);
        assertThat(splice(p.rd, 99, 1, 0)).isEqualTo(-Errno.EBADF);
        assertThat(splice(p.rd, p.wr, 1, 0)).isEqualTo(-Errno.EINVAL);
        assertThat(splice(p.wr, p.rd, 1, 0)).isEqualTo(-Errno.EBADF);
        assertThat(task.splice(p.rd, new long[1], q.wr, null, 1, 0)).isEqualTo(-Errno.ESPIPE);
        assertThat(task.splice(file, new long[] {-1}, q.wr, null, 1, 0)).isEqualTo(-Errno.EINVAL);
        int event = task.eventfd(1, 0);
        assertThat(splice(event, q.wr, 8, 0)).isEqualTo(-Errno.EINVAL);
        write(p.wr, "x");
        assertThat(splice(p.rd, event, 8, 0)).isEqualTo(-Errno.EINVAL);
        int udp = task.socket(Af.AF_INET, SocketType.SOCK_DGRAM, 0);
        assertThat(task.splice(p.rd, null, udp, new long[1], 8, 0)).isEqualTo(-Errno.EINVAL);
    }

    @Test
    void betweenPipesPiecesAreMovedOrDivided() {
        Ends p = pipe();
        Ends q = pipe();
        assertThat(splice(p.rd, q.wr, 5, NONBLOCK)).isEqualTo(-Errno.EAGAIN);
        write(p.wr, "hello world");
        assertThat(splice(p.rd, q.wr, 5, 0)).isEqualTo(5);
        assertThat(splice(p.rd, q.wr, 100, 0)).isEqualTo(6);
        write(q.wr, "!");
        assertThat(text(q.rd)).isEqualTo("hello world!");
        task.close(p.wr);
        assertThat(splice(p.rd, q.wr, 5, 0)).isZero();
        write(q.wr, "left");
        task.close(q.rd);
        assertThat(splice(p.rd, q.wr, 5, 0)).isEqualTo(-Errno.EPIPE);
    }

    @Test
    void teeLeavesTheDataWhereItIs() {
        Ends p = pipe();
        Ends q = pipe();
        assertThat(task.tee(p.rd, p.wr, 1, 0)).isEqualTo(-Errno.EINVAL);
        assertThat(task.tee(99, 98, 0, 0)).isZero();
        assertThat(task.tee(99, 98, 0, 16)).isEqualTo(-Errno.EINVAL);
        assertThat(task.tee(p.wr, q.rd, 1, 0)).isEqualTo(-Errno.EBADF);
        assertThat(task.tee(p.rd, q.wr, 1, NONBLOCK)).isEqualTo(-Errno.EAGAIN);
        write(p.wr, "abcdef");
        assertThat(task.tee(p.rd, q.wr, 4, 0)).isEqualTo(4);
        write(p.wr, "ghi");
        write(q.wr, "XYZ");
        assertThat(text(q.rd)).isEqualTo("abcdXYZ");
        assertThat(text(p.rd)).isEqualTo("abcdefghi");
    }

    @Test
    void vmspliceLendsTheMemoryItself() {
        Ends p = pipe();
        byte[] mine = "1234".getBytes(StandardCharsets.US_ASCII);
        ByteBuffer[] iov = {ByteBuffer.wrap(mine)};
        assertThat(task.vmsplice(p.wr, iov, 16)).isEqualTo(-Errno.EINVAL);
        assertThat(task.vmsplice(99, iov, 0)).isEqualTo(-Errno.EBADF);
        assertThat(task.vmsplice(task.eventfd(0, 0), iov, 0)).isEqualTo(-Errno.EBADF);
        assertThat(task.vmsplice(p.wr, iov, Fcntl.SPLICE_F_GIFT)).isEqualTo(4);
        mine[0] = '9';
        assertThat(text(p.rd)).isEqualTo("9234");
        ByteBuffer big = ByteBuffer.allocateDirect(100_000);
        assertThat(task.vmsplice(p.wr, new ByteBuffer[] {big}, 0)).isEqualTo(65536);
        assertThat(task.vmsplice(p.wr, new ByteBuffer[] {big}, NONBLOCK)).isEqualTo(-Errno.EAGAIN);
        assertThat(task.vmsplice(p.rd, new ByteBuffer[] {big}, 0)).isEqualTo(65536);
        assertThat(task.vmsplice(p.rd, new ByteBuffer[] {big}, NONBLOCK)).isEqualTo(-Errno.EAGAIN);
        task.close(p.rd);
        assertThat(task.vmsplice(p.wr, iov, 0)).isEqualTo(-Errno.EPIPE);
    }

    @Test
    void throughAPipeFromSocketToSocket() {
        int[] a = connection();
        int[] b = connection();
        Ends p = pipe();
        byte[] data = bytes(500_000);
        stack.start("sender", () -> task.write(a[0], ByteBuffer.wrap(data)));
        stack.start(
                "proxy",
                () -> {
                    for (long done = 0; done < data.length; ) {
                        long n = splice(a[1], p.wr, 1 << 20, 0);
                        for (long left = n; left > 0; ) {
                            left -= splice(p.rd, b[0], left, Fcntl.SPLICE_F_MOVE);
                        }
                        done += n;
                    }
                });
        assertThat(readAll(b[1], data.length)).isEqualTo(data);
    }

    @Test
    void socketsWaitByTheirOwnFlag() {
        int[] c = connection();
        Ends p = pipe();
        stack.start(
                "late",
                () -> {
                    stack.sleep(1_000_000);
                    write(c[0], "late");
                });
        assertThat(splice(c[1], p.wr, 100, NONBLOCK)).isEqualTo(4);
        task.fcntl(c[1], Fcntl.F_SETFL, Fcntl.O_NONBLOCK);
        assertThat(splice(c[1], p.wr, 100, 0)).isEqualTo(-Errno.EAGAIN);
        task.shutdown(c[0], Shut.SHUT_WR);
        assertThat(splice(c[1], p.wr, 100, 0)).isZero();
    }

    @Test
    void datagramsAreCopied() {
        int udp = task.socket(Af.AF_INET, SocketType.SOCK_DGRAM, 0);
        task.bind(udp, new SockAddrIn(53, 0x7F000001));
        SockAddr[] self = new SockAddr[1];
        task.getsockname(udp, self);
        task.connect(udp, self[0]);
        Ends p = pipe();
        write(p.wr, "one");
        assertThat(splice(p.rd, udp, 10, 0)).isEqualTo(3);
        write(udp, "two");
        assertThat(splice(udp, p.wr, 100, 0)).isEqualTo(3);
        assertThat(text(p.rd)).isEqualTo("one");
        int file = file(bytes(3000));
        assertThat(task.sendfile(udp, file, new long[1], 3000)).isEqualTo(3000);
        assertThat(text(udp)).isEqualTo("two");
        assertThat(task.read(udp, ByteBuffer.allocate(9000))).isEqualTo(3000);
    }

    // ---- sendfile

    @Test
    void sendfileChecksInOrder() {
        Ends p = pipe();
        int[] c = connection();
        int file = file(bytes(100));
        long[] zero = new long[1];
        assertThat(task.sendfile(c[0], 99, zero, 10)).isEqualTo(-Errno.EBADF);
        assertThat(task.sendfile(99, p.wr, zero, 10)).isEqualTo(-Errno.EBADF);
        assertThat(task.sendfile(99, p.rd, zero, 10)).isEqualTo(-Errno.ESPIPE);
        assertThat(task.sendfile(99, file, new long[] {-1}, 10)).isEqualTo(-Errno.EINVAL);
        assertThat(task.sendfile(99, file, zero, -1)).isEqualTo(-Errno.EINVAL);
        assertThat(task.sendfile(99, file, new long[] {Long.MAX_VALUE}, 1))
                .isEqualTo(-Errno.EINVAL);
        assertThat(task.sendfile(99, file, zero, 10)).isEqualTo(-Errno.EBADF);
        assertThat(task.sendfile(p.rd, file, zero, 10)).isEqualTo(-Errno.EBADF);
        assertThat(task.sendfile(c[0], p.rd, null, 10)).isEqualTo(-Errno.EINVAL);
        assertThat(task.sendfile(c[0], c[1], null, 10)).isEqualTo(-Errno.EINVAL);
        assertThat(task.sendfile(task.eventfd(0, 0), file, zero, 8)).isEqualTo(-Errno.EINVAL);
        assertThat(task.sendfile(c[0], file, zero, 0)).isZero();
        assertThat(task.sendfile(c[0], file, new long[] {100}, 10)).isZero();
        assertThat(zero[0]).isZero();
    }

    @Test
    void sendfileMovesTheOffsetOrThePosition() {
        Ends p = pipe();
        int file = file("0123456789".getBytes(StandardCharsets.US_ASCII));
        long[] offset = {2};
        assertThat(task.sendfile(p.wr, file, offset, 3)).isEqualTo(3);
        assertThat(offset[0]).isEqualTo(5);
        assertThat(text(p.rd)).isEqualTo("234");
        assertThat(task.sendfile(p.wr, file, null, 4)).isEqualTo(4);
        assertThat(task.sendfile(p.wr, file, null, 100)).isEqualTo(6);
        assertThat(text(p.rd)).isEqualTo("0123456789");
        assertThat(task.sendfile(p.wr, file, null, 100)).isZero();
    }

    @Test
    void aPipeTakesSixteenPagesOfAFile() {
        Ends p = pipe();
        byte[] data = bytes(200_000);
        int file = file(data);
        long[] offset = {100};
        assertThat(task.sendfile(p.wr, file, offset, data.length)).isEqualTo(65536 - 100);
        task.fcntl(p.wr, Fcntl.F_SETFL, Fcntl.O_NONBLOCK);
        assertThat(task.sendfile(p.wr, file, offset, 1)).isEqualTo(-Errno.EAGAIN);
        byte[] got = readAll(p.rd, 65436);
        assertThat(ByteBuffer.wrap(got)).isEqualTo(ByteBuffer.wrap(data, 100, 65436));
    }

    @Test
    void aFileGoesToASocketWholeOrAsFarAsThereIsRoom() {
        int[] c = connection();
        byte[] data = bytes(3_000_000);
        int file = file(data);
        stack.start("sender", () -> task.sendfile(c[0], file, null, data.length));
        assertThat(readAll(c[1], data.length)).isEqualTo(data);
        task.fcntl(c[0], Fcntl.F_SETFL, Fcntl.O_NONBLOCK);
        long[] offset = {0};
        long sent = 0;
        long n;
        while ((n = task.sendfile(c[0], file, offset, 1 << 20)) > 0) {
            sent += n;
        }
        assertThat(n).isIn((long) -Errno.EAGAIN, 0L);
        assertThat(offset[0]).isEqualTo(sent).isPositive();
        assertThat(ByteBuffer.wrap(readAll(c[1], (int) sent)))
                .isEqualTo(ByteBuffer.wrap(data, 0, (int) sent));
    }

    // ---- files in memory

    private int memoryFile(String name, byte[] content) {
        int fd = task.open(name, Fcntl.O_CREAT | Fcntl.O_RDWR, 0600);
        assertThat(task.write(fd, ByteBuffer.wrap(content))).isEqualTo(content.length);
        task.close(fd);
        return task.open(name, Fcntl.O_RDWR, 0);
    }

    @Test
    void pagesOfTheCacheGoToTheSocketByReference() {
        int[] c = connection();
        int file = memoryFile("/f", "0123456789".getBytes(StandardCharsets.US_ASCII));
        assertThat(task.sendfile(c[0], file, new long[1], 10)).isEqualTo(10);
        write(file, "changed");
        assertThat(text(c[1])).as("what the file holds when it is read").isEqualTo("changed789");
    }

    @Test
    void fromFileToFileWithItsOwnPositions() {
        byte[] data = bytes(300_000);
        int from = memoryFile("/a", data);
        int to = memoryFile("/b", "hello".getBytes(StandardCharsets.US_ASCII));
        task.read(to, ByteBuffer.allocate(5));
        assertThat(task.sendfile(to, from, new long[] {7}, 100)).isEqualTo(100);
        assertThat(task.sendfile(to, from, null, data.length)).isEqualTo(data.length);
        int all = task.open("/b", 0, 0);
        byte[] got = readAll(all, 105 + data.length);
        assertThat(ByteBuffer.wrap(got, 5, 100)).isEqualTo(ByteBuffer.wrap(data, 7, 100));
        assertThat(ByteBuffer.wrap(got, 105, data.length)).isEqualTo(ByteBuffer.wrap(data));
        int append = task.open("/b", Fcntl.O_WRONLY | Fcntl.O_APPEND, 0);
        assertThat(task.sendfile(append, from, new long[1], 0)).isEqualTo(-Errno.EINVAL);
        Ends p = pipe();
        write(p.wr, "xyz");
        assertThat(splice(p.rd, append, 3, 0)).isEqualTo(-Errno.EINVAL);
        long[] offset = {1};
        assertThat(task.splice(p.rd, null, to, offset, 3, 0)).isEqualTo(3);
        assertThat(offset[0]).isEqualTo(4);
        assertThat(text(task.open("/b", 0, 0))).startsWith("hxyzo");
    }

    @Test
    void devices() {
        Ends p = pipe();
        int zero = task.open("/dev/zero", Fcntl.O_RDWR, 0);
        int none = task.open("/dev/null", Fcntl.O_RDWR, 0);
        int full = task.open("/dev/full", Fcntl.O_RDWR, 0);
        assertThat(splice(zero, p.wr, 20, 0)).isEqualTo(20);
        assertThat(splice(full, p.wr, 20, 0)).isEqualTo(20);
        assertThat(splice(none, p.wr, 20, 0)).isEqualTo(-Errno.EINVAL);
        assertThat(splice(p.rd, full, 10, 0)).isEqualTo(-Errno.EINVAL);
        assertThat(splice(p.rd, none, 10, 0)).isEqualTo(10);
        assertThat(splice(p.rd, zero, 100, 0)).isEqualTo(30);
        assertThat(task.sendfile(none, zero, null, 100_000)).isEqualTo(100_000);
    }

    @Test
    void copyFileRangeChecksInOrder() {
        int from = memoryFile("/a", bytes(5000));
        int to = memoryFile("/b", new byte[0]);
        long[] zero = new long[1];
        int readOnly = task.open("/b", 0, 0);
        int append = task.open("/b", Fcntl.O_WRONLY | Fcntl.O_APPEND, 0);
        int dir = task.open("/", 0, 0);
        Ends p = pipe();
        assertThat(copy(99, zero, to, zero, 10, 1)).isEqualTo(-Errno.EBADF);
        assertThat(copy(from, zero, 99, zero, 10, 1)).isEqualTo(-Errno.EBADF);
        assertThat(copy(from, zero, dir, zero, 10, 1)).isEqualTo(-Errno.EINVAL);
        assertThat(copy(from, zero, dir, zero, 10, 0)).isEqualTo(-Errno.EISDIR);
        assertThat(copy(from, zero, p.wr, zero, 10, 0)).isEqualTo(-Errno.EINVAL);
        assertThat(copy(from, zero, readOnly, zero, 10, 0)).isEqualTo(-Errno.EBADF);
        assertThat(copy(from, zero, append, zero, 10, 0)).isEqualTo(-Errno.EBADF);
        assertThat(copy(file(bytes(10)), zero, to, zero, 10, 0)).isEqualTo(-Errno.EXDEV);
        assertThat(copy(from, new long[] {-5}, to, zero, 10, 0)).isEqualTo(-Errno.EOVERFLOW);
        assertThat(copy(from, zero, to, new long[] {-5}, 10, 0)).isEqualTo(-Errno.EOVERFLOW);
        assertThat(copy(from, new long[] {1}, to, zero, -1, 0)).isEqualTo(-Errno.EOVERFLOW);
        long last = Long.MAX_VALUE - 4;
        assertThat(copy(from, new long[] {last}, to, zero, 10, 0)).isZero();
        assertThat(copy(from, new long[1], from, new long[] {50}, 100, 0)).isEqualTo(-Errno.EINVAL);
        assertThat(copy(from, new long[] {5000}, from, new long[] {5000}, 100, 0)).isZero();
        assertThat(copy(from, new long[1], from, new long[] {5000}, 100, 0)).isEqualTo(100);
        assertThat(copy(from, null, to, null, 1 << 20, 0)).isEqualTo(5100);
        assertThat(copy(from, null, to, null, 1 << 20, 0)).isZero();
        assertThat(readAll(readOnly, 5100)).isEqualTo(readAll(task.open("/a", 0, 0), 5100));
    }

    private long copy(int in, long[] inOffset, int out, long[] outOffset, long count, int flags) {
        return task.copyFileRange(in, inOffset, out, outOffset, count, flags);
    }
}
