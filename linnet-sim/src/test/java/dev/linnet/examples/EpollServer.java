package dev.linnet.examples;

import dev.linnet.stack.Host;
import dev.linnet.stack.Stack;
import dev.linnet.stack.Task;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Epoll;
import dev.linnet.uapi.EpollEvent;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SocketType;
import java.nio.ByteBuffer;

/// One thread serves every connection with epoll; three clients ask it at once.
public final class EpollServer {
    private static final SockAddr ADDRESS = SockAddr.parse("127.0.0.1:80");

    public static void main(String[] args) {
        try (Stack stack = Stack.virtual(7)) {
            Host host = stack.newHost("host");
            Task server = host.newTask("server");
            int listener = server.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
            server.bind(listener, ADDRESS);
            server.listen(listener, 16);
            stack.start("server", () -> serve(server, listener));
            for (int i = 1; i <= 3; i++) {
                Task client = host.newTask("client " + i);
                stack.start(client.name(), () -> ask(client));
            }
            stack.sleep(1_000_000_000L);
        }
    }

    private static void serve(Task server, int listener) {
        int epoll = server.epollCreate1(0);
        server.epollCtl(
                epoll, Epoll.EPOLL_CTL_ADD, listener, new EpollEvent(Epoll.EPOLLIN, listener));
        EpollEvent[] events = new EpollEvent[8];
        ByteBuffer buffer = ByteBuffer.allocate(100);
        int n;
        while ((n = server.epollWait(epoll, events, -1)) > 0) {
            for (int i = 0; i < n; i++) {
                int fd = (int) events[i].data();
                if (fd == listener) {
                    int conn = server.accept(listener);
                    EpollEvent event = new EpollEvent(Epoll.EPOLLIN, conn);
                    server.epollCtl(epoll, Epoll.EPOLL_CTL_ADD, conn, event);
                } else {
                    int got = server.read(fd, buffer.clear());
                    if (got > 0) {
                        server.write(fd, buffer.limit(got));
                    } else {
                        server.close(fd); // which takes it out of the epoll set
                    }
                }
            }
        }
    }

    private static void ask(Task client) {
        int fd = client.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        client.connect(fd, ADDRESS);
        client.write(fd, ByteBuffer.wrap(client.name().getBytes()));
        ByteBuffer answer = ByteBuffer.allocate(100);
        int n = client.read(fd, answer);
        System.out.println("answer: " + new String(answer.array(), 0, n));
        client.close(fd);
    }
}
