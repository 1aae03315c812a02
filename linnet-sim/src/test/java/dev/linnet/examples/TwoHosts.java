package dev.linnet.examples;

import dev.linnet.sim.Link;
import dev.linnet.sim.LinkConfig;
import dev.linnet.stack.Host;
import dev.linnet.stack.Stack;
import dev.linnet.stack.Task;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SocketType;
import java.nio.ByteBuffer;

/// Two hosts on a link of 20 ms: a TCP server that echoes, and a client, in virtual time.
public final class TwoHosts {
    public static void main(String[] args) {
        try (Stack stack = Stack.virtual(7)) {
            Host left = stack.newHost("left");
            Host right = stack.newHost("right");
            Link.connect(left, "eth0", right, "eth0", LinkConfig.parse("delay=20ms"), 7);
            left.addAddress("eth0", "10.0.0.1/24");
            right.addAddress("eth0", "10.0.0.2/24");

            SockAddr address = SockAddr.parse("10.0.0.2:80");
            Task server = right.newTask("server");
            int listener = server.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
            server.bind(listener, address);
            server.listen(listener, 16);
            stack.start("server", () -> echo(server, server.accept(listener)));

            Task client = left.newTask("client");
            int fd = client.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
            long start = stack.nowNs();
            System.out.println("connect: " + client.connect(fd, address));
            System.out.println("after " + (stack.nowNs() - start) / 1_000_000 + " ms");
            client.write(fd, ByteBuffer.wrap("hello".getBytes()));
            ByteBuffer answer = ByteBuffer.allocate(100);
            int n = client.read(fd, answer);
            System.out.println("read: " + n + " " + new String(answer.array(), 0, n));
            System.out.println("after " + (stack.nowNs() - start) / 1_000_000 + " ms");
        }
    }

    private static void echo(Task server, int fd) {
        ByteBuffer data = ByteBuffer.allocate(100);
        int n = server.read(fd, data);
        server.write(fd, data.limit(n));
        server.close(fd);
    }
}
