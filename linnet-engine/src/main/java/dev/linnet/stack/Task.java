package dev.linnet.stack;

import dev.linnet.fs.FsStruct;
import dev.linnet.fs.IovIter;
import dev.linnet.hook.ReuseportProgram;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.syscall.CopyRangeCalls;
import dev.linnet.syscall.EpollCalls;
import dev.linnet.syscall.EventCalls;
import dev.linnet.syscall.FcntlCalls;
import dev.linnet.syscall.FdCalls;
import dev.linnet.syscall.FileCalls;
import dev.linnet.syscall.LockCalls;
import dev.linnet.syscall.MmsgCalls;
import dev.linnet.syscall.PipeCalls;
import dev.linnet.syscall.PollCalls;
import dev.linnet.syscall.ResourceCalls;
import dev.linnet.syscall.SelectCalls;
import dev.linnet.syscall.SendfileCalls;
import dev.linnet.syscall.SocketCalls;
import dev.linnet.syscall.SpliceCalls;
import dev.linnet.syscall.TaskStruct;
import dev.linnet.syscall.ZerocopyCalls;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.EpollEvent;
import dev.linnet.uapi.FdSet;
import dev.linnet.uapi.ItimerSpec;
import dev.linnet.uapi.PollFd;
import dev.linnet.uapi.RLimit;
import dev.linnet.uapi.Resource;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.TimeSpec;
import dev.linnet.uapi.TimeVal;
import dev.linnet.uapi.UserMsgHdr;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A process on a host: it has file descriptors and makes system calls. Those on names and content of files are
/// in [TaskFiles].
///
/// Every call has Linux's name and gives Linux's result: ≥ 0, or the negated errno
/// ([Errno#name(int)] names it). A blocking call blocks the calling thread; an interrupt of that
/// thread acts as a signal (`-EINTR`). Any number of threads may make calls at once. Buffers are used
/// from position to limit and their positions are left alone.
public final class Task extends TaskFiles implements AutoCloseable {
    private final Host host;

    Task(Host host, String name, int pid) {
        super(
                new TaskStruct(
                        host.net(), host.taskTable(), new FsStruct(host.mounts()), name, pid, 0));
        this.host = host;
    }

    private Task(Host host, TaskStruct task) {
        super(task);
        this.host = host;
    }

    /// The host that this process runs on.
    public Host host() {
        return host;
    }

    public String name() {
        return task.comm;
    }

    public int pid() {
        return task.pid;
    }

    /// A child process with copies of the descriptors, which refer to the same open files
    /// (`fork`).
    public Task fork(String name) {
        return child(name, false);
    }

    /// A child process that shares the descriptors: what one opens or closes, both have opened or closed
    /// (`clone` with `CLONE_FILES`). They are closed when both have ended.
    public Task forkSharingFiles(String name) {
        return child(name, true);
    }

    private Task child(String name, boolean shareFiles) {
        int pid = host.stack().newPid();
        return host.adopt(new Task(host, task.fork(name, pid, shareFiles)));
    }

    /// Starts another program in the process, as far as descriptors are concerned: it no longer shares
    /// them, and those marked close-on-exec are closed.
    public void exec() {
        task.exec();
    }

    /// Sets the effective user; anyone but 0 may neither bind low ports nor open raw sockets.
    public void setuid(int uid) {
        task.setUid(uid);
    }

    /// Sets the soft limit of descriptors (`RLIMIT_NOFILE`). `-EINVAL` above the hard limit.
    public int setRlimitNofile(int limit) {
        long max = task.rlimits.get(Resource.RLIMIT_NOFILE).max();
        return setrlimit(Resource.RLIMIT_NOFILE, new RLimit(limit, max));
    }

    /// Sets a limit of [Resource]. `-EINVAL`, `-EPERM`.
    public int setrlimit(int resource, RLimit limit) {
        return ResourceCalls.prlimit(task, 0, resource, limit, null);
    }

    /// Reads a limit into `out[0]`. `-EINVAL`.
    public int getrlimit(int resource, RLimit[] out) {
        return ResourceCalls.prlimit(task, 0, resource, null, out);
    }

