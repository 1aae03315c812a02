package dev.linnet.bench;

import static dev.linnet.bench.Figures.check;
import static dev.linnet.bench.Figures.summary;

import dev.linnet.stack.ReceivedPages;
import dev.linnet.stack.Stack;
import dev.linnet.stack.Task;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.uapi.SocketType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntConsumer;

/// A file of 1 GiB over Linnet's loopback, by `sendfile` and by `read` and `write`, in turn. The file is
/// in memory (tmpfs); the receiver reads all of it, or in a third way borrows the pages and looks at a
/// byte of each. Needs a heap of 3 GiB.
public final class Sendfile {
    private static final int ROUNDS = 15;
    private static final int WARM_UP = 3;
    private static final long FILE_BYTES = 1L << 30;
    private static final int CHUNK = 64 * 1024;
    private static final SockAddr ADDRESS = new SockAddrIn(8080, 0x7f000001);

    private final Stack stack = Stack.create();
    private final Task task = stack.newHost("bench").newTask("bench");
    private final int listener;

    /// Sends the whole file.
    private interface Sender {
        void send(int file, int fd);
    }

    private Sendfile() {
        listener = check(task.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0));
        check(task.bind(listener, ADDRESS));
        check(task.listen(listener, 16));
        int file = check(task.open("/file", Fcntl.O_CREAT | Fcntl.O_RDWR, 0600));
        ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
        for (long n = 0; n < FILE_BYTES; n += buffer.capacity()) {
            Arrays.fill(buffer.array(), (byte) (n >> 20));
            check(task.write(file, buffer));
        }
        check(task.close(file));
    }

    public static void main(String[] args) {
        Sendfile bench = new Sendfile();
        double[] sent = new double[ROUNDS];
        double[] copied = new double[ROUNDS];
        double[] borrowed = new double[ROUNDS];
        double[] ratio = new double[ROUNDS];
        for (int i = -WARM_UP; i < ROUNDS; i++) {
            int at = Math.max(i, 0); // rounds of warming up are overwritten
            copied[at] = bench.transfer(bench::readAndWrite, bench::receive);
            sent[at] = bench.transfer(bench::sendfile, bench::receive);
            borrowed[at] = bench.transfer(bench::sendfile, bench::borrow);
            ratio[at] = sent[at] / copied[at];
        }
        System.out.printf(
                Locale.ROOT,
                "MB/s  read and write %s  sendfile %s  sendfile / read and write %s%n"
                        + "      sendfile to a reader that borrows %s%n",
                summary(copied, 0),
                summary(sent, 0),
                summary(ratio, 2),
                summary(borrowed, 0));
        bench.stack.close();
    }

    private void readAndWrite(int file, int fd) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
        for (long sent = 0; sent < FILE_BYTES; ) {
            buffer.clear().limit(check(task.read(file, buffer)));
            while (buffer.hasRemaining()) {
                int n = check(task.write(fd, buffer));
                buffer.position(buffer.position() + n);
                sent += n;
            }
        }
    }

    private void sendfile(int file, int fd) {
        for (long sent = 0; sent < FILE_BYTES; ) {
            sent += check(task.sendfile(fd, file, null, FILE_BYTES - sent));
        }
    }

    /// Megabytes per second from the first call to the end of the stream at the receiver.
    private double transfer(Sender sender, IntConsumer reader) {
        Thread receiver = Thread.ofPlatform().start(() -> receive(reader));
        int file = check(task.open("/file", Fcntl.O_RDONLY, 0));
        long start = System.nanoTime();
        int fd = check(task.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0));
        check(task.connect(fd, ADDRESS));
        sender.send(file, fd);
        check(task.close(fd));
        check(task.close(file));
        try {
            receiver.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return FILE_BYTES * 1e3 / (System.nanoTime() - start);
    }

    private void receive(IntConsumer reader) {
        int fd = check(task.accept(listener));
        reader.accept(fd);
        check(task.close(fd));
    }

    private void receive(int fd) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(4 * CHUNK);
        long got = 0;
        int n;
        while ((n = check(task.read(fd, buffer))) > 0) {
            got += n;
        }
        checkAll(got);
    }

    private static void checkAll(long got) {
        if (got != FILE_BYTES) {
            throw new IllegalStateException("received " + got);
        }
    }

    private void borrow(int fd) {
        long got = 0;
        try (ReceivedPages pages = new ReceivedPages()) {
            while (check(task.recvPages(fd, 4 * CHUNK, 0, pages)) > 0) {
                for (ByteBuffer bytes : pages.buffers()) {
                    for (int at = 0; at < bytes.limit(); at += 4096) {
                        checkByte(bytes.get(at), got + at);
                    }
                    got += bytes.limit();
                }
                pages.giveBack();
            }
        }
        checkAll(got);
    }

    private static void checkByte(byte is, long offset) {
        if (is != (byte) (offset >> 20)) {
            throw new IllegalStateException("wrong byte at " + offset);
        }
    }
}
