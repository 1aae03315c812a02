package dev.linnet.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Epoll;
import dev.linnet.uapi.EpollEvent;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.Ioctl;
import dev.linnet.uapi.PollEvents;
import dev.linnet.uapi.PollFd;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Pipes as system calls see them. Numbers and masks are those that Linux 6.18 gave to the same calls.
@Timeout(60)
class PipeTest {
    private static final int IN = PollEvents.POLLIN | PollEvents.POLLRDNORM;
    private static final int OUT = PollEvents.POLLOUT | PollEvents.POLLWRNORM;

    private final Stack stack = Stack.virtual(1);
    private final Task task = stack.newHost("a").newTask("task");
    private int rd;
    private int wr;

    @BeforeEach
    void open() {
        pipe(Fcntl.O_NONBLOCK);
    }

    @AfterEach
    void nothingIsLeft() {
        stack.close();
        assertThat(stack.buffersInUse()).isZero();
    }

    private void pipe(int flags) {
        int[] fds = new int[2];
        assertThat(task.pipe2(fds, flags)).isZero();
        rd = fds[0];
        wr = fds[1];
    }

    private int write(int bytes) {
        return task.write(wr, ByteBuffer.allocate(bytes));
    }

    private int write(String s) {
        return task.write(wr, ByteBuffer.wrap(s.getBytes(StandardCharsets.US_ASCII)));
    }

    private int read(int bytes) {
        return task.read(rd, ByteBuffer.allocate(bytes));
    }

    private String text(int bytes) {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        int n = task.read(rd, buffer);
        return n < 0 ? Errno.name(-n) : new String(buffer.array(), 0, n, StandardCharsets.US_ASCII);
    }

    private int readable() {
        byte[] n = new byte[4];
        assertThat(task.ioctl(rd, Ioctl.FIONREAD, n)).isZero();
        return Abi.getInt(n, 0);
    }

    private int mask(int fd) {
        PollFd[] fds = {new PollFd(fd, 0x7fff)};
        task.poll(fds, 0);
        return fds[0].revents;
    }

    private int setSize(int bytes) {
        return task.fcntl(wr, Fcntl.F_SETPIPE_SZ, bytes);
    }

    @Test
    void smallWritesShareAPageAndOddOnesTakeTheirOwn() {
        for (int i = 0; i < 16; i++) {
            assertThat(write(3000)).isEqualTo(3000);
        }
        assertThat(write(3000)).isEqualTo(-Errno.EAGAIN);
        assertThat(readable()).isEqualTo(48000);
        assertThat(write(1000)).isEqualTo(1000);
        assertThat(write(1096)).isEqualTo(-Errno.EAGAIN);
        assertThat(write(97)).isEqualTo(-Errno.EAGAIN);
        assertThat(write(5000)).isEqualTo(-Errno.EAGAIN);
        assertThat(write(1)).isEqualTo(1);
        assertThat(mask(rd)).isEqualTo(IN);
        assertThat(mask(wr)).isZero();
        assertThat(read(1)).isEqualTo(1);
        assertThat(mask(wr)).as("a page that is read in part is not free").isZero();
        assertThat(read(2999)).isEqualTo(2999);
        assertThat(mask(wr)).isEqualTo(OUT);
    }

    @Test
    void theOddPartOfALongWriteGoesFirstIntoThePageBefore() {
        write("a");
        byte[] data = new byte[4096 + 50];
        data[0] = 'B';
        data[50] = 'C';
        assertThat(task.write(wr, ByteBuffer.wrap(data))).isEqualTo(4146);
        assertThat(text(2)).isEqualTo("aB");
        read(49);
        assertThat(text(1)).isEqualTo("C");
    }

    @Test
    void sizesAreRoundedAndLimited() {
        assertThat(task.fcntl(rd, Fcntl.F_GETPIPE_SZ, 0)).isEqualTo(65536);
        assertThat(setSize(0)).isEqualTo(4096);
        assertThat(setSize(4097)).isEqualTo(8192);
        assertThat(setSize(65537)).isEqualTo(131072);
        assertThat(setSize(-1)).isEqualTo(-Errno.EINVAL);
        assertThat(setSize(65536)).isEqualTo(65536);
        write(20000);
        assertThat(setSize(4096)).isEqualTo(-Errno.EBUSY);
        assertThat(setSize(5 * 4096)).isEqualTo(32768);
        assertThat(readable()).isEqualTo(20000);
        int event = task.eventfd(0, 0);
        assertThat(task.fcntl(event, Fcntl.F_GETPIPE_SZ, 0)).isEqualTo(-Errno.EBADF);
        task.setuid(1000);
        assertThat(setSize(1 << 20)).isEqualTo(1 << 20);
        assertThat(setSize((1 << 20) + 1)).isEqualTo(-Errno.EPERM);
    }

    @Test
    void contentSurvivesAChangeOfSize() {
        for (int i = 0; i < 5; i++) {
            write(4096);
            assertThat(read(4096)).isEqualTo(4096);
        }
        write("0123456789");
        write(4096);
        setSize(8192);
        assertThat(text(10)).isEqualTo("0123456789");
        assertThat(read(5000)).isEqualTo(4096);
        assertThat(write(8192)).isEqualTo(8192);
        assertThat(write(1)).isEqualTo(-Errno.EAGAIN);
    }

    @Test
    void aUserAboveTheSoftLimitGetsSmallPipes() {
        task.setuid(1000);
        for (int i = 0; i < 64; i++) {
            pipe(Fcntl.O_NONBLOCK);
            assertThat(setSize(1 << 20)).isEqualTo(1 << 20);
        }
        pipe(Fcntl.O_NONBLOCK);
        assertThat(task.fcntl(rd, Fcntl.F_GETPIPE_SZ, 0)).isEqualTo(8192);
        assertThat(setSize(16384)).isEqualTo(-Errno.EPERM);
    }