    /// Descriptors in use, in order.
    public int[] openFds() {
        return task.files.openFds();
    }

    // ---- sockets
    // -----------------------------------------------------------------------------------

    /// A new socket's descriptor. `-EAFNOSUPPORT`, `-EINVAL`, `-EPROTONOSUPPORT`,
    /// `-ESOCKTNOSUPPORT`, `-EPERM`, `-EMFILE`.
    public int socket(int domain, int type, int protocol) {
        return SocketCalls.socket(task, domain, type, protocol);
    }

    /// Two connected sockets in `fds[0]` and `fds[1]`.
    public int socketpair(int domain, int type, int protocol, int[] fds) {
        return SocketCalls.socketpair(task, domain, type, protocol, fds);
    }

    /// Gives a socket its address. `-EADDRINUSE`, `-EADDRNOTAVAIL`, `-EINVAL` when it has one,
    /// `-EACCES`, `-EAFNOSUPPORT`.
    public int bind(int fd, SockAddr addr) {
        return SocketCalls.bind(task, fd, addr);
    }

    /// Lets a socket take connections, `backlog` of them (and one more) before `accept`.
    public int listen(int fd, int backlog) {
        return SocketCalls.listen(task, fd, backlog);
    }

    /// Connects. `-EINPROGRESS` and `-EALREADY` on a non-blocking socket, `-EISCONN`,
    /// `-ECONNREFUSED`, `-ETIMEDOUT`, `-ENETUNREACH`, `-EHOSTUNREACH`, `-EADDRNOTAVAIL`.
    public int connect(int fd, SockAddr addr) {
        return SocketCalls.connect(task, fd, addr);
    }

    /// Takes the oldest established connection; its descriptor. `-EAGAIN`, `-EINVAL` unless the
    /// socket listens, `-EMFILE`.
    public int accept(int fd) {
        return SocketCalls.accept4(task, fd, 0, null);
    }

    /// The same with `SOCK_CLOEXEC`, `SOCK_NONBLOCK` for the new one, and the peer's address.
    ///
    /// @param peer receives it in element 0, or null
    public int accept4(int fd, SockAddr @Nullable [] peer, int flags) {
        return SocketCalls.accept4(task, fd, flags, peer);
    }

    /// Lets a program choose which socket of those that share the port through `SO_REUSEPORT` gets a
    /// connection or datagram; the whole group has one program, the last that was attached. Taken away
    /// with `SO_DETACH_REUSEPORT_BPF`. `-EINVAL` without `SO_REUSEPORT`.
    public int attachReuseport(int fd, ReuseportProgram program) {
        return SocketCalls.attachReuseport(task, fd, program);
    }

    /// The local address in `out[0]`.
    public int getsockname(int fd, SockAddr[] out) {
        return SocketCalls.getname(task, fd, false, out);
    }

    /// The peer's address in `out[0]`, or `-ENOTCONN`.
    public int getpeername(int fd, SockAddr[] out) {
        return SocketCalls.getname(task, fd, true, out);
    }

    /// Ends one or both directions (`SHUT_*`). `-ENOTCONN`, `-EINVAL`.
    public int shutdown(int fd, int how) {
        return SocketCalls.shutdown(task, fd, how);
    }

    /// Sets an option to a C structure's bytes. `-ENOPROTOOPT` if there is no such option.
    public int setsockopt(int fd, int level, int name, byte[] value) {
        return SocketCalls.setsockopt(task, fd, level, name, value);
    }

    /// Sets an option to an `int`.
    public int setsockopt(int fd, int level, int name, int value) {
        byte[] raw = new byte[4];
        Abi.putInt(raw, 0, value);
        return SocketCalls.setsockopt(task, fd, level, name, raw);
    }

    /// Reads an option into `value`, whose length is the room; the bytes that are valid.
    public int getsockopt(int fd, int level, int name, byte[] value) {
        return SocketCalls.getsockopt(task, fd, level, name, value);
    }

