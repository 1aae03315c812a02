package dev.linnet.syscall;

import dev.linnet.fs.File;
import dev.linnet.fs.FileDescriptorTable;
import dev.linnet.hook.ReuseportProgram;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.NetCoreSysctls;
import dev.linnet.net.core.sock.CgroupBpf;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.Security;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.net.core.sock.SockOptions;
import dev.linnet.net.core.sock.SockOptionsGet;
import dev.linnet.net.core.sock.SockReuseport;
import dev.linnet.net.core.sock.Socket;
import dev.linnet.net.core.sock.Stab;
import dev.linnet.net.socket.NetFamilies;
import dev.linnet.net.socket.SocketFileOps;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.So;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.Sol;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// The calls of `net/socket.c`, on typed arguments. Results are ≥ 0 or `-errno`; each may be made
/// from any thread, and blocks that thread unless the socket is non-blocking.
public final class SocketCalls {
    private SocketCalls() {}

    /// `socket`: a new socket's descriptor. `EINVAL` for unknown flags in `type`, else what
    /// [NetFamilies#create] says; `EMFILE`.
    @Kernel({"__sys_socket", "sys_socket"})
    public static int socket(TaskStruct task, int domain, int type, int protocol) {
        int flags = type & ~SocketType.SOCK_TYPE_MASK;
        if ((flags & ~(SocketType.SOCK_CLOEXEC | SocketType.SOCK_NONBLOCK)) != 0) {
            return -Errno.EINVAL;
        }
        int[] result = new int[1];
        Socket sock = create(task, domain, type & SocketType.SOCK_TYPE_MASK, protocol, result);
        if (sock == null) {
            return result[0];
        }
        return mapFd(task, sock, flags);
    }

    private static @Nullable Socket create(
            TaskStruct task, int domain, int type, int protocol, int[] result) {
        Socket sock = NetFamilies.create(task.net, domain, type, protocol, task.cred(), result);
        if (sock != null) {
            own(task, sock);
        }
        return sock;
    }

    private static void own(TaskStruct task, Socket sock) {
        Sock sk = sock.sk;
        if (sk != null) {
            sk.uid = task.uid;
            sk.ownerPid = task.pid;
        }
    }

    /// Gives a socket a file and a descriptor (`sock_map_fd`); releases it if there is none.
    @Kernel({"sock_map_fd", "sock_alloc_fd", "sock_attach_fd"})
    private static int mapFd(TaskStruct task, Socket sock, int flags) {
        int fd = task.files.reserve((flags & SocketType.SOCK_CLOEXEC) != 0);
        if (fd < 0) {
            sock.ops.release(sock);
            return fd;
        }
        task.files.install(fd, SocketFileOps.newFile(sock, fileFlags(flags)));
        return fd;
    }

    private static int fileFlags(int sockFlags) {
        return Fcntl.O_RDWR | (sockFlags & SocketType.SOCK_NONBLOCK);
    }

    /// Where `socketpair` puts its two descriptors.
    @FunctionalInterface
    interface FdPair {
        /// 0 or `-EFAULT`.
        int put(int first, int second);
    }

    /// `socketpair`: two connected sockets in `fds`. `EOPNOTSUPP` where the family has none.
    public static int socketpair(TaskStruct task, int domain, int type, int protocol, int[] fds) {
        return socketpair(
                task,
                domain,
                type,
                protocol,
                (first, second) -> {
                    fds[0] = first;
                    fds[1] = second;
                    return 0;
                });
    }

    /// Descriptors come first and are handed out before there are sockets: `EMFILE` and `EFAULT` win
    /// over what the family says.
    @Kernel({"__sys_socketpair", "sys_socketpair"})
    static int socketpair(TaskStruct task, int domain, int type, int protocol, FdPair out) {
        int flags = type & ~SocketType.SOCK_TYPE_MASK;
        if ((flags & ~(SocketType.SOCK_CLOEXEC | SocketType.SOCK_NONBLOCK)) != 0) {
            return -Errno.EINVAL;
        }
        FileDescriptorTable files = task.files;
        boolean cloexec = (flags & SocketType.SOCK_CLOEXEC) != 0;
        int first = files.reserve(cloexec);
        if (first < 0) {
            return first;
        }
        int second = files.reserve(cloexec);
        int err = second < 0 ? second : out.put(first, second);
        Socket[] pair = new Socket[2];
        err = err < 0 ? err : connectedPair(task, domain, type, protocol, pair);
        if (err < 0) {
            files.unreserve(first);
            if (second >= 0) {
                files.unreserve(second);
            }
            return err;
        }
        Audit.fdPair(task, first, second);
        files.install(first, SocketFileOps.newFile(pair[0], fileFlags(flags)));
        files.install(second, SocketFileOps.newFile(pair[1], fileFlags(flags)));
        return 0;
    }

