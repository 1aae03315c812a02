package dev.linnet.net.unix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.stack.Host;
import dev.linnet.stack.Stack;
import dev.linnet.stack.Task;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.CmsgHdr;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.PollEvents;
import dev.linnet.uapi.PollFd;
import dev.linnet.uapi.So;
import dev.linnet.uapi.SockAddrUn;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.Sol;
import dev.linnet.uapi.UserMsgHdr;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Sockets whose descriptors are in flight: those that can be received stay, those that nobody can
/// reach are freed.
class UnixGcTest {
    private final Stack stack = Stack.virtual(1);
    private final Host host = stack.newHost("host");
    private final Task task = host.newTask("task");

    @AfterEach
    void close() {
        stack.close();
        assertThat(UnixTable.OF.of(host.net()).sockets()).isEmpty();
        assertThat(stack.buffersInUse()).isZero();
    }

    private int[] pair(int type) {
        int[] fds = new int[2];
        assertThat(task.socketpair(Af.AF_UNIX, type, 0, fds)).isZero();
        return fds;
    }

    private void pass(int over, int... fds) {
        assertThat(passed(over, fds)).isEqualTo(1);
    }

    private int passed(int over, int... fds) {
        UserMsgHdr msg = new UserMsgHdr();
        msg.iov = new ByteBuffer[] {ByteBuffer.allocate(1)};
        byte[] control = new byte[CmsgHdr.space(4 * fds.length)];
        CmsgHdr.put(control, 0, Sol.SOL_SOCKET, So.SCM_RIGHTS, 4 * fds.length);
        for (int i = 0; i < fds.length; i++) {
            Abi.putInt(control, CmsgHdr.SIZE + 4 * i, fds[i]);
        }
        msg.control = control;
        msg.controlLen = control.length;
        return task.sendmsg(over, msg, Msg.MSG_DONTWAIT);
    }

    private int receiveFd(int fd, int flags) {
        UserMsgHdr msg = new UserMsgHdr();
        msg.iov = new ByteBuffer[] {ByteBuffer.allocate(8)};
        byte[] control = new byte[64];
        msg.control = control;
        assertThat(task.recvmsg(fd, msg, flags | Msg.MSG_DONTWAIT)).isPositive();
        assertThat(msg.controlLen).isEqualTo(CmsgHdr.space(4));
        return Abi.getInt(control, CmsgHdr.SIZE);
    }

    private void closeAll(int... fds) {
        for (int fd : fds) {
            assertThat(task.close(fd)).isZero();
        }
    }

    private int sockets() {
        return UnixTable.OF.of(host.net()).sockets().size();
    }

    @Test
    void aSocketInItsOwnQueueIsFreedWithItsPeer() {
        int[] p = pair(SocketType.SOCK_STREAM);
        pass(p[1], p[0]);
        closeAll(p[0]);
        assertThat(sockets()).isEqualTo(2);
        closeAll(p[1]);
        assertThat(sockets()).isZero();
        assertThat(stack.buffersInUse()).isZero();
    }

    @Test
    void twoPairsThatHoldEachOtherAreFreedWhenAnotherSocketEnds() {
        int[] p = pair(SocketType.SOCK_DGRAM);
        int[] q = pair(SocketType.SOCK_DGRAM);
        pass(p[0], q[0], q[1]);
        pass(q[0], p[0], p[1]);
        closeAll(p);
        closeAll(q);
        assertThat(sockets()).isEqualTo(4);
        closeAll(task.socket(Af.AF_UNIX, SocketType.SOCK_STREAM, 0));
        assertThat(sockets()).isZero();
    }

    @Test
    void whatCanStillBeReceivedStays() {
        int[] p = pair(SocketType.SOCK_STREAM);
        int[] q = pair(SocketType.SOCK_STREAM);
        assertThat(task.send(q[1], ByteBuffer.wrap(new byte[] {7}), 0)).isEqualTo(1);
        pass(p[0], q[0]);
        closeAll(q);
        closeAll(task.socket(Af.AF_UNIX, SocketType.SOCK_STREAM, 0));
        assertThat(sockets()).isEqualTo(3);
        int fd = receiveFd(p[1], 0);
        ByteBuffer in = ByteBuffer.allocate(4);
        assertThat(task.recv(fd, in, 0)).isEqualTo(1);
        assertThat(in.get(0)).isEqualTo((byte) 7);
    }