    /// Reads an `int` option into `value[0]`.
    public int getsockopt(int fd, int level, int name, int[] value) {
        byte[] raw = new byte[4];
        int n = SocketCalls.getsockopt(task, fd, level, name, raw);
        if (n < 0) {
            return n;
        }
        value[0] = n >= 4 ? Abi.getInt(raw, 0) : raw[0];
        return 0;
    }

    // ---- data
    // ----------------------------------------------------------------------------------------

    /// Sends; the bytes taken. `-EAGAIN`, `-EPIPE`, `-ECONNRESET`, `-EMSGSIZE`, `-ENOTCONN` …
    public int send(int fd, ByteBuffer data, int flags) {
        MsgHdr msg = MsgHdr.scratch();
        msg.iter.set(data);
        return SocketCalls.sendmsg(task, fd, msg, flags);
    }

    /// Sends a datagram to an address.
    public int sendto(int fd, ByteBuffer data, int flags, @Nullable SockAddr to) {
        MsgHdr msg = MsgHdr.scratch();
        msg.iter.set(data);
        msg.name = to;
        return SocketCalls.sendmsg(task, fd, msg, flags);
    }

    /// Sends a message with control data.
    public int sendmsg(int fd, UserMsgHdr user, int flags) {
        MsgHdr msg = MsgHdr.scratch();
        msg.iter.set(user.iov, 0, user.iov.length);
        msg.name = user.name;
        msg.control = user.control;
        msg.controlLen = user.control == null ? 0 : user.controlLen;
        return SocketCalls.sendmsg(task, fd, msg, flags);
    }

    /// Receives; the bytes given, 0 at the end of the stream. `-EAGAIN`, `-ECONNRESET` …
    public int recv(int fd, ByteBuffer data, int flags) {
        MsgHdr msg = MsgHdr.scratch();
        msg.iter.set(data);
        return SocketCalls.recvmsg(task, fd, msg, flags);
    }

    /// Receives a datagram and its source in `from[0]`.
    public int recvfrom(int fd, ByteBuffer data, int flags, @Nullable SockAddr[] from) {
        MsgHdr msg = MsgHdr.scratch();
        msg.iter.set(data);
        int n = SocketCalls.recvmsg(task, fd, msg, flags);
        from[0] = msg.name;
        return n;
    }

    /// Receives a message with control data and flags.
    public int recvmsg(int fd, UserMsgHdr user, int flags) {
        MsgHdr msg = MsgHdr.scratch();
        msg.iter.set(user.iov, 0, user.iov.length);
        msg.control = user.control;
        int n = SocketCalls.recvmsg(task, fd, msg, flags);
        user.name = msg.name;
        user.controlLen = msg.controlLen;
        user.flags = msg.flags;
        return n;
    }

    /// Sends several messages; how many, if not all. The bytes of each are in [UserMsgHdr#length].
    public int sendmmsg(int fd, UserMsgHdr[] messages, int flags) {
        return MmsgCalls.sendmmsg(task, fd, messages, flags);
    }

    /// Receives several messages; how many.
    ///
    /// @param timeout looked at after each message; keeps what is left in element 0; null is for ever
    public int recvmmsg(int fd, UserMsgHdr[] messages, int flags, TimeSpec @Nullable [] timeout) {
        return MmsgCalls.recvmmsg(task, fd, messages, flags, timeout);
    }

    /// Sends from a file to a socket without copying through the caller; the bytes sent.
    ///
    /// @param offset where to start, moved on in `offset[0]`; null to use the file's own position
    public long sendfile(int outFd, int inFd, long @Nullable [] offset, long count) {
        return SendfileCalls.sendfile(task, outFd, inFd, offset, count);
    }

    /// Receives from a TCP socket without copying: adds the memory of the packets to `into`, at most
    /// `max` bytes of it; the bytes, 0 at the end of the stream. `-EAGAIN`, `-EOPNOTSUPP` for other kinds
    /// of sockets; else as [#recv].
    ///
    /// @param flags `MSG_DONTWAIT` or 0
    public int recvPages(int fd, int max, int flags, ReceivedPages into) {
        return ZerocopyCalls.recvPages(task, fd, into::add, max, flags);
    }

