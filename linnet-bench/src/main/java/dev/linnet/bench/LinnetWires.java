package dev.linnet.bench;

import static dev.linnet.bench.Figures.check;

import dev.linnet.stack.Host;
import dev.linnet.stack.Stack;
import dev.linnet.stack.Task;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Linger;
import dev.linnet.uapi.So;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.Sol;
import dev.linnet.uapi.TcpOpt;
import java.nio.ByteBuffer;

/// Linnet's loopback through the typed calls, in real time.
final class LinnetWires implements Wires {
    private static final SockAddr ADDRESS = new SockAddrIn(8080, 0x7f000001);

    private final Stack stack = Stack.create();
    private final Host host = stack.newHost("bench");
    private final Task task = host.newTask("bench");
    private final int listener;

    LinnetWires() {
        listener = check(task.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0));
        check(task.bind(listener, ADDRESS));
        check(task.listen(listener, 4096));
    }

    @Override
    public String name() {
        return "linnet";
    }

    @Override
    public End connect() {
        int fd = check(task.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0));
        check(task.connect(fd, ADDRESS));
        return end(fd);
    }

    @Override
    public End accept() {
        return end(check(task.accept(listener)));
    }

    private End end(int fd) {
        check(task.setsockopt(fd, Sol.SOL_TCP, TcpOpt.TCP_NODELAY, 1));
        return new TaskEnd(task, fd);
    }

    @Override
    public void close() {
        stack.close();
    }

    private record TaskEnd(Task task, int fd) implements End {
        @Override
        public int read(ByteBuffer into) {
            int n = task.read(fd, into);
            if (n <= 0) {
                return -1;
            }
            into.position(into.position() + n);
            return n;
        }

        @Override
        public void write(ByteBuffer from) {
            while (from.hasRemaining()) {
                from.position(from.position() + check(task.write(fd, from)));
            }
        }

        @Override
        public void reset() {
            byte[] linger = new byte[Linger.SIZE];
            new Linger(1, 0).encode(linger, 0);
            check(task.setsockopt(fd, Sol.SOL_SOCKET, So.SO_LINGER, linger));
            close();
        }

        @Override
        public void close() {
            task.close(fd);
        }
    }
}
