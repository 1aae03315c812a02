package dev.linnet.net.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.linnet.host.HostSyscalls;
import dev.linnet.host.NativeMemory;
import dev.linnet.host.Nr;
import dev.linnet.stack.Host;
import dev.linnet.stack.Stack;
import dev.linnet.stack.Task;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.Sol;
import dev.linnet.uapi.TcpOpt;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The numeric options of SOL_TCP, each with many values, on Linnet and on the running kernel: the
/// same errnos, and the same value read back. Over loopback, so no rights are needed.
class TcpSockoptHostTest {
    private static final int LOOPBACK = 0x7F000001;

    private static final int[] VALUES = {
        Integer.MIN_VALUE,
        -1,
        0,
        1,
        2,
        3,
        87,
        88,
        100,
        127,
        128,
        255,
        256,
        536,
        999,
        1000,
        1152,
        2304,
        32767,
        32768,
        65535,
        65536,
        120_000,
        120_020,
        (1 << 28) - 1,
        1 << 28,
        Integer.MAX_VALUE
    };

    /// Not numbers; or they tell of the machine and not of the option (timestamps, microseconds that
    /// are kept in ticks of another length); or keys of RFC 5925, which Linnet does not have.
    private static final Set<Integer> OTHER =
            Set.of(
                    TcpOpt.TCP_INFO,
                    TcpOpt.TCP_CONGESTION,
                    TcpOpt.TCP_MD5SIG,
                    TcpOpt.TCP_MD5SIG_EXT,
                    TcpOpt.TCP_REPAIR_OPTIONS,
                    TcpOpt.TCP_REPAIR_WINDOW,
                    TcpOpt.TCP_CC_INFO,
                    TcpOpt.TCP_SAVED_SYN,
                    TcpOpt.TCP_ULP,
                    TcpOpt.TCP_FASTOPEN_KEY,
                    TcpOpt.TCP_ZEROCOPY_RECEIVE,
                    TcpOpt.TCP_TIMESTAMP,
                    TcpOpt.TCP_RTO_MIN_US,
                    TcpOpt.TCP_DELACK_MAX_US,
                    TcpOpt.TCP_AO_ADD_KEY,
                    TcpOpt.TCP_AO_DEL_KEY,
                    TcpOpt.TCP_AO_INFO,
                    TcpOpt.TCP_AO_GET_KEYS,
                    TcpOpt.TCP_AO_REPAIR);

    enum Situation {
        FRESH,
        LISTENING,
        CONNECTED
    }

    /// Sockets of one of the two stacks; results as `-errno`.
    private interface Sockets {
        int open(Situation situation);

        int set(int fd, int name, byte[] value);

        int get(int fd, int name, byte[] value);

        void closeAll();
    }

    private static final class Linnet implements Sockets {
        private final Stack stack = Stack.virtual(1);
        private final Host host = stack.newHost("a");
        private Task task = host.newTask("t");

        @Override
        public int open(Situation situation) {
            int fd = task.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
            if (situation == Situation.LISTENING) {
                listen(fd);
            } else if (situation == Situation.CONNECTED) {
                int listener = task.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
                assertThat(task.connect(fd, listen(listener))).isZero();
            }
            return fd;
        }

        private SockAddr listen(int fd) {
            assertThat(task.bind(fd, new SockAddrIn(0, LOOPBACK))).isZero();
            assertThat(task.listen(fd, 5)).isZero();
            SockAddr[] name = new SockAddr[1];
            assertThat(task.getsockname(fd, name)).isZero();
            return name[0];
        }

        @Override
        public int set(int fd, int name, byte[] value) {
            return task.setsockopt(fd, Sol.SOL_TCP, name, value);
        }

        @Override
        public int get(int fd, int name, byte[] value) {
            return task.getsockopt(fd, Sol.SOL_TCP, name, value);
        }

        @Override
        public void closeAll() {
            for (int fd : task.openFds()) {
                task.close(fd);
            }
            task = host.newTask("t");
        }
    }

    private static final class Kernel implements Sockets {
        private final NativeMemory memory = new NativeMemory();
        private final List<Integer> fds = new ArrayList<>();

        private int socket() {
            int fd = (int) HostSyscalls.syscall(Nr.SOCKET, Af.AF_INET, SocketType.SOCK_STREAM, 0);
            assertThat(fd).isNotNegative();
            fds.add(fd);
            return fd;
        }

        @Override
        public int open(Situation situation) {
            int fd = socket();
            if (situation == Situation.LISTENING) {
                listen(fd);
            } else if (situation == Situation.CONNECTED) {
                long addr = listen(socket());
                assertThat(HostSyscalls.syscall(Nr.CONNECT, fd, addr, SockAddrIn.SIZE)).isZero();
            }
            return fd;
        }

