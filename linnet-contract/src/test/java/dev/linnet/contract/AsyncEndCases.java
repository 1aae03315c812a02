package dev.linnet.contract;

import static dev.linnet.contract.AsyncNet.get;
import static dev.linnet.contract.AsyncNet.listen;
import static dev.linnet.contract.AsyncNet.pair;
import static dev.linnet.contract.Net.any;
import static dev.linnet.contract.Net.bytes;

import dev.linnet.contract.AsyncNet.Pair;
import dev.linnet.contract.AsyncNet.Told;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.Channels;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// Asynchronous channels: time-outs, closes, listeners and groups.
final class AsyncEndCases {
    private AsyncEndCases() {}

    static void addTo(Suite s) {
        timeouts(s);
        closing(s);
        listeners(s);
        groups(s);
        groupEnds(s);
    }

    /// The result, or what was the cause.
    private static <T> T get(Future<T> f) throws Exception {
        return f.get(4, TimeUnit.SECONDS);
    }

    private static void timeouts(Suite s) {
        s.add(
                "time-outs",
                t -> {
                    Pair p = pair(t);
                    Told<Integer, String> read = new Told<>();
                    p.server().read(ByteBuffer.allocate(9), 40, TimeUnit.MILLISECONDS, "r", read);
                    t.value("read", () -> get(read));
                    t.say("open", p.server().isOpen());
                    t.value("again", () -> p.server().read(ByteBuffer.allocate(9)));
                    t.call("write", () -> get(p.server().write(bytes("x"))));
                    Told<Integer, String> in = new Told<>();
                    p.client().read(ByteBuffer.allocate(9), 3, TimeUnit.SECONDS, "r", in);
                    t.value("in time", () -> get(in));
                    Told<Integer, String> zero = new Told<>();
                    p.client().read(ByteBuffer.allocate(9), 0, TimeUnit.SECONDS, "r", zero);
                    t.moment();
                    t.say("none", zero.isDone());
                    get(p.server().write(bytes("y")));
                    t.value("none", () -> get(zero));
                    Told<Integer, String> negative = new Told<>();
                    t.call(
                            "negative",
                            () ->
                                    p.client()
                                            .read(
                                                    ByteBuffer.allocate(9),
                                                    -1,
                                                    TimeUnit.SECONDS,
                                                    "r",
                                                    negative));
                    p.server().close();
                    t.value("negative", () -> get(negative));
                });
        s.add(
                "write time-out",
                t -> {
                    Pair p = pair(t);
                    Told<Integer, String> last = null;
                    for (int i = 0; i < 100; i++) {
                        last = new Told<>();
                        p.client()
                                .write(
                                        ByteBuffer.allocate(1 << 20),
                                        250,
                                        TimeUnit.MILLISECONDS,
                                        "w",
                                        last);
                        try {
                            get(last);
                        } catch (java.util.concurrent.ExecutionException e) {
                            break;
                        }
                    }
                    Told<Integer, String> write = last;
                    t.value("write", () -> get(write));
                    t.value("again", () -> p.client().write(bytes("x")));
                    t.say("open", p.client().isOpen());
                });
    }

