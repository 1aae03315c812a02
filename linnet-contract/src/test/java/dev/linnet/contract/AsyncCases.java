package dev.linnet.contract;

import static dev.linnet.contract.AsyncNet.get;
import static dev.linnet.contract.AsyncNet.listen;
import static dev.linnet.contract.AsyncNet.pair;
import static dev.linnet.contract.Net.any;
import static dev.linnet.contract.Net.bytes;
import static dev.linnet.contract.Net.text;

import dev.linnet.contract.AsyncNet.Pair;
import dev.linnet.contract.AsyncNet.Told;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// Asynchronous channels.
final class AsyncCases {
    private AsyncCases() {}

    static void addTo(Suite s) {
        states(s);
        futures(s);
        handlers(s);
        pending(s);
    }

    private static void states(Suite s) {
        s.add(
                "fresh",
                t -> {
                    AsynchronousSocketChannel c = t.open(AsynchronousSocketChannel.open());
                    t.say("open", c.isOpen());
                    t.say("text", c);
                    t.value("local", c::getLocalAddress);
                    t.value("remote", c::getRemoteAddress);
                    t.value("read", () -> c.read(ByteBuffer.allocate(1)));
                    t.value("write", () -> c.write(bytes("x")));
                    t.call("shutdown", () -> c.shutdownInput());
                    t.call("shutdown", () -> c.shutdownOutput());
                    t.value("bind", () -> c.bind(any()) == c);
                    t.value("again", () -> c.bind(any()));
                    t.say("local", c.getLocalAddress());
                    t.say("text", c);
                });
        s.add(
                "connected",
                t -> {
                    Pair p = pair(t);
                    t.say("text", p.client());
                    t.say("local", p.client().getLocalAddress());
                    t.say("remote", p.client().getRemoteAddress());
                    t.say("theirs", p.server().getRemoteAddress());
                    t.value("connect", () -> p.client().connect(any()));
                    t.value("bind", () -> p.client().bind(any()));
                    p.client().close();
                    t.say("text", p.client());
                    t.value("local", () -> p.client().getLocalAddress());
                    t.value("read", () -> get(p.client().read(ByteBuffer.allocate(1))));
                    t.value("write", () -> get(p.client().write(bytes("x"))));
                    t.value("connect", () -> get(p.client().connect(any())));
                    t.call("shutdown", () -> p.client().shutdownInput());
                    t.value(
                            "option",
                            () -> p.client().getOption(StandardSocketOptions.TCP_NODELAY));
                });
        s.add(
                "connect, bad",
                t -> {
                    AsynchronousSocketChannel c = t.open(AsynchronousSocketChannel.open());
                    t.value("null", () -> c.connect(null));
                    t.value("type", () -> c.connect(new SocketAddress() {}));
                    t.value(
                            "unresolved",
                            () -> c.connect(InetSocketAddress.createUnresolved("x.invalid", 1)));
                    t.value(
                            "null handler",
                            () -> {
                                c.connect(any(), 1, null);
                                return 0;
                            });
                    InetSocketAddress no = Net.refusing(t);
                    t.value("refused", () -> get(c.connect(no)));
                    t.say("open", c.isOpen());
                    AsynchronousSocketChannel d = t.open(AsynchronousSocketChannel.open());
                    Told<Void, String> told = new Told<>();
                    d.connect(no, "a", told);
                    t.value("refused", () -> get(told));
                    AsynchronousSocketChannel e = t.open(AsynchronousSocketChannel.open());
                    t.value(
                            "unreachable",
                            () -> get(e.connect(new InetSocketAddress("192.0.2.1", 9))));
                });
        s.add(
                "connect pending",
                t -> {
                    InetSocketAddress silent = Net.silent(t);
                    AsynchronousSocketChannel c = t.open(AsynchronousSocketChannel.open());
                    Future<Void> f = c.connect(silent);
                    t.value("again", () -> c.connect(silent));
                    t.value("bind", () -> c.bind(any()));
                    t.value("read", () -> c.read(ByteBuffer.allocate(1)));
                    t.say("done", f.isDone());
                    c.close();
                    t.value("connect", () -> get(f));
                });
    }

