package dev.linnet.net.core.sock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.linnet.host.HostSyscalls;
import dev.linnet.host.NativeMemory;
import dev.linnet.host.Nr;
import dev.linnet.stack.Stack;
import dev.linnet.stack.Task;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.IpProto;
import dev.linnet.uapi.So;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.Sol;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The options of SOL_SOCKET, each with many values and lengths, on Linnet and on the running kernel:
/// the same errnos, and the same bytes read back. As root, since several options and raw sockets are
/// for the privileged; nothing is sent.
class SockOptionsHostTest {
    private static final int LAST = 90;

    private static final int[] VALUES = {
        Integer.MIN_VALUE, -1, 0, 1, 2, 3, 4, 7, 255, 4096, 65535, 65536, Integer.MAX_VALUE
    };

    /// Programs that choose among sockets; names of devices and descriptors, which mean
    /// something else on the other machine; cookies, which are counted; what belongs to memory of
    /// devices.
    private static final Set<Integer> OTHER =
            Set.of(
                    So.SO_ATTACH_BPF,
                    So.SO_ATTACH_REUSEPORT_CBPF,
                    So.SO_ATTACH_REUSEPORT_EBPF,
                    So.SO_DETACH_REUSEPORT_BPF,
                    So.SO_BINDTODEVICE,
                    So.SO_BINDTOIFINDEX,
                    So.SO_COOKIE,
                    So.SO_NETNS_COOKIE,
                    So.SO_DEVMEM_LINEAR,
                    So.SO_DEVMEM_DMABUF);

    /// Limits and defaults of these are knobs of the machine.
    private static final Set<Integer> BUFFERS =
            Set.of(So.SO_SNDBUF, So.SO_RCVBUF, So.SO_SNDBUFFORCE, So.SO_RCVBUFFORCE, So.SO_MEMINFO);

    enum Kind {
        UDP(Af.AF_INET, SocketType.SOCK_DGRAM, 0),
        UDP6(Af.AF_INET6, SocketType.SOCK_DGRAM, 0),
        TCP(Af.AF_INET, SocketType.SOCK_STREAM, 0),
        TCP6(Af.AF_INET6, SocketType.SOCK_STREAM, 0),
        RAW(Af.AF_INET, SocketType.SOCK_RAW, IpProto.IPPROTO_ICMP),
        RAW6(Af.AF_INET6, SocketType.SOCK_RAW, IpProto.IPPROTO_ICMPV6);

        final int family;
        final int type;
        final int protocol;

        Kind(int family, int type, int protocol) {
            this.family = family;
            this.type = type;
            this.protocol = protocol;
        }
    }

    /// Sockets of one of the two stacks; results as `-errno`.
    private interface Sockets {
        int open(Kind kind);

        int set(int fd, int name, byte[] value);

        int get(int fd, int name, byte[] value);

        void close(int fd);
    }

    private static final class Linnet implements Sockets {
        private final Stack stack = Stack.virtual(1);
        private final Task task = stack.newHost("a").newTask("t");

        @Override
        public int open(Kind kind) {
            return task.socket(kind.family, kind.type, kind.protocol);
        }

        @Override
        public int set(int fd, int name, byte[] value) {
            return task.setsockopt(fd, Sol.SOL_SOCKET, name, value);
        }

        @Override
        public int get(int fd, int name, byte[] value) {
            return task.getsockopt(fd, Sol.SOL_SOCKET, name, value);
        }

        @Override
        public void close(int fd) {
            task.close(fd);
        }
    }

    private static final class Kernel implements Sockets {
        private final NativeMemory memory = new NativeMemory();
        private final long at = memory.allocate(64);
        private final long len = memory.allocate(4);

        @Override
        public int open(Kind kind) {
            return (int) HostSyscalls.syscall(Nr.SOCKET, kind.family, kind.type, kind.protocol);
        }

        @Override
        public int set(int fd, int name, byte[] value) {
            memory.put(at, value);
            return (int)
                    HostSyscalls.syscall(Nr.SETSOCKOPT, fd, Sol.SOL_SOCKET, name, at, value.length);
        }

