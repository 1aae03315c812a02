package dev.linnet.packetdrill.syscall;

/// Numbers of system calls on x86-64.
public final class SyscallNr {
    public static final int READ = 0;
    public static final int WRITE = 1;
    public static final int OPEN = 2;
    public static final int CLOSE = 3;
    public static final int POLL = 7;
    public static final int IOCTL = 16;
    public static final int READV = 19;
    public static final int WRITEV = 20;
    public static final int PIPE = 22;
    public static final int SENDFILE = 40;
    public static final int SOCKET = 41;
    public static final int CONNECT = 42;
    public static final int ACCEPT = 43;
    public static final int SENDTO = 44;
    public static final int RECVFROM = 45;
    public static final int SENDMSG = 46;
    public static final int RECVMSG = 47;
    public static final int SHUTDOWN = 48;
    public static final int BIND = 49;
    public static final int LISTEN = 50;
    public static final int SETSOCKOPT = 54;
    public static final int GETSOCKOPT = 55;
    public static final int FCNTL = 72;
    public static final int CAPGET = 125;
    public static final int CAPSET = 126;
    public static final int EPOLL_CREATE = 213;
    public static final int EPOLL_WAIT = 232;
    public static final int EPOLL_CTL = 233;
    public static final int SPLICE = 275;

    private SyscallNr() {}
}
