package dev.linnet.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.uapi.Af;
import dev.linnet.uapi.Epoll;
import dev.linnet.uapi.EpollEvent;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.RLimit;
import dev.linnet.uapi.Resource;
import dev.linnet.uapi.SocketType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Limits that cannot be tried on the host without taking rights from the whole JVM, and the sharing of
/// descriptors between processes.
class DescriptorLimitsTest {
    private final Stack stack = Stack.virtual(1);
    private final Host host = stack.newHost("host");
    private final Task task = host.newTask("task");

    @AfterEach
    void close() {
        stack.close();
    }

    private int socket(Task of) {
        return of.socket(Af.AF_INET, SocketType.SOCK_DGRAM, 0);
    }

    @Test
    void openFilesOfAllProcessesAreLimitedForUsers() {
        assertThat(host.setSysctl("fs.file-max", "3")).isZero();
        Task user = host.newTask("user");
        user.setuid(1000);
        assertThat(socket(user)).isZero();
        assertThat(user.dup(0)).as("no new file").isEqualTo(1);
        assertThat(socket(task)).isZero();
        assertThat(socket(user)).isEqualTo(2);
        assertThat(socket(user)).isEqualTo(-Errno.ENFILE);
        assertThat(user.epollCreate1(0)).isEqualTo(-Errno.ENFILE);
        assertThat(user.dup(0)).isEqualTo(3);
        assertThat(socket(task)).as("root may").isEqualTo(1);
        task.close(0);
        task.close(1);
        assertThat(socket(user)).as("what is closed does not count").isEqualTo(4);
    }

    @Test
    void hardLimitsGoDownOnly() {
        RLimit[] now = new RLimit[1];
        assertThat(task.setrlimit(Resource.RLIMIT_NOFILE, new RLimit(10, 20))).isZero();
        task.setuid(1000);
        assertThat(task.setrlimit(Resource.RLIMIT_NOFILE, new RLimit(10, 21)))
                .isEqualTo(-Errno.EPERM);
        assertThat(task.setrlimit(Resource.RLIMIT_NOFILE, new RLimit(16, 15)))
                .isEqualTo(-Errno.EINVAL);
        assertThat(task.setrlimit(Resource.RLIMIT_NOFILE, new RLimit(15, 15))).isZero();
        assertThat(task.getrlimit(Resource.RLIMIT_NOFILE, now)).isZero();
        assertThat(now[0]).isEqualTo(new RLimit(15, 15));
        task.setuid(0);
        assertThat(task.setrlimit(Resource.RLIMIT_NOFILE, new RLimit(15, 1 << 20))).isZero();
        assertThat(task.setrlimit(Resource.RLIMIT_NOFILE, new RLimit(15, (1 << 20) + 1)))
                .as("more than fs.nr_open")
                .isEqualTo(-Errno.EPERM);
    }

    @Test
    void childrenHaveTheLimitsOfTheirParentsAndThenTheirOwn() {
        task.setRlimitNofile(2);
        Task child = task.fork("child");
        assertThat(socket(child)).isZero();
        assertThat(socket(child)).isEqualTo(1);
        assertThat(socket(child)).isEqualTo(-Errno.EMFILE);
        child.setRlimitNofile(3);
        assertThat(socket(child)).isEqualTo(2);
        assertThat(socket(task)).isZero();
        assertThat(socket(task)).isEqualTo(1);
        assertThat(socket(task)).isEqualTo(-Errno.EMFILE);
    }

    @Test
    void sharedDescriptorsEndWithTheLastProcess() {
        Task other = task.forkSharingFiles("other");
        int fd = socket(task);
        assertThat(other.fcntl(fd, Fcntl.F_GETFL, 0)).isEqualTo(Fcntl.O_RDWR);
        assertThat(socket(other)).isEqualTo(fd + 1);
        assertThat(task.close(fd + 1)).isZero();
        task.close();
        assertThat(other.fcntl(fd, Fcntl.F_GETFL, 0)).isEqualTo(Fcntl.O_RDWR);
        assertThat(host.net().files.nrFiles()).isOne();
        other.close();
        assertThat(host.net().files.nrFiles()).isZero();
    }

    @Test
    void closeRangeEndsSharing() {
        int fd = socket(task);
        Task other = task.forkSharingFiles("other");
        assertThat(other.closeRange(0, -1, Fcntl.CLOSE_RANGE_UNSHARE)).isZero();
        assertThat(other.openFds()).isEmpty();
        assertThat(task.openFds()).containsExactly(fd);
        assertThat(socket(other)).isZero();
        assertThat(task.openFds()).containsExactly(fd);
    }

    @Test
    void execEndsSharingAndClosesWhatIsMarked() {
        int kept = socket(task);
        int marked = task.socket(Af.AF_INET, SocketType.SOCK_DGRAM | SocketType.SOCK_CLOEXEC, 0);
        Task other = task.forkSharingFiles("other");
        other.exec();
        assertThat(other.openFds()).containsExactly(kept);
        assertThat(task.openFds()).containsExactly(kept, marked);
    }

    @Test
    void watchesOfAUserAreLimited() {
        assertThat(host.setSysctl("fs.epoll.max_user_watches", "1")).isZero();
        int epfd = task.epollCreate1(0);
        EpollEvent event = new EpollEvent(Epoll.EPOLLIN, 0);
        int a = socket(task);
        int b = socket(task);
        assertThat(task.epollCtl(epfd, Epoll.EPOLL_CTL_ADD, a, event)).isZero();
        assertThat(task.epollCtl(epfd, Epoll.EPOLL_CTL_ADD, b, event)).isEqualTo(-Errno.ENOSPC);
        task.close(a);
        assertThat(task.epollCtl(epfd, Epoll.EPOLL_CTL_ADD, b, event)).isZero();
    }

    /// 500 instances that are all watched by one may watch a file, and not one more.
    @Test
    void pathsThatOneFileWakesAreLimited() {
        int outer = task.epollCreate1(0);
        int fd = socket(task);
        EpollEvent event = new EpollEvent(Epoll.EPOLLIN, 0);
        for (int i = 0; i < 500; i++) {
            int inner = task.epollCreate1(0);
            assertThat(task.epollCtl(outer, Epoll.EPOLL_CTL_ADD, inner, event)).isZero();
            assertThat(task.epollCtl(inner, Epoll.EPOLL_CTL_ADD, fd, event)).isZero();
        }
        int last = task.epollCreate1(0);
        assertThat(task.epollCtl(outer, Epoll.EPOLL_CTL_ADD, last, event)).isZero();
        assertThat(task.epollCtl(last, Epoll.EPOLL_CTL_ADD, fd, event)).isEqualTo(-Errno.EINVAL);
    }

    /// On Linux that inode is one for the whole machine, so the host is not asked in the tests.
    @Test
    void anonymousFilesShareOneInodeAndItsLocks() {
        int a = task.epollCreate1(0);
        int b = task.epollCreate1(0);
        int exclusive = 2;
        int nonBlocking = 4;
        assertThat(task.flock(a, exclusive)).isZero();
        assertThat(task.flock(b, exclusive | nonBlocking)).isEqualTo(-Errno.EAGAIN);
        assertThat(host.newTask("other").epollCreate1(0)).isZero();
        task.close(a);
        assertThat(task.flock(b, exclusive | nonBlocking)).isZero();
    }
}
