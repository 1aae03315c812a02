package dev.linnet.examples;

import dev.linnet.stack.Host;
import dev.linnet.stack.ReceivedPages;
import dev.linnet.stack.Stack;
import dev.linnet.stack.Task;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SocketType;
import java.nio.ByteBuffer;

/// A file that goes to a reader without being copied: `sendfile`, and a reader that borrows the pages.
public final class WithoutCopies {
    private static final SockAddr ADDRESS = SockAddr.parse("127.0.0.1:8080");

    public static void main(String[] args) {
        try (Stack stack = Stack.virtual(1)) {
            Host host = stack.newHost("host");
            Task server = host.newTask("server");
            int file = server.open("/file", Fcntl.O_CREAT | Fcntl.O_RDWR, 0644);
            for (int i = 0; i < 1000; i++) {
                server.write(file, ByteBuffer.allocate(1000));
            }
            int listener = server.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
            server.bind(listener, ADDRESS);
            server.listen(listener, 16);
            stack.start("server", () -> serve(server, server.accept(listener), file));

            Task client = host.newTask("client");
            int fd = client.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
            client.connect(fd, ADDRESS);
            System.out.println("zeros: " + countZeros(client, fd));
            client.close();
        }
    }

    private static void serve(Task server, int fd, int file) {
        long[] offset = {0};
        while (server.sendfile(fd, file, offset, 1 << 20) > 0) {
            System.out.println("sent up to " + offset[0]);
        }
        server.close(fd);
    }

    private static long countZeros(Task client, int fd) {
        long zeros = 0;
        try (ReceivedPages pages = new ReceivedPages()) {
            while (client.recvPages(fd, 1 << 16, 0, pages) > 0) {
                for (ByteBuffer bytes : pages.buffers()) {
                    while (bytes.hasRemaining()) {
                        zeros += bytes.get() == 0 ? 1 : 0;
                    }
                }
                pages.giveBack(); // before the next ones come
            }
        }
        return zeros;
    }
}