    private static void closing(Suite s) {
        s.add(
                "closed",
                t -> {
                    Pair p = pair(t);
                    Told<Integer, String> read = new Told<>();
                    p.server().read(ByteBuffer.allocate(9), "r", read);
                    p.server().close();
                    t.value("read", () -> get(read));
                    t.value("peer", () -> get(p.client().read(ByteBuffer.allocate(9))));
                    Future<Integer> f = p.server().read(ByteBuffer.allocate(9));
                    t.say("done", f.isDone());
                    t.value("read", () -> get(f));
                    Told<Integer, String> late = new Told<>();
                    t.call("handler", () -> p.server().read(ByteBuffer.allocate(9), "r", late));
                    t.value("late", () -> get(late));
                });
        s.add(
                "listener closed",
                t -> {
                    AsynchronousServerSocketChannel l = listen(t);
                    Told<AsynchronousSocketChannel, String> accept = new Told<>();
                    l.accept("a", accept);
                    l.close();
                    t.value("accept", () -> get(accept));
                    t.value("again", () -> get(l.accept()));
                    t.value("local", l::getLocalAddress);
                    t.say("text", l);
                });
        s.both(
                "streams",
                t -> {
                    Pair p = pair(t);
                    var out = Channels.newOutputStream(p.client());
                    var in = Channels.newInputStream(p.server());
                    out.write(bytes("streamed").array());
                    t.value("read", in::read);
                    t.value("available", in::available);
                    out.close();
                    t.value("all", in::readAllBytes);
                    t.value("end", in::read);
                });
        s.both(
                "stream interrupted",
                t -> {
                    Pair p = pair(t);
                    var read = t.blocked("read", () -> Channels.newInputStream(p.server()).read());
                    read.thread().interrupt();
                    t.moment();
                    get(p.client().write(bytes("x")));
                    read.end();
                    t.say("open", p.server().isOpen());
                });
    }

    private static void listeners(Suite s) {
        s.add(
                "listener",
                t -> {
                    AsynchronousServerSocketChannel l =
                            t.open(AsynchronousServerSocketChannel.open());
                    t.say("text", l);
                    t.value("local", l::getLocalAddress);
                    t.value("accept", l::accept);
                    t.say("bind", l.bind(any()) == l);
                    t.value("again", () -> l.bind(any()));
                    t.say("local", l.getLocalAddress());
                    t.say("text", l);
                    AsynchronousServerSocketChannel m =
                            t.open(AsynchronousServerSocketChannel.open());
                    t.value("in use", () -> m.bind(l.getLocalAddress()));
                    t.value(
                            "null handler",
                            () -> {
                                l.accept(1, null);
                                return 0;
                            });
                    t.value("type", () -> m.bind(new SocketAddress() {}));
                    t.value("wildcard", () -> m.bind(null).getLocalAddress());
                });
        s.add(
                "accept cancelled",
                t -> {
                    AsynchronousServerSocketChannel l = listen(t);
                    Future<AsynchronousSocketChannel> f = l.accept();
                    t.say("cancel", f.cancel(true));
                    t.value("get", () -> get(f));
                    t.say("open", l.isOpen());
                    t.value("accept", () -> l.accept().isDone());
                });
        s.add(
                "queue of connections",
                t -> {
                    AsynchronousServerSocketChannel l = listen(t);
                    AsynchronousSocketChannel a = t.open(AsynchronousSocketChannel.open());
                    AsynchronousSocketChannel b = t.open(AsynchronousSocketChannel.open());
                    t.value("first", () -> get(a.connect(l.getLocalAddress())));
                    t.value("second", () -> get(b.connect(l.getLocalAddress())));
                    t.say(
                            "accept",
                            t.open(get(l.accept())).getRemoteAddress().equals(a.getLocalAddress()));
                    t.say(
                            "accept",
                            t.open(get(l.accept())).getRemoteAddress().equals(b.getLocalAddress()));
                });
    }

