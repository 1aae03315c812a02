package dev.linnet.examples;

import dev.linnet.sim.Link;
import dev.linnet.sim.LinkConfig;
import dev.linnet.stack.Capture;
import dev.linnet.stack.Host;
import dev.linnet.stack.Stack;
import dev.linnet.stack.Task;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Shut;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SocketType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// A megabyte over a link that loses one packet in fifty, captured for Wireshark.
public final class LossyLink {
    private static final SockAddr ADDRESS = SockAddr.parse("[fd00::2]:80");

    public static void main(String[] args) throws IOException {
        LinkConfig config = LinkConfig.parse("delay=10ms,rate=100mbit,loss=2%");
        try (Stack stack = Stack.virtual(7)) {
            Host left = stack.newHost("left");
            Host right = stack.newHost("right");
            Link link = Link.connect(left, "eth0", right, "eth0", config, 7);
            left.addAddress("eth0", "fd00::1/64");
            right.addAddress("eth0", "fd00::2/64");
            stack.sleep(3_000_000_000L); // duplicate address detection, as on every IPv6 interface

            Task server = right.newTask("server");
            int listener = server.socket(Af.AF_INET6, SocketType.SOCK_STREAM, 0);
            server.bind(listener, ADDRESS);
            server.listen(listener, 16);
            try (Capture capture = Capture.open(Path.of(args[0])).add(left, "eth0")) {
                Task client = left.newTask("client");
                stack.start("client", () -> send(client, 1 << 20));
                System.out.println("received: " + receive(server, server.accept(listener)));
                System.out.println("lost by the link: " + (link.ab().lost() + link.ba().lost()));
                System.out.println("sent again: " + left.counters().get("TcpRetransSegs"));
                System.out.println("captured: " + capture.packets());
            }
        }
    }

    private static void send(Task client, int size) {
        int fd = client.socket(Af.AF_INET6, SocketType.SOCK_STREAM, 0);
        client.connect(fd, ADDRESS);
        ByteBuffer data = ByteBuffer.allocate(size);
        while (data.hasRemaining()) {
            data.position(data.position() + client.write(fd, data));
        }
        client.shutdown(fd, Shut.SHUT_WR);
    }

    private static int receive(Task server, int fd) {
        ByteBuffer buffer = ByteBuffer.allocate(65536);
        int total = 0;
        int n;
        while ((n = server.read(fd, buffer)) > 0) {
            total += n;
        }
        return total;
    }
}
