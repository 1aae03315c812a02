package dev.linnet.cli.http;

import dev.linnet.stack.Stack;
import dev.linnet.stack.Task;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.So;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.Sol;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// An HTTP/1.1 server on system calls: one thread for each connection, `GET` and `HEAD`, one range
/// per request, connections are kept open.
public final class HttpServer {
    private static final int BACKLOG = 4096;
    private static final int REQUEST_BUFFER = 16 * 1024;

    private final Stack stack;
    private final Task task;
    private final Function<String, @Nullable Content> site;
    private final int listener;
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    /// Answers that are being given; each lock is a read lock.
    private final ReadWriteLock answers = new ReentrantReadWriteLock();

    private HttpServer(
            Stack stack, Task task, Function<String, @Nullable Content> site, int listener) {
        this.stack = stack;
        this.task = task;
        this.site = site;
        this.listener = listener;
    }

    /// Listens on an address and serves what `site` knows, by path; the threads are started.
    ///
    /// @throws IllegalStateException if the address cannot be had, naming the errno
    public static HttpServer start(
            Stack stack, Task task, SockAddr address, Function<String, @Nullable Content> site) {
        int fd = check(task.socket(address.family(), SocketType.SOCK_STREAM, 0), "socket");
        check(task.setsockopt(fd, Sol.SOL_SOCKET, So.SO_REUSEADDR, 1), "SO_REUSEADDR");
        check(task.bind(fd, address), "bind to " + address);
        check(task.listen(fd, BACKLOG), "listen");
        HttpServer server = new HttpServer(stack, task, site, fd);
        stack.start("http-accept", server::acceptLoop);
        return server;
    }

    private static int check(int result, String what) {
        if (result < 0) {
            throw new IllegalStateException(what + ": " + Errno.name(-result));
        }
        return result;
    }

    /// The address family of a listening socket for any address.
    public static int family(boolean v6) {
        return v6 ? Af.AF_INET6 : Af.AF_INET;
    }

    /// Requests answered, and bytes of bodies sent.
    public long requests() {
        return requests.get();
    }

    public long bytes() {
        return bytes.get();
    }

    /// Waits until the answers that are being given are out and counted, at most for a time.
    public void awaitAnswers(Duration atMost) throws InterruptedException {
        if (answers.writeLock().tryLock(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
            answers.writeLock().unlock();
        }
    }

    /// The descriptor that listens.
    public int listener() {
        return listener;
    }

    private void acceptLoop() {
        while (true) {
            int fd = task.accept(listener);
            if (fd == -Errno.EMFILE || fd == -Errno.ECONNABORTED) {
                continue;
            }
            if (fd < 0) {
                return; // closed, or interrupted: the server ends
            }
            stack.start("http-" + fd, () -> serve(fd));
        }
    }

    private void serve(int fd) {
        EmbeddedChannel decoder = new EmbeddedChannel(new HttpRequestDecoder());
        ByteBuffer buffer = ByteBuffer.allocate(REQUEST_BUFFER);
        try {
            boolean open = true;
            while (open) {
                int n = task.read(fd, buffer);
                if (n <= 0) {
                    return;
                }
                decoder.writeInbound(Unpooled.copiedBuffer(buffer.array(), 0, n));
                Object message;
                while (open && (message = decoder.readInbound()) != null) {
                    open = !(message instanceof HttpRequest request) || answer(fd, request);
                    ReferenceCountUtil.release(message);
                }
            }
        } finally {
            decoder.finishAndReleaseAll();
            task.close(fd);
        }
    }

    /// Answers one request; false if the connection is to be closed.
    private boolean answer(int fd, HttpRequest request) {
        answers.readLock().lock();
        try {
            return answerCounted(fd, request);
        } finally {
            answers.readLock().unlock();
        }
    }

    private boolean answerCounted(int fd, HttpRequest request) {
        requests.incrementAndGet();
        boolean keepAlive = HttpUtil.isKeepAlive(request) && request.decoderResult().isSuccess();
        if (!request.decoderResult().isSuccess()) {
            sendError(fd, HttpResponseStatus.BAD_REQUEST, false);
            return false;
        }
        boolean head = request.method().equals(HttpMethod.HEAD);
        if (!head && !request.method().equals(HttpMethod.GET)) {
            return sendError(fd, HttpResponseStatus.METHOD_NOT_ALLOWED, keepAlive);
        }
        Content content = site.apply(request.uri());
        if (content == null) {
            return sendError(fd, HttpResponseStatus.NOT_FOUND, keepAlive);
        }
        String header = request.headers().get(HttpHeaderNames.RANGE);
        ByteRange range = ByteRange.parse(header, content.length());
        if (range == null) {
            return sendError(fd, HttpResponseStatus.REQUESTED_RANGE_NOT_SATISFIABLE, keepAlive);
        }
        HttpResponse response = describe(content, range, keepAlive);
        if (!sendHead(fd, response)) {
            return false;
        }
        if (!head && !content.send(task, fd, range.first(), range.length())) {
            return false;
        }
        bytes.addAndGet(head ? 0 : range.length());
        return keepAlive;
    }

    private static HttpResponse describe(Content content, ByteRange range, boolean keepAlive) {
        boolean whole = range.length() == content.length();
        HttpResponseStatus status =
                whole ? HttpResponseStatus.OK : HttpResponseStatus.PARTIAL_CONTENT;
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status);
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, range.length());
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, content.type());
        response.headers().set(HttpHeaderNames.ACCEPT_RANGES, "bytes");
        if (!whole) {
            response.headers().set(HttpHeaderNames.CONTENT_RANGE, range.contentRange());
        }
        HttpUtil.setKeepAlive(response, keepAlive);
        return response;
    }

    private boolean sendError(int fd, HttpResponseStatus status, boolean keepAlive) {
        byte[] body = (status + "\n").getBytes(StandardCharsets.UTF_8);
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status);
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain");
        HttpUtil.setKeepAlive(response, keepAlive);
        return sendHead(fd, response)
                && new BytesContent(body, "text/plain").send(task, fd, 0, body.length)
                && keepAlive;
    }

    private boolean sendHead(int fd, HttpResponse response) {
        EmbeddedChannel encoder = new EmbeddedChannel(new HttpResponseEncoder());
        try {
            encoder.writeOutbound(response);
            ByteBuf encoded = encoder.readOutbound();
            byte[] raw = new byte[encoded.readableBytes()];
            encoded.readBytes(raw);
            encoded.release();
            return new BytesContent(raw, "").send(task, fd, 0, raw.length);
        } finally {
            encoder.finishAndReleaseAll();
        }
    }
}