    @Test
    void packetsStayApart() {
        pipe(Fcntl.O_NONBLOCK | Fcntl.O_DIRECT);
        write("aaaaaaaaaa");
        write("bbb");
        assertThat(text(5)).isEqualTo("aaaaa");
        assertThat(text(100)).isEqualTo("bbb");
        write(5000);
        assertThat(read(9000)).isEqualTo(4096);
        assertThat(read(9000)).isEqualTo(904);
        assertThat(task.fcntl(wr, Fcntl.F_SETFL, Fcntl.O_NONBLOCK)).isZero();
        write("1");
        write("2");
        assertThat(text(9)).isEqualTo("12");
        assertThat(task.fcntl(wr, Fcntl.F_SETFL, Fcntl.O_DIRECT)).isZero();
        write("1");
        write("2");
        assertThat(text(9)).isEqualTo("1");
        assertThat(text(9)).isEqualTo("2");
    }

    @Test
    void flagsOfPipe2() {
        int[] fds = new int[2];
        assertThat(task.pipe2(fds, 1)).isEqualTo(-Errno.EINVAL);
        assertThat(task.pipe2(fds, Fcntl.O_APPEND)).isEqualTo(-Errno.EINVAL);
        assertThat(task.pipe2(fds, Fcntl.O_EXCL)).isEqualTo(-Errno.ENOPKG);
        pipe(Fcntl.O_NONBLOCK | Fcntl.O_DIRECT);
        assertThat(task.fcntl(rd, Fcntl.F_GETFL, 0)).isEqualTo(0x800);
        assertThat(task.fcntl(wr, Fcntl.F_GETFL, 0)).isEqualTo(0x4801);
    }

    @Test
    void endsThatAreGone() {
        assertThat(mask(rd)).isZero();
        assertThat(mask(wr)).isEqualTo(OUT);
        write("abc");
        task.close(wr);
        assertThat(mask(rd)).isEqualTo(IN | PollEvents.POLLHUP);
        assertThat(text(10)).isEqualTo("abc");
        assertThat(mask(rd)).isEqualTo(PollEvents.POLLHUP);
        assertThat(read(10)).isZero();
        pipe(0);
        task.close(rd);
        assertThat(mask(wr)).isEqualTo(OUT | PollEvents.POLLERR);
        assertThat(write("x")).isEqualTo(-Errno.EPIPE);
        assertThat(write("")).isZero();
    }

    @Test
    void edgeTriggeredWatchersHearOfEveryWrite() {
        int ep = task.epollCreate1(0);
        EpollEvent in = new EpollEvent(Epoll.EPOLLIN | Epoll.EPOLLET, 1);
        assertThat(task.epollCtl(ep, Epoll.EPOLL_CTL_ADD, rd, in)).isZero();
        EpollEvent[] out = new EpollEvent[4];
        write("1");
        assertThat(task.epollWait(ep, out, 0)).isEqualTo(1);
        assertThat(task.epollWait(ep, out, 0)).isZero();
        write("1");
        assertThat(task.epollWait(ep, out, 0)).isEqualTo(1);
        read(1);
        assertThat(task.epollWait(ep, out, 0)).isZero();
        int slots = 0;
        while (write(4096) > 0) {
            slots++;
        }
        assertThat(slots).isEqualTo(15);
        assertThat(task.epollWait(ep, out, 0)).isEqualTo(1);
    }

    @Test
    void edgeTriggeredWritersHearWhenAFullPipeHasASlot() {
        write("1");
        while (write(4096) > 0) {}
        int ep = task.epollCreate1(0);
        EpollEvent event = new EpollEvent(Epoll.EPOLLOUT | Epoll.EPOLLET, 1);
        assertThat(task.epollCtl(ep, Epoll.EPOLL_CTL_ADD, wr, event)).isZero();
        EpollEvent[] out = new EpollEvent[4];
        assertThat(task.epollWait(ep, out, 0)).isZero();
        read(100);
        assertThat(task.epollWait(ep, out, 0)).isEqualTo(1);
        read(4096);
        assertThat(task.epollWait(ep, out, 0)).isZero();
        task.close(rd);
        assertThat(task.epollWait(ep, out, 0)).isEqualTo(1);
    }

    @Test
    void aWriteIsReadByOneOfManyAndARestByTheNext() {
        pipe(0);
        List<Integer> got = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            stack.start("reader" + i, () -> got.add(read(3)));
        }
        stack.sleep(1_000_000);
        write("abcdefgh");
        stack.sleep(1_000_000);
        assertThat(got).containsExactly(3, 3, 2);
        task.close(wr);
        stack.sleep(1_000_000);
        assertThat(got).containsExactly(3, 3, 2, 0, 0, 0, 0, 0);
    }

    @Test
    void writesOfAPageAreNotMixed() {
        pipe(0);
        for (int i = 0; i < 4; i++) {
            byte[] data = new byte[3000];
            Arrays.fill(data, (byte) ('a' + i));
            stack.start(
                    "writer" + i,
                    () -> {
                        for (int n = 0; n < 20; n++) {
                            task.write(wr, ByteBuffer.wrap(data));
                        }
                    });
        }
        ByteBuffer buffer = ByteBuffer.allocate(3000);
        for (int n = 0; n < 80; n++) {
            assertThat(task.read(rd, buffer)).isEqualTo(3000);
            for (byte b : buffer.array()) {
                assertThat(b).isEqualTo(buffer.get(0));
            }
        }
    }
}