    private static void groups(Suite s) {
        s.add(
                "groups",
                t -> {
                    AsynchronousChannelGroup g =
                            AsynchronousChannelGroup.withFixedThreadPool(
                                    1, Thread.ofPlatform().daemon().factory());
                    AsynchronousServerSocketChannel l =
                            t.open(AsynchronousServerSocketChannel.open(g)).bind(any());
                    AsynchronousSocketChannel c = t.open(AsynchronousSocketChannel.open(g));
                    t.say("provider", c.provider() == g.provider());
                    Future<AsynchronousSocketChannel> a = l.accept();
                    get(c.connect(l.getLocalAddress()));
                    AsynchronousSocketChannel d = t.open(get(a));
                    Told<Integer, String> read = new Told<>();
                    d.read(ByteBuffer.allocate(3), "r", read);
                    get(c.write(bytes("abc")));
                    t.value("read", () -> get(read));
                    t.say("shutdown", g.isShutdown() + " " + g.isTerminated());
                    g.shutdown();
                    t.say("shutdown", g.isShutdown() + " " + g.isTerminated());
                    t.value("open", () -> AsynchronousSocketChannel.open(g));
                    t.value("wait", () -> g.awaitTermination(30, TimeUnit.MILLISECONDS));
                    t.value("still works", () -> get(c.write(bytes("abc"))));
                    c.close();
                    l.close();
                    d.close();
                    t.value("wait", () -> g.awaitTermination(4, TimeUnit.SECONDS));
                    t.say("terminated", g.isTerminated());
                });
        s.add(
                "accepted after shutdown",
                t -> {
                    AsynchronousChannelGroup g =
                            AsynchronousChannelGroup.withFixedThreadPool(
                                    1, Thread.ofPlatform().daemon().factory());
                    AsynchronousServerSocketChannel l =
                            t.open(AsynchronousServerSocketChannel.open(g)).bind(any());
                    AsynchronousSocketChannel c = t.open(AsynchronousSocketChannel.open());
                    get(c.connect(l.getLocalAddress()));
                    g.shutdown();
                    t.value("accept", () -> get(l.accept()));
                    l.close();
                    t.value("wait", () -> g.awaitTermination(4, TimeUnit.SECONDS));
                });
    }

    private static void groupEnds(Suite s) {
        s.add(
                "shutdownNow",
                t -> {
                    ExecutorService pool =
                            Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory());
                    AsynchronousChannelGroup g =
                            AsynchronousChannelGroup.withCachedThreadPool(pool, 1);
                    AsynchronousServerSocketChannel l =
                            AsynchronousServerSocketChannel.open(g).bind(any());
                    AsynchronousSocketChannel c = AsynchronousSocketChannel.open(g);
                    Future<AsynchronousSocketChannel> a = l.accept();
                    get(c.connect(l.getLocalAddress()));
                    AsynchronousSocketChannel d = get(a);
                    Told<Integer, String> read = new Told<>();
                    d.read(ByteBuffer.allocate(3), "r", read);
                    Future<AsynchronousSocketChannel> accept = l.accept();
                    g.shutdownNow();
                    t.until(
                            "read",
                            read::isDone); // with -1 or an exception: the way is shut before
                    // the channel is closed
                    t.value("accept", () -> get(accept));
                    t.say("open", c.isOpen() + " " + d.isOpen() + " " + l.isOpen());
                    t.value("wait", () -> g.awaitTermination(4, TimeUnit.SECONDS));
                    t.say("pool", pool.isShutdown());
                    t.value(
                            "bad threads",
                            () -> AsynchronousChannelGroup.withFixedThreadPool(0, Thread::new));
                    t.value("null", () -> AsynchronousChannelGroup.withThreadPool(null));
                });
        s.add(
                "thread pool",
                t -> {
                    ExecutorService pool =
                            Executors.newFixedThreadPool(
                                    3, Thread.ofPlatform().daemon().name("mine").factory());
                    AsynchronousChannelGroup g = AsynchronousChannelGroup.withThreadPool(pool);
                    AsynchronousServerSocketChannel l =
                            AsynchronousServerSocketChannel.open(g).bind(any());
                    CompletableFuture<String> name = new CompletableFuture<>();
                    l.accept(
                            0,
                            new CompletionHandler<AsynchronousSocketChannel, Integer>() {
                                @Override
                                public void completed(AsynchronousSocketChannel c, Integer a) {
                                    name.complete(Thread.currentThread().getName());
                                }

                                @Override
                                public void failed(Throwable e, Integer a) {
                                    name.completeExceptionally(e);
                                }
                            });
                    get(t.open(AsynchronousSocketChannel.open()).connect(l.getLocalAddress()));
                    t.value("handler's thread", () -> get(name));
                    g.shutdownNow();
                    t.value("wait", () -> g.awaitTermination(4, TimeUnit.SECONDS));
                });
    }
}