    @Test
    void aChainThatHangsOnAnOpenSocketStays() {
        int[] first = pair(SocketType.SOCK_STREAM);
        int[] second = pair(SocketType.SOCK_STREAM);
        int[] third = pair(SocketType.SOCK_STREAM);
        pass(second[1], third[0]); // in the queue of second[0]
        pass(first[1], second[0]); // in the queue of first[0], which stays open
        pass(third[1], second[0]); // a cycle: third[0] holds second[0]
        closeAll(second);
        closeAll(third);
        closeAll(task.socket(Af.AF_UNIX, SocketType.SOCK_STREAM, 0));
        int fd = receiveFd(first[0], 0);
        int inner = receiveFd(fd, 0);
        assertThat(receiveFd(inner, 0)).isPositive();
    }

    @Test
    void aListenerInTheQueueOfAConnectionThatItHasNotAccepted() {
        int listener = listener();
        int c = task.socket(Af.AF_UNIX, SocketType.SOCK_STREAM, 0);
        assertThat(task.connect(c, SockAddrUn.abstractName("l"))).isZero();
        pass(c, listener, c);
        closeAll(listener, c);
        assertThat(sockets()).isEqualTo(3);
        closeAll(task.socket(Af.AF_UNIX, SocketType.SOCK_STREAM, 0));
        assertThat(sockets()).isZero();
    }

    @Test
    void aLongChainEndsWithoutRecursion() {
        int[] last = pair(SocketType.SOCK_STREAM);
        for (int i = 0; i < 20_000; i++) {
            int[] next = pair(SocketType.SOCK_STREAM);
            pass(next[1], last[0], last[1]);
            closeAll(last);
            last = next;
        }
        closeAll(last);
        assertThat(sockets()).isZero();
    }

    @Test
    void anOrdinaryUserHasALimit() {
        task.setuid(1000);
        task.setRlimitNofile(16);
        int[] p = pair(SocketType.SOCK_STREAM);
        for (int i = 0; i < 17; i++) {
            pass(p[0], p[0]);
        }
        assertThat(passed(p[0], p[0])).isEqualTo(-Errno.ETOOMANYREFS);
        task.setuid(0);
        pass(p[0], p[0]);
    }

    @Test
    void aPidfdTellsThatThePeerHasEnded() {
        Task other = task.fork("other");
        int l = listener();
        int c = other.socket(Af.AF_UNIX, SocketType.SOCK_STREAM, 0);
        assertThat(other.connect(c, SockAddrUn.abstractName("l"))).isZero();
        int a = task.accept(l);
        int[] pidfd = new int[1];
        assertThat(task.getsockopt(a, Sol.SOL_SOCKET, So.SO_PEERPIDFD, pidfd)).isZero();
        PollFd poll = new PollFd(pidfd[0], PollEvents.POLLIN);
        assertThat(task.poll(new PollFd[] {poll}, 0)).isZero();
        other.close();
        assertThat(task.poll(new PollFd[] {poll}, 0)).isEqualTo(1);
        assertThat(poll.revents).isEqualTo(PollEvents.POLLIN | PollEvents.POLLHUP);
    }

    private int listener() {
        int listener = task.socket(Af.AF_UNIX, SocketType.SOCK_STREAM, 0);
        assertThat(task.bind(listener, SockAddrUn.abstractName("l"))).isZero();
        assertThat(task.listen(listener, 1)).isZero();
        return listener;
    }

    /// Descriptors go in all directions, sockets are received, looked at and closed; in the end nothing
    /// is left, and what is reachable always works.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void randomTraffic(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            int[] open = task.openFds();
            int some = open.length == 0 ? -1 : open[random.nextInt(open.length)];
            int other = open.length == 0 ? -1 : open[random.nextInt(open.length)];
            switch (random.nextInt(6)) {
                case 0 ->
                        pair(random.nextBoolean() ? SocketType.SOCK_STREAM : SocketType.SOCK_DGRAM);
                case 1, 2 -> passed(some, other);
                case 3 -> task.close(some);
                default -> {
                    UserMsgHdr msg = new UserMsgHdr();
                    msg.iov = new ByteBuffer[] {ByteBuffer.allocate(8)};
                    msg.control = new byte[64];
                    int peek = random.nextBoolean() ? Msg.MSG_PEEK : 0;
                    task.recvmsg(some, msg, Msg.MSG_DONTWAIT | peek);
                }
            }
        }
        for (int fd : task.openFds()) {
            task.close(fd);
        }
        closeAll(task.socket(Af.AF_UNIX, SocketType.SOCK_STREAM, 0));
        assertThat(sockets()).as("seed %s", seed).isZero();
        assertThat(stack.buffersInUse()).isZero();
    }
}