    /// Moves data between a pipe and another file, which may be a pipe too, without copying it; the
    /// bytes moved. `-EINVAL` unless one of them is a pipe.
    ///
    /// @param inOffset where to read, moved on in element 0; null to use the file's own position
    /// @param outOffset where to write, likewise
    /// @param flags `SPLICE_F_*`
    public long splice(
            int inFd,
            long @Nullable [] inOffset,
            int outFd,
            long @Nullable [] outOffset,
            long count,
            int flags) {
        return SpliceCalls.splice(task, inFd, inOffset, outFd, outOffset, count, flags);
    }

    /// Copies from one regular file to another of the same file system; the bytes copied.
    ///
    /// @param inOffset where to read, moved on in element 0; null to use the file's own position
    /// @param outOffset where to write, likewise
    public long copyFileRange(
            int inFd,
            long @Nullable [] inOffset,
            int outFd,
            long @Nullable [] outOffset,
            long count,
            int flags) {
        return CopyRangeCalls.copyFileRange(task, inFd, inOffset, outFd, outOffset, count, flags);
    }

    /// Gives what is in one pipe to another one too; the bytes shared.
    public long tee(int inFd, int outFd, long count, int flags) {
        return SpliceCalls.tee(task, inFd, outFd, count, flags);
    }

    /// Gives the caller's buffers to a pipe, or fills them from the reading end of one; the bytes.
    /// Buffers on the heap go by reference: until they have been read they must not be changed.
    public long vmsplice(int fd, ByteBuffer[] data, int flags) {
        return SpliceCalls.vmsplice(task, fd, new IovIter().set(data, 0, data.length), flags);
    }

    // ---- descriptors
    // -----------------------------------------------------------------------------------

    /// Closes a descriptor. `-EBADF`.
    public int close(int fd) {
        return task.files.close(fd);
    }

    /// Another descriptor for the same open file, the lowest free one.
    public int dup(int fd) {
        return FdCalls.dup(task, fd);
    }

    /// Makes `newFd` a descriptor for the same open file.
    public int dup2(int fd, int newFd) {
        return FdCalls.dup2(task, fd, newFd);
    }

    /// Makes `newFd` another descriptor for the same open file, with `O_CLOEXEC` or 0. `-EINVAL` if it is
    /// the same.
    public int dup3(int fd, int newFd, int flags) {
        return FdCalls.dup3(task, fd, newFd, flags);
    }

    /// Closes the descriptors from `first` to `last` (unsigned). `flags`: `CLOSE_RANGE_*` of [Fcntl].
    public int closeRange(int first, int last, int flags) {
        return FdCalls.closeRange(task, first, last, flags);
    }

    /// `F_*` on a descriptor, with a number.
    public int fcntl(int fd, int cmd, long arg) {
        return FcntlCalls.fcntl(task, fd, cmd, arg);
    }

    /// `F_*` on a descriptor, with a structure that is changed in place.
    public int fcntl(int fd, int cmd, byte[] arg) {
        return FcntlCalls.fcntl(task, fd, cmd, arg);
    }

    /// Locks the whole file for this open file (`LOCK_*`). `-EAGAIN`.
    public int flock(int fd, int operation) {
        return LockCalls.flock(task, fd, operation);
    }

    /// `ioctl` with its argument structure, changed in place.
    public int ioctl(int fd, int cmd, byte[] arg) {
        return FileCalls.ioctl(task, fd, cmd, arg);
    }

    /// A pipe: reading end in `fds[0]`, writing end in `fds[1]`.
    public int pipe2(int[] fds, int flags) {
        return PipeCalls.pipe2(task, fds, flags);
    }

    /// Opens a file of the machine that the JVM runs on, for reading, so that it can be sent.
    /// `-ENOENT`, `-EACCES`, `-EISDIR`.
    public int openHostFile(Path path) {
        return FileCalls.openHostFile(task, path);
    }

    /// Makes a descriptor of a file that the JVM has open for reading, for [#sendfile] above all: what the channel
    /// would read is what is sent. Closing it leaves the channel open. `-EMFILE`.
    public int openChannel(FileChannel channel) {
        return FileCalls.openChannel(task, channel);
    }