        private long listen(int fd) {
            byte[] raw = new byte[SockAddrIn.SIZE];
            new SockAddrIn(0, LOOPBACK).encode(raw, 0);
            long addr = memory.allocate(raw);
            long len = memory.allocate(4);
            memory.putInt(len, SockAddrIn.SIZE);
            assertThat(HostSyscalls.syscall(Nr.BIND, fd, addr, SockAddrIn.SIZE)).isZero();
            assertThat(HostSyscalls.syscall(Nr.LISTEN, fd, 5)).isZero();
            assertThat(HostSyscalls.syscall(Nr.GETSOCKNAME, fd, addr, len)).isZero();
            return addr;
        }

        @Override
        public int set(int fd, int name, byte[] value) {
            long at = memory.allocate(value.length + 1);
            memory.put(at, value);
            return (int)
                    HostSyscalls.syscall(Nr.SETSOCKOPT, fd, Sol.SOL_TCP, name, at, value.length);
        }

        @Override
        public int get(int fd, int name, byte[] value) {
            long at = memory.allocate(value.length + 1);
            long len = memory.allocate(4);
            memory.putInt(len, value.length);
            int err = (int) HostSyscalls.syscall(Nr.GETSOCKOPT, fd, Sol.SOL_TCP, name, at, len);
            if (err < 0) {
                return err;
            }
            int n = memory.getInt(len);
            System.arraycopy(memory.get(at, n), 0, value, 0, n);
            return n;
        }

        @Override
        public void closeAll() {
            fds.forEach(fd -> HostSyscalls.syscall(Nr.CLOSE, fd));
            fds.clear();
        }
    }

    private final Linnet linnet = new Linnet();
    private final Kernel kernel = new Kernel();

    @AfterEach
    void close() {
        linnet.closeAll();
        linnet.stack.close();
        kernel.closeAll();
        kernel.memory.close();
    }

    private static byte[] raw(int value) {
        byte[] raw = new byte[4];
        Abi.putInt(raw, 0, value);
        return raw;
    }

    private static String read(Sockets sockets, int fd, int name) {
        byte[] value = new byte[8];
        int n = sockets.get(fd, name, value);
        return n == 4 ? "reads " + Abi.getInt(value, 0) : "reads -> " + n;
    }

    /// What each value does to a new socket, one line each.
    private static List<String> answers(Sockets sockets, Situation situation) {
        List<String> lines = new ArrayList<>();
        for (int name = 0; name <= TcpOpt.TCP_DELACK_MAX_US + 2; name++) {
            if (OTHER.contains(name)) {
                continue;
            }
            for (int value : VALUES) {
                if (name == TcpOpt.TCP_RTO_MAX_MS && value % 20 != 0) {
                    continue; // rounded to ticks, whose length the kernel chooses
                }
                int fd = sockets.open(situation);
                String before = read(sockets, fd, name);
                int err = sockets.set(fd, name, raw(value));
                String after = read(sockets, fd, name);
                lines.add(
                        "option " + name + " " + before + ", set " + value + " -> " + err + ", "
                                + after);
                sockets.closeAll();
            }
        }
        return lines;
    }

    @ParameterizedTest
    @EnumSource
    void numbersAreTakenAndRefusedAlike(Situation situation) {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "needs the kernel of Linux");
        List<String> ours = answers(linnet, situation);
        List<String> theirs = answers(kernel, situation);
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < ours.size(); i++) {
            if (!ours.get(i).equals(theirs.get(i))) {
                differences.add("Linnet: " + ours.get(i) + "; Linux: " + theirs.get(i));
            }
        }
        assertThat(differences).isEmpty();
    }

    @Test
    void valuesThatAreTooShortAreRefusedAlike() {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "needs the kernel of Linux");
        for (int name = 0; name <= TcpOpt.TCP_DELACK_MAX_US + 2; name++) {
            for (int length = 0; length < 4; length++) {
                if (OTHER.contains(name) && name != TcpOpt.TCP_REPAIR_WINDOW) {
                    continue;
                }
                int a = linnet.set(linnet.open(Situation.FRESH), name, new byte[length]);
                int b = kernel.set(kernel.open(Situation.FRESH), name, new byte[length]);
                assertThat(a).as("option %d with %d bytes", name, length).isEqualTo(b);
            }
        }
    }

    /// Both sizes of segments before there is a connection.
    @ParameterizedTest
    @EnumSource(names = {"FRESH", "LISTENING"})
    void tcpInfoTellsTheSameSegmentSizes(Situation situation) {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "needs the kernel of Linux");
        int sndMss = 16; // tcpi_snd_mss and after it tcpi_rcv_mss
        byte[] ours = new byte[sndMss + 8];
        byte[] theirs = new byte[sndMss + 8];
        assertThat(linnet.get(linnet.open(situation), TcpOpt.TCP_INFO, ours)).isPositive();
        assertThat(kernel.get(kernel.open(situation), TcpOpt.TCP_INFO, theirs)).isPositive();
        assertThat(Abi.getLong(ours, sndMss)).isEqualTo(Abi.getLong(theirs, sndMss));
    }
}
