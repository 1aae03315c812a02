package dev.linnet.host;

/// System call numbers of this machine's architecture, for [HostSyscalls#syscall].
///
/// The table holds what Linnet's own code, the packetdrill host target and the differential tests
/// call. x86-64 and aarch64 number their calls differently, and aarch64 never had the older
/// variants (`poll`, `epoll_wait`, `select` ...): those are -1 there, for which the kernel answers
/// `-ENOSYS`, exactly as it does for any number it does not know.
public final class Nr {
    private static final boolean X86_64 = isX8664(System.getProperty("os.arch", ""));

    public static final int READ = pick(0, 63);
    public static final int WRITE = pick(1, 64);
    public static final int OPEN = pick(2, -1);
    public static final int CLOSE = pick(3, 57);
    public static final int FSTAT = pick(5, 80);
    public static final int POLL = pick(7, -1);
    public static final int LSEEK = pick(8, 62);
    public static final int MMAP = pick(9, 222);
    public static final int MPROTECT = pick(10, 226);
    public static final int MUNMAP = pick(11, 215);
    public static final int IOCTL = pick(16, 29);
    public static final int PREAD64 = pick(17, 67);
    public static final int PWRITE64 = pick(18, 68);
    public static final int READV = pick(19, 65);
    public static final int WRITEV = pick(20, 66);
    public static final int SELECT = pick(23, -1);
    public static final int SCHED_YIELD = pick(24, 124);
    public static final int MREMAP = pick(25, 216);
    public static final int DUP = pick(32, 23);
    public static final int DUP2 = pick(33, -1);
    public static final int NANOSLEEP = pick(35, 101);
    public static final int GETPID = pick(39, 172);
    public static final int SENDFILE = pick(40, 71);
    public static final int SOCKET = pick(41, 198);
    public static final int CONNECT = pick(42, 203);
    public static final int ACCEPT = pick(43, 202);
    public static final int SENDTO = pick(44, 206);
    public static final int RECVFROM = pick(45, 207);
    public static final int SENDMSG = pick(46, 211);
    public static final int RECVMSG = pick(47, 212);
    public static final int SHUTDOWN = pick(48, 210);
    public static final int BIND = pick(49, 200);
    public static final int LISTEN = pick(50, 201);
    public static final int GETSOCKNAME = pick(51, 204);
    public static final int GETPEERNAME = pick(52, 205);
    public static final int SOCKETPAIR = pick(53, 199);
    public static final int SETSOCKOPT = pick(54, 208);
    public static final int GETSOCKOPT = pick(55, 209);
    public static final int KILL = pick(62, 129);
    public static final int FCNTL = pick(72, 25);
    public static final int FTRUNCATE = pick(77, 46);
    public static final int CHDIR = pick(80, 49);
    public static final int MKDIR = pick(83, -1);
    public static final int UMASK = pick(95, 166);
    public static final int GETUID = pick(102, 174);
    public static final int SETRESUID = pick(117, 147);
    public static final int SETRESGID = pick(119, 149);
    public static final int CAPGET = pick(125, 90);
    public static final int CAPSET = pick(126, 91);
    public static final int SCHED_SETSCHEDULER = pick(144, 119);
    public static final int MLOCKALL = pick(151, 230);
    public static final int PRCTL = pick(157, 167);
    public static final int CHROOT = pick(161, 51);
    public static final int MOUNT = pick(165, 40);
    public static final int GETTID = pick(186, 178);
    public static final int SCHED_SETAFFINITY = pick(203, 122);
    public static final int EPOLL_CREATE = pick(213, -1);
    public static final int CLOCK_GETTIME = pick(228, 113);
    public static final int CLOCK_NANOSLEEP = pick(230, 115);
    public static final int EPOLL_WAIT = pick(232, -1);
    public static final int EPOLL_CTL = pick(233, 21);
    public static final int TGKILL = pick(234, 131);
    public static final int OPENAT = pick(257, 56);
    public static final int PSELECT6 = pick(270, 72);
    public static final int PPOLL = pick(271, 73);
    public static final int UNSHARE = pick(272, 97);
    public static final int SPLICE = pick(275, 76);
    public static final int TEE = pick(276, 77);
    public static final int VMSPLICE = pick(278, 75);
    public static final int EPOLL_PWAIT = pick(281, 22);
    public static final int TIMERFD_CREATE = pick(283, 85);
    public static final int TIMERFD_SETTIME = pick(286, 86);
    public static final int ACCEPT4 = pick(288, 242);
    public static final int EVENTFD2 = pick(290, 19);
    public static final int EPOLL_CREATE1 = pick(291, 20);
    public static final int DUP3 = pick(292, 24);
    public static final int PIPE2 = pick(293, 59);
    public static final int RECVMMSG = pick(299, 243);
    public static final int SENDMMSG = pick(307, 269);
    public static final int SETNS = pick(308, 268);
    public static final int SECCOMP = pick(317, 277);
    public static final int MEMFD_CREATE = pick(319, 279);
    public static final int CLOSE_RANGE = 436;
    public static final int EPOLL_PWAIT2 = 441;

    private Nr() {}

    private static int pick(int x8664, int aarch64) {
        return X86_64 ? x8664 : aarch64;
    }

    private static boolean isX8664(String arch) {
        return switch (arch) {
            case "amd64", "x86_64" -> true;
            case "aarch64" -> false;
            default ->
                    throw new UnsupportedOperationException(
                            "host system calls are known for x86-64 and aarch64, not for " + arch);
        };
    }
}