    // ---- events
    // ---------------------------------------------------------------------------------------

    /// A counter to wait for. `flags`: `EFD_*`.
    public int eventfd(int count, int flags) {
        return EventCalls.eventfd2(task, count, flags);
    }

    /// A timer to wait for, by one of the clocks `CLOCK_REALTIME` (0), `MONOTONIC` (1), `BOOTTIME` (7),
    /// `REALTIME_ALARM` (8), `BOOTTIME_ALARM` (9). `flags`: `TFD_*`.
    public int timerfdCreate(int clockId, int flags) {
        return EventCalls.timerfdCreate(task, clockId, flags);
    }

    /// Arms a timer; what was set before is in `old[0]`. `flags`: `TFD_TIMER_*`.
    public int timerfdSettime(int fd, int flags, ItimerSpec value, ItimerSpec[] old) {
        return EventCalls.timerfdSettime(task, fd, flags, value, old);
    }

    /// What a timer will do, in `out[0]`.
    public int timerfdGettime(int fd, ItimerSpec[] out) {
        return EventCalls.timerfdGettime(task, fd, out);
    }

    // ---- readiness
    // -------------------------------------------------------------------------------------

    /// Waits until one of the descriptors is ready; how many are, 0 at the time-out.
    ///
    /// @param timeoutMs negative waits for ever
    public int poll(PollFd[] fds, int timeoutMs) {
        return PollCalls.poll(task, fds, fds.length, timeoutMs < 0 ? -1 : timeoutMs * 1_000_000L);
    }

    /// The same with a time of nanoseconds, of which `timeout[0]` keeps what is left. `-EINVAL`.
    ///
    /// @param timeout null waits for ever
    public int ppoll(PollFd[] fds, TimeSpec @Nullable [] timeout) {
        return PollCalls.ppoll(task, fds, fds.length, timeout);
    }

    /// Waits until a descriptor below `nfds` of one of the sets can be read, written or has urgent data,
    /// and leaves in the sets those that are ready; how many bits that are, 0 at the time-out.
    /// `-EBADF`, `-EINVAL`, `-EINTR`.
    ///
    /// @param timeout keeps what is left in element 0; null waits for ever
    public int select(
            int nfds,
            @Nullable FdSet in,
            @Nullable FdSet out,
            @Nullable FdSet ex,
            TimeVal @Nullable [] timeout) {
        return SelectCalls.select(task, nfds, in, out, ex, timeout);
    }

    /// The same with a time of nanoseconds.
    public int pselect(
            int nfds,
            @Nullable FdSet in,
            @Nullable FdSet out,
            @Nullable FdSet ex,
            TimeSpec @Nullable [] timeout) {
        return SelectCalls.pselect(task, nfds, in, out, ex, timeout);
    }

    /// A new epoll instance. `flags`: `EPOLL_CLOEXEC`.
    public int epollCreate1(int flags) {
        return EpollCalls.create1(task, flags);
    }

    /// Adds, changes or removes a descriptor of an epoll instance. `-EEXIST`, `-ENOENT`, `-EPERM`,
    /// `-ELOOP`, `-EINVAL`, `-EBADF`.
    public int epollCtl(int epfd, int op, int fd, @Nullable EpollEvent event) {
        return EpollCalls.ctl(task, epfd, op, fd, event);
    }

    /// Waits for events; how many were written to `events`.
    ///
    /// @param timeoutMs negative waits for ever
    public int epollWait(int epfd, EpollEvent[] events, int timeoutMs) {
        return EpollCalls.wait(
                task, epfd, events, events.length, timeoutMs < 0 ? -1 : timeoutMs * 1_000_000L);
    }

    /// The same with a time of nanoseconds.
    ///
    /// @param timeout null waits for ever
    public int epollPwait2(int epfd, EpollEvent[] events, @Nullable TimeSpec timeout) {
        return EpollCalls.pwait2(task, epfd, events, events.length, timeout);
    }

    /// Ends the process: all of its descriptors are closed.
    @Override
    public void close() {
        task.exit();
    }

    /// The process itself, for Linnet's other modules.
    public TaskStruct struct() {
        return task;
    }
}