    private static void futures(Suite s) {
        s.add(
                "read and write",
                t -> {
                    Pair p = pair(t);
                    ByteBuffer in = ByteBuffer.allocate(10);
                    Future<Integer> read = p.server().read(in);
                    t.say("done", read.isDone() + " " + read.isCancelled());
                    t.value("write", () -> get(p.client().write(bytes("hello"))));
                    t.value("read", () -> get(read));
                    t.say("done", read.isDone());
                    t.say("text", text(in));
                    t.value("none", () -> get(p.server().read(ByteBuffer.allocate(0))));
                    t.value("write none", () -> get(p.client().write(bytes(""))));
                    p.client().shutdownOutput();
                    t.value("end", () -> get(p.server().read(in)));
                    t.value("write", () -> get(p.client().write(bytes("x"))));
                    t.value("back", () -> get(p.server().write(bytes("back"))));
                    t.value("read", () -> get(p.client().read(in.clear())));
                    p.client().shutdownInput();
                    t.value("read", () -> get(p.client().read(in.clear())));
                });
        s.add(
                "bad buffers",
                t -> {
                    Pair p = pair(t);
                    t.value("read only", () -> p.server().read(bytes("x").asReadOnlyBuffer()));
                    t.value("null", () -> p.server().read(null));
                    t.value("null write", () -> p.server().write(null));
                    t.call("null handler", () -> p.server().read(ByteBuffer.allocate(1), 1, null));
                    ByteBuffer[] two = {ByteBuffer.allocate(1), ByteBuffer.allocate(1)};
                    t.call(
                            "offset",
                            () -> p.server().read(two, 1, 2, 0, TimeUnit.SECONDS, 1, new Told<>()));
                    t.call(
                            "read only",
                            () ->
                                    p.server()
                                            .read(
                                                    new ByteBuffer[] {
                                                        bytes("x").asReadOnlyBuffer()
                                                    },
                                                    0,
                                                    1,
                                                    0,
                                                    TimeUnit.SECONDS,
                                                    1,
                                                    new Told<>()));
                });
        s.add(
                "reset",
                t -> {
                    AsynchronousServerSocketChannel l = listen(t);
                    SocketChannel c = t.open(SocketChannel.open(l.getLocalAddress()));
                    AsynchronousSocketChannel a = t.open(get(l.accept()));
                    Future<Integer> read = a.read(ByteBuffer.allocate(9));
                    Net.reset(c);
                    t.value("read", () -> get(read));
                    t.value("again", () -> get(a.read(ByteBuffer.allocate(9))));
                    t.value("write", () -> get(a.write(bytes("x"))));
                });
        s.add(
                "large",
                t -> {
                    Pair p = pair(t);
                    ByteBuffer out = ByteBuffer.allocate(2_000_000);
                    var write =
                            t.started(
                                    "write",
                                    () -> {
                                        while (out.hasRemaining()) {
                                            get(p.client().write(out));
                                        }
                                        p.client().shutdownOutput();
                                        return out.position();
                                    });
                    ByteBuffer in = ByteBuffer.allocate(2_000_000);
                    while (in.hasRemaining() && get(p.server().read(in)) >= 0) {}
                    write.end();
                    t.say("read", in.position());
                });
        s.add(
                "interrupted get",
                t -> {
                    Pair p = pair(t);
                    Future<Integer> read = p.server().read(ByteBuffer.allocate(9));
                    var get = t.blocked("get", read::get);
                    get.thread().interrupt();
                    get.end();
                    t.say("open", p.server().isOpen());
                    get(p.client().write(bytes("x")));
                    t.value("read", () -> get(read));
                });
        s.add(
                "cancel",
                t -> {
                    Pair p = pair(t);
                    Future<Integer> read = p.server().read(ByteBuffer.allocate(9));
                    t.say("cancel", read.cancel(false));
                    t.say("states", read.isCancelled() + " " + read.isDone());
                    t.value("get", () -> get(read));
                    t.value("read", () -> p.server().read(ByteBuffer.allocate(9)));
                    t.value("write", () -> get(p.server().write(bytes("x"))));
                    t.say("open", p.server().isOpen());
                    Pair q = pair(t);
                    Future<Integer> r = q.server().read(ByteBuffer.allocate(9));
                    t.say("cancel, interrupting", r.cancel(true));
                    t.say("open", q.server().isOpen());
                    Future<Integer> w = p.client().write(bytes("done"));
                    get(w);
                    t.say("too late", w.cancel(true) + " " + w.isCancelled());
                });
    }

