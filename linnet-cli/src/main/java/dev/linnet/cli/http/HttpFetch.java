package dev.linnet.cli.http;

import dev.linnet.stack.Task;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SocketType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// One `GET` over system calls.
public final class HttpFetch {
    /// Hears of the body as it arrives.
    public interface Progress {
        /// The answer's head is there.
        void started(int status, long length);

        /// Some bytes of the body; the array is reused.
        void data(byte[] bytes, int length);
    }

    private static final int BUFFER = 256 * 1024;

    private final Task task;
    private final SockAddr server;
    private final String path;
    private int fd = -1;

    public HttpFetch(Task task, SockAddr server, String path) {
        this.task = task;
        this.server = server;
        this.path = path;
    }

    /// Connects; the descriptor.
    ///
    /// @throws IllegalStateException if that fails, naming the errno
    public int connect() {
        fd = task.socket(server.family(), SocketType.SOCK_STREAM, 0);
        int err = task.connect(fd, server);
        if (err < 0) {
            throw new IllegalStateException("connect to " + server + ": " + Errno.name(-err));
        }
        return fd;
    }

    /// Sends the request and reads the whole answer.
    ///
    /// @throws IllegalStateException if the connection ends before the answer does
    public void fetch(Progress progress) {
        String request = "GET " + path + " HTTP/1.1\r\nHost: linnet\r\nConnection: close\r\n\r\n";
        byte[] raw = request.getBytes(StandardCharsets.US_ASCII);
        int sent = task.write(fd, ByteBuffer.wrap(raw));
        if (sent < raw.length) {
            throw new IllegalStateException("write: " + Errno.name(-sent));
        }
        EmbeddedChannel decoder = new EmbeddedChannel(new HttpResponseDecoder());
        try {
            read(decoder, progress);
        } finally {
            decoder.finishAndReleaseAll();
        }
    }

    /// Closes the connection.
    public void close() {
        task.close(fd);
    }

    private void read(EmbeddedChannel decoder, Progress progress) {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        byte[] scratch = new byte[BUFFER];
        while (true) {
            int n = task.read(fd, buffer);
            if (n <= 0) {
                String why = n == 0 ? "the server closed it" : Errno.name(-n);
                throw new IllegalStateException("the answer is incomplete: " + why);
            }
            decoder.writeInbound(Unpooled.wrappedBuffer(buffer.array(), 0, n));
            Object message;
            while ((message = decoder.readInbound()) != null) {
                boolean last = take(message, scratch, progress);
                ReferenceCountUtil.release(message);
                if (last) {
                    return;
                }
            }
        }
    }

    private static boolean take(Object message, byte[] scratch, Progress progress) {
        if (message instanceof HttpResponse response) {
            progress.started(response.status().code(), HttpUtil.getContentLength(response, -1L));
        }
        if (message instanceof HttpContent content) {
            ByteBuf data = content.content();
            while (data.isReadable()) {
                int n = Math.min(data.readableBytes(), scratch.length);
                data.readBytes(scratch, 0, n);
                progress.data(scratch, n);
            }
        }
        return message instanceof LastHttpContent;
    }
}