    private static int connectedPair(
            TaskStruct task, int domain, int type, int protocol, Socket[] pair) {
        int[] result = new int[1];
        int kind = type & SocketType.SOCK_TYPE_MASK;
        for (int i = 0; i < 2; i++) {
            Socket sock = create(task, domain, kind, protocol, result);
            if (sock == null) {
                releaseAll(pair);
                return result[0];
            }
            pair[i] = sock;
        }
        task.enter();
        int err = Security.socketSocketpair(pair[0], pair[1]);
        if (err == 0) {
            err = pair[0].ops.socketpair(pair[0], pair[1]);
        }
        if (err < 0) {
            releaseAll(pair);
        }
        return err;
    }

    private static void releaseAll(@Nullable Socket[] socks) {
        for (Socket sock : socks) {
            if (sock != null) {
                sock.ops.release(sock);
            }
        }
    }

    /// `bind`. `EBADF`, `ENOTSOCK`, and what the family says.
    @Kernel({"__sys_bind", "sys_bind"})
    public static int bind(TaskStruct task, int fd, SockAddr addr) {
        Audit.sockaddr(task, addr);
        return withSocket(task, fd, (file, sock) -> bind(sock, addr));
    }

    private static int bind(Socket sock, SockAddr addr) {
        int err = Security.socketBind(sock, addr);
        return err != 0 ? err : sock.ops.bind(sock, addr);
    }

    /// `listen`; the backlog is capped by `net.core.somaxconn`, a negative one is the cap.
    @Kernel({"__sys_listen", "sys_listen"})
    public static int listen(TaskStruct task, int fd, int backlog) {
        int somaxconn = task.net.sysctl.get(NetCoreSysctls.SOMAXCONN);
        int capped = Integer.compareUnsigned(backlog, somaxconn) > 0 ? somaxconn : backlog;
        return withSocket(task, fd, (file, sock) -> listen(sock, capped));
    }

    private static int listen(Socket sock, int backlog) {
        int err = Security.socketListen(sock, backlog);
        return err != 0 ? err : sock.ops.listen(sock, backlog);
    }

    /// `connect`.
    @Kernel({"__sys_connect", "sys_connect"})
    public static int connect(TaskStruct task, int fd, SockAddr addr) {
        Audit.sockaddr(task, addr);
        return withSocket(task, fd, (file, sock) -> connect(file, sock, addr));
    }

    private static int connect(File file, Socket sock, SockAddr addr) {
        int err = Security.socketConnect(sock, addr);
        return err != 0 ? err : sock.ops.connect(sock, addr, file.nonblock());
    }