    private static void handlers(Suite s) {
        s.add(
                "handlers",
                t -> {
                    Pair p = pair(t);
                    Told<Integer, String> read = new Told<>();
                    p.server().read(ByteBuffer.allocate(9), "in", read);
                    Told<Integer, String> write = new Told<>();
                    p.client().write(bytes("abc"), "out", write);
                    t.value("write", () -> get(write));
                    t.value("read", () -> get(read));
                    Told<Integer, Object> end = new Told<>();
                    p.server().read(ByteBuffer.allocate(9), null, end);
                    p.client().close();
                    t.value("end", () -> get(end));
                });
        s.add(
                "gather and scatter",
                t -> {
                    Pair p = pair(t);
                    Told<Long, String> write = new Told<>();
                    ByteBuffer[] out = {bytes("ab"), bytes("cd"), bytes("ef")};
                    p.client().write(out, 1, 2, 1, TimeUnit.SECONDS, "w", write);
                    t.value("write", () -> get(write));
                    t.say("buffers", out);
                    t.moment();
                    ByteBuffer[] in = {ByteBuffer.allocate(1), ByteBuffer.allocateDirect(5)};
                    Told<Long, String> read = new Told<>();
                    p.server().read(in, 0, 2, 1, TimeUnit.SECONDS, "r", read);
                    t.value("read", () -> get(read));
                    t.say("buffers", in);
                    Told<Long, String> none = new Told<>();
                    p.server().read(in, 0, 0, 1, TimeUnit.SECONDS, "n", none);
                    t.value("none", () -> get(none));
                });
        s.add(
                "handler's thread",
                t -> {
                    Pair p = pair(t);
                    CompletableFuture<Boolean> same = new CompletableFuture<>();
                    Thread here = Thread.currentThread();
                    p.server()
                            .read(
                                    ByteBuffer.allocate(1),
                                    0,
                                    new CompletionHandler<Integer, Integer>() {
                                        @Override
                                        public void completed(Integer n, Integer a) {
                                            same.complete(Thread.currentThread() == here);
                                        }

                                        @Override
                                        public void failed(Throwable e, Integer a) {
                                            same.completeExceptionally(e);
                                        }
                                    });
                    get(p.client().write(bytes("x")));
                    t.value("initiator", () -> get(same));
                });
        s.add(
                "connect and accept",
                t -> {
                    AsynchronousServerSocketChannel l = listen(t);
                    Told<AsynchronousSocketChannel, String> accept = new Told<>();
                    l.accept("a", accept);
                    AsynchronousSocketChannel c = t.open(AsynchronousSocketChannel.open());
                    Told<Void, String> connect = new Told<>();
                    c.connect(l.getLocalAddress(), "c", connect);
                    t.value("connect", () -> get(connect));
                    t.value("accept", () -> get(accept));
                });
    }

    private static void pending(Suite s) {
        s.add(
                "pending",
                t -> {
                    Pair p = pair(t);
                    Future<Integer> read = p.server().read(ByteBuffer.allocate(9));
                    t.value("read", () -> p.server().read(ByteBuffer.allocate(9)));
                    t.value("read none", () -> p.server().read(ByteBuffer.allocate(0)));
                    t.call(
                            "read handler",
                            () -> p.server().read(ByteBuffer.allocate(9), 1, new Told<>()));
                    Future<Integer> write = null;
                    for (int i = 0; i < 200; i++) {
                        write = p.client().write(ByteBuffer.allocate(1 << 20));
                        Thread.sleep(20);
                        if (!write.isDone()) {
                            break;
                        }
                    }
                    t.value("write", () -> p.client().write(bytes("x")));
                    t.value("other way", () -> get(p.server().write(bytes("x"))));
                    get(read);
                    AsynchronousServerSocketChannel l = listen(t);
                    Future<AsynchronousSocketChannel> accept = l.accept();
                    t.value("accept", l::accept);
                    t.say("done", accept.isDone());
                    l.close();
                    t.value("accept", () -> get(accept));
                    Future<Integer> last = write;
                    p.client().close();
                    t.value("write", () -> get(last));
                });
    }
}