        @Override
        public int get(int fd, int name, byte[] value) {
            memory.put(at, value);
            memory.putInt(len, value.length);
            int err = (int) HostSyscalls.syscall(Nr.GETSOCKOPT, fd, Sol.SOL_SOCKET, name, at, len);
            if (err < 0) {
                return err;
            }
            System.arraycopy(memory.get(at, value.length), 0, value, 0, value.length);
            return memory.getInt(len);
        }

        @Override
        public void close(int fd) {
            HostSyscalls.syscall(Nr.CLOSE, fd);
        }
    }

    private final Linnet linnet = new Linnet();
    private final Kernel kernel = new Kernel();

    @BeforeEach
    void kernelAtHand() {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "needs the kernel of Linux");
        int fd = kernel.open(Kind.RAW);
        assumeTrue(fd >= 0, "needs root");
        kernel.close(fd);
    }

    @AfterEach
    void close() {
        linnet.stack.close();
        kernel.memory.close();
    }

    private static IntStream names() {
        return IntStream.rangeClosed(0, LAST).filter(name -> !OTHER.contains(name));
    }

    private static String read(Sockets sockets, int fd, int name, int length) {
        byte[] value = new byte[length];
        int n = sockets.get(fd, name, value);
        return n < 0 ? "reads " + n : "reads " + HexFormat.of().formatHex(value, 0, n);
    }

    private static byte[] raw(int value, int length) {
        byte[] raw = new byte[length];
        Abi.putInt(raw, 0, value);
        return raw;
    }

    /// What each value does to a new socket, one line each.
    private static List<String> answers(Sockets sockets, Kind kind) {
        List<String> lines = new ArrayList<>();
        names().filter(name -> !BUFFERS.contains(name))
                .forEach(
                        name -> {
                            for (int value : VALUES) {
                                lines.add(answer(sockets, kind, name, raw(value, 4)));
                                lines.add(answer(sockets, kind, name, raw(value, 8)));
                                lines.add(answer(sockets, kind, name, raw(value, 16)));
                            }
                        });
        return lines;
    }

    private static String answer(Sockets sockets, Kind kind, int name, byte[] value) {
        int fd = sockets.open(kind);
        String before = read(sockets, fd, name, 16);
        int err = sockets.set(fd, name, value);
        String after = read(sockets, fd, name, 16);
        int again = sockets.set(fd, name, raw(0, 4));
        sockets.close(fd);
        return "option %d %s, set %s -> %d, %s, set 0 -> %d"
                .formatted(name, before, HexFormat.of().formatHex(value), err, after, again);
    }

    private static List<String> shortOnes(Sockets sockets, Kind kind) {
        List<String> lines = new ArrayList<>();
        names().forEach(
                        name -> {
                            for (int length = 0; length < 4; length++) {
                                int fd = sockets.open(kind);
                                int err = sockets.set(fd, name, new byte[length]);
                                String got = read(sockets, fd, name, length);
                                sockets.close(fd);
                                boolean machine = BUFFERS.contains(name);
                                lines.add(
                                        "option %d, %d bytes: set -> %d, %s"
                                                .formatted(name, length, err, machine ? "" : got));
                            }
                        });
        return lines;
    }

    private static void assertAlike(List<String> ours, List<String> theirs) {
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < ours.size(); i++) {
            if (!ours.get(i).equals(theirs.get(i))) {
                differences.add("\nLinnet: " + ours.get(i) + "\nLinux:  " + theirs.get(i));
            }
        }
        assertThat(ours).hasSameSizeAs(theirs).isNotEmpty();
        assertThat(String.join("", differences)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void valuesAreTakenAndRefusedAlike(Kind kind) {
        assertAlike(answers(linnet, kind), answers(kernel, kind));
    }

    @ParameterizedTest
    @EnumSource
    void valuesThatAreTooShortAreRefusedAlike(Kind kind) {
        assertAlike(shortOnes(linnet, kind), shortOnes(kernel, kind));
    }
}