    /// `accept4`: the new socket's descriptor. Its file flags are those asked for here, not those of
    /// the listener. The peer's address is copied last: if it is gone, `ECONNABORTED`. A descriptor is
    /// reserved before the file is known to be a socket: `EMFILE` wins over `ENOTSOCK`.
    ///
    /// @param flags `SOCK_CLOEXEC`, `SOCK_NONBLOCK`; others are `EINVAL`
    /// @param peer receives the peer's address, or null
    @Kernel({"__sys_accept4", "__sys_accept4_file", "sys_accept", "sys_accept4"})
    public static int accept4(TaskStruct task, int fd, int flags, SockAddr @Nullable [] peer) {
        FileDescriptorTable files = task.files;
        File file = files.get(fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        try {
            if ((flags & ~(SocketType.SOCK_CLOEXEC | SocketType.SOCK_NONBLOCK)) != 0) {
                return -Errno.EINVAL;
            }
            int newfd = files.reserve((flags & SocketType.SOCK_CLOEXEC) != 0);
            if (newfd < 0) {
                return newfd;
            }
            int[] result = new int[1];
            Socket newsock = doAccept(task, file, peer, result);
            if (newsock == null) {
                files.unreserve(newfd);
                return result[0];
            }
            files.install(newfd, SocketFileOps.newFile(newsock, fileFlags(flags)));
            return newfd;
        } finally {
            file.put();
        }
    }

    /// The socket of the oldest connection, or null and `-errno` in `result[0]`.
    @Kernel("do_accept")
    private static @Nullable Socket doAccept(
            TaskStruct task, File file, SockAddr @Nullable [] peer, int[] result) {
        Socket sock = SocketFileOps.sockFromFile(file);
        if (sock == null) {
            result[0] = -Errno.ENOTSOCK;
            return null;
        }
        Socket newsock = new Socket(sock.type, sock.ops, task.net.newInode());
        task.enter();
        int err = Security.socketAccept(sock);
        if (err == 0) {
            err = sock.ops.accept(sock, newsock, file.nonblock());
        }
        if (err == 0 && peer != null) {
            SockAddr name = newsock.ops.acceptedName(newsock, new int[1]);
            if (name == null) {
                err = -Errno.ECONNABORTED;
            } else {
                peer[0] = name;
            }
        }
        if (err < 0) {
            newsock.ops.release(newsock);
            result[0] = err;
            return null;
        }
        own(task, newsock);
        return newsock;
    }

    /// `getsockname`, or with `peer` `getpeername` (`ENOTCONN`); the address in `out[0]`.
    @Kernel({"__sys_getsockname", "__sys_getpeername", "sys_getsockname", "sys_getpeername"})
    public static int getname(TaskStruct task, int fd, boolean peer, SockAddr[] out) {
        return withSocket(
                task,
                fd,
                (file, sock) -> {
                    int[] result = {Security.socketGetname(sock, peer)};
                    if (result[0] != 0) {
                        return result[0];
                    }
                    SockAddr addr = sock.ops.getname(sock, peer, result);
                    if (addr == null) {
                        return result[0];
                    }
                    out[0] = addr;
                    return 0;
                });
    }

    /// `shutdown`.
    @Kernel({"__sys_shutdown", "sys_shutdown"})
    public static int shutdown(TaskStruct task, int fd, int how) {
        return withSocket(
                task,
                fd,
                (file, sock) -> {
                    int err = Security.socketShutdown(sock, how);
                    return err != 0 ? err : sock.ops.shutdown(sock, how);
                });
    }

    /// `setsockopt`. `ENOPROTOOPT` for what does not exist.
    @Kernel({"__sys_setsockopt", "sys_setsockopt"})
    public static int setsockopt(TaskStruct task, int fd, int level, int name, byte[] value) {
        return withSocket(task, fd, (file, sock) -> set(task, sock, level, name, value));
    }

    @Kernel("do_sock_setsockopt")
    private static int set(TaskStruct task, Socket sock, int level, int name, byte[] value) {
        int err = Security.socketSetsockopt(sock, level, name);
        Sock sk = sock.sk;
        if (err == 0 && sk != null && CgroupBpf.enabled(sk)) {
            err = CgroupBpf.setsockopt(sk, level, name, value);
        }
        if (err != 0) {
            return err;
        }
        if (level != Sol.SOL_SOCKET) {
            return sock.ops.setsockopt(sock, level, name, value);
        }
        return name == So.SO_ATTACH_BPF || name == So.SO_ATTACH_REUSEPORT_EBPF
                ? attachBpf(task, sock, value)
                : SockOptions.set(sock, name, value);
    }

    /// Lets a program choose which socket of a group that shares a port gets a connection or datagram.
    /// `EINVAL` without `SO_REUSEPORT`, and for a socket that was bound without it.
    @Kernel("sk_reuseport_attach_bpf")
    public static int attachReuseport(TaskStruct task, int fd, ReuseportProgram program) {
        return withSockLocked(task, fd, sk -> SockReuseport.attach(sk, program));
    }

    /// Puts a connection into a sockmap.
    @Kernel("sock_map_update_elem")
    public static int sockMapUpdate(TaskStruct task, Stab map, int key, int fd) {
        return withSockLocked(task, fd, sk -> map.update(key, sk));
    }

    /// Runs a call under the lock of the socket's sock; `EINVAL` where there is none.
    private static int withSockLocked(TaskStruct task, int fd, ToIntFunction<Sock> call) {
        return withSocket(
                task,
                fd,
                (file, sock) -> {
                    Sock sk = sock.sk;
                    if (sk == null) {
                        return -Errno.EINVAL;
                    }
                    sk.lock.lock();
                    try {
                        return call.applyAsInt(sk);
                    } finally {
                        sk.lock.unlock();
                    }
                });
    }

    /// `SO_ATTACH_BPF` and `SO_ATTACH_REUSEPORT_EBPF` name a program by its descriptor; no descriptor is
    /// one of a program.
    @Kernel({"sk_attach_bpf", "bpf_prog_get"})
    private static int attachBpf(TaskStruct task, Socket sock, byte[] value) {
        Sock sk = sock.sk;
        assert sk != null;
        if (value.length != 4) {
            return -Errno.EINVAL;
        }
        if (sk.filterLocked) {
            return -Errno.EPERM;
        }
        File file = task.files.get(Abi.getInt(value, 0));
        if (file == null) {
            return -Errno.EBADF;
        }
        file.put();
        return -Errno.EINVAL;
    }

    /// `getsockopt`: fills `value`, whose length is what the caller offers, and returns how much of
    /// it is valid.
    @Kernel({"__sys_getsockopt", "sys_getsockopt"})
    public static int getsockopt(TaskStruct task, int fd, int level, int name, byte[] value) {
        return withSocket(task, fd, (file, sock) -> get(sock, level, name, value));
    }

    @Kernel("do_sock_getsockopt")
    private static int get(Socket sock, int level, int name, byte[] value) {
        int err = Security.socketGetsockopt(sock, level, name);
        if (err != 0) {
            return err;
        }
        int result =
                level == Sol.SOL_SOCKET
                        ? SockOptionsGet.get(sock, name, value)
                        : sock.ops.getsockopt(sock, level, name, value);
        Sock sk = sock.sk;
        return sk != null && CgroupBpf.enabled(sk)
                ? CgroupBpf.getsockopt(sk, level, name, value, result)
                : result;
    }

    /// `sendmsg` and its kin: sends what `msg` describes.
    @Kernel({"__sys_sendmsg", "__sys_sendto", "sys_send", "sys_sendto", "sys_sendmsg"})
    public static int sendmsg(TaskStruct task, int fd, MsgHdr msg, int flags) {
        File file = task.files.get(fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        try {
            Socket sock = SocketFileOps.sockFromFile(file);
            return sock == null ? -Errno.ENOTSOCK : send(task, file, sock, msg, flags);
        } finally {
            file.put();
        }
    }

    @Kernel("____sys_sendmsg")
    static int send(TaskStruct task, File file, Socket sock, MsgHdr msg, int flags) {
        task.enter();
        msg.flags = flags & ~Msg.MSG_SPLICE_PAGES;
        if (file.nonblock()) {
            msg.flags |= Msg.MSG_DONTWAIT;
        }
        Audit.sockaddr(task, msg.name);
        return sock.sendmsg(msg);
    }

    /// `recvmsg` and its kin: fills `msg`, its flags included.
    @Kernel({"__sys_recvmsg", "__sys_recvfrom", "sys_recv", "sys_recvfrom", "sys_recvmsg"})
    public static int recvmsg(TaskStruct task, int fd, MsgHdr msg, int flags) {
        File file = task.files.get(fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        try {
            Socket sock = SocketFileOps.sockFromFile(file);
            return sock == null ? -Errno.ENOTSOCK : receive(task, file, sock, msg, flags);
        } finally {
            file.put();
        }
    }

    @Kernel("____sys_recvmsg")
    static int receive(TaskStruct task, File file, Socket sock, MsgHdr msg, int flags) {
        task.enter();
        msg.flags = flags & Msg.MSG_CMSG_CLOEXEC;
        return sock.recvmsg(msg, file.nonblock() ? flags | Msg.MSG_DONTWAIT : flags);
    }

    /// A call on a socket and its file.
    @FunctionalInterface
    interface SocketCall {
        int run(File file, Socket sock);
    }

    /// Runs a call on the socket of a descriptor: `EBADF`, `ENOTSOCK` (`sockfd_lookup_light`).
    @Kernel("sockfd_lookup_light")
    static int withSocket(TaskStruct task, int fd, SocketCall call) {
        File file = task.files.get(fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        try {
            Socket sock = SocketFileOps.sockFromFile(file);
            task.enter();
            return sock == null ? -Errno.ENOTSOCK : call.run(file, sock);
        } finally {
            file.put();
        }
    }
}
