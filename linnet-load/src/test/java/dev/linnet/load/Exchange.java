package dev.linnet.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/// Numbers sent one at a time, each after the one before was seen, while the reader is disturbed.
final class Exchange {
    private Exchange() {}

    /// Sends and counts.
    ///
    /// @param numbers how many
    /// @param timeoutMs `SO_TIMEOUT` of the reader, which tries again; 0 is none
    /// @param interrupts whether the reader is interrupted all the time
    static void overSockets(Thread.Builder threads, int numbers, int timeoutMs, boolean interrupts)
            throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket writer = new Socket(listener.getInetAddress(), listener.getLocalPort());
                Socket reader = listener.accept()) {
            Crowd crowd = new Crowd();
            reader.setSoTimeout(timeoutMs);
            reader.setTcpNoDelay(true);
            writer.setTcpNoDelay(true);
            AtomicBoolean done = new AtomicBoolean();
            Thread reading =
                    crowd.start(
                            threads,
                            () -> {
                                receive(reader, numbers);
                                done.set(true);
                            });
            crowd.start(threads, () -> send(writer, numbers, timeoutMs));
            if (interrupts) {
                crowd.start(
                        Thread.ofPlatform(),
                        () -> {
                            while (!done.get()) {
                                reading.interrupt();
                                Thread.yield();
                            }
                        });
            }
            crowd.join();
        }
    }

    private static void receive(Socket socket, int numbers) throws Exception {
        InputStream in = socket.getInputStream();
        OutputStream out = socket.getOutputStream();
        for (int i = 0; i < numbers; ) {
            try {
                assertThat(in.read()).isEqualTo(i & 0xff);
                out.write(i);
                i++;
            } catch (SocketTimeoutException e) {
                continue; // and nothing is lost
            }
        }
    }

    /// With a time-out of the reader each third number comes at about the time at which it gives up.
    private static void send(Socket socket, int numbers, int timeoutMs) throws Exception {
        OutputStream out = socket.getOutputStream();
        InputStream in = socket.getInputStream();
        for (int i = 0; i < numbers; i++) {
            if (timeoutMs > 0 && i % 3 == 0) {
                Thread.sleep(timeoutMs, (i % 100) * 1_000);
            }
            out.write(i);
            assertThat(in.read()).isEqualTo(i & 0xff);
        }
    }
}
