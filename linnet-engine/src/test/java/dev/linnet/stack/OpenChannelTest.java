package dev.linnet.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SocketType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenChannelTest {
    private static final SockAddr ADDRESS = SockAddr.parse("127.0.0.1:80");

    @TempDir Path dir;

    @Test
    void whatTheProgramWroteLastIsWhatIsSent() throws IOException {
        byte[] bytes = new byte[300_000];
        new Random(7).nextBytes(bytes);
        try (Stack stack = Stack.virtual(7);
                FileChannel file =
                        FileChannel.open(
                                dir.resolve("f"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE)) {
            Task task = stack.newHost("host").newTask("task");
            int listener = task.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
            task.bind(listener, ADDRESS);
            task.listen(listener, 1);
            int client = task.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
            task.connect(client, ADDRESS);
            int server = task.accept(listener);

            file.write(ByteBuffer.wrap(new byte[bytes.length]), 0);
            int in = task.openChannel(file);
            assertThat(task.sendfile(server, in, new long[] {0}, 10)).isEqualTo(10);
            assertThat(task.read(client, ByteBuffer.allocate(100))).isEqualTo(10);
            file.write(ByteBuffer.wrap(bytes), 0);

            ByteBuffer got = ByteBuffer.allocate(bytes.length);
            long[] at = {100};
            while (at[0] < bytes.length) {
                assertThat(task.sendfile(server, in, at, bytes.length)).isPositive();
                while (got.position() < at[0] - 100) {
                    got.position(got.position() + task.read(client, got));
                }
            }
            assertThat(got.slice(0, bytes.length - 100))
                    .isEqualTo(ByteBuffer.wrap(bytes).position(100));
            assertThat(task.sendfile(server, in, at, 1)).isZero();
            assertThat(task.pread(in, ByteBuffer.allocate(5), bytes.length - 3)).isEqualTo(3);
            assertThat(file.position()).isZero();
            assertThat(task.write(in, ByteBuffer.allocate(1))).isEqualTo(-Errno.EBADF);

            task.close(in);
            assertThat(file.isOpen()).isTrue();
        }
    }
}
