package dev.linnet.contract;

import static dev.linnet.contract.Net.bytes;
import static dev.linnet.contract.Net.text;

import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.spi.SelectorProvider;

/// Pipes.
final class PipeCases {
    private PipeCases() {}

    private static Pipe pipe(Trace t) throws Exception {
        Pipe p = Pipe.open();
        t.open(p.sink());
        t.open(p.source());
        return p;
    }

    static void addTo(Suite s) {
        s.add(
                "fresh",
                t -> {
                    Pipe p = pipe(t);
                    t.same("sink", p.sink(), p.sink());
                    t.same("source", p.source(), p.source());
                    t.say("ops", p.sink().validOps() + " " + p.source().validOps());
                    t.say("blocking", p.sink().isBlocking() + " " + p.source().isBlocking());
                    t.say("provider", p.sink().provider() == SelectorProvider.provider());
                    t.say("class", p.sink().getClass().getSuperclass());
                });
        s.both(
                "write and read",
                t -> {
                    Pipe p = pipe(t);
                    t.say("write", p.sink().write(bytes("hello")));
                    t.say("gather", p.sink().write(new ByteBuffer[] {bytes(" "), bytes("world")}));
                    t.say(
                            "gather part",
                            p.sink()
                                    .write(
                                            new ByteBuffer[] {bytes("a"), bytes("b"), bytes("c")},
                                            1,
                                            1));
                    ByteBuffer in = ByteBuffer.allocate(3);
                    t.say("read", p.source().read(in));
                    ByteBuffer[] two = {ByteBuffer.allocate(4), ByteBuffer.allocateDirect(20)};
                    t.say("scatter", p.source().read(two));
                    t.say("text", text(two[0]) + text(two[1]));
                    t.say("none", p.source().read(ByteBuffer.allocate(0)));
                    t.say("none", p.sink().write(bytes("")));
                    p.sink().close();
                    t.say("end", p.source().read(in.clear()));
                    t.value("closed", () -> p.sink().write(bytes("x")));
                });
        s.add(
                "non-blocking",
                t -> {
                    Pipe p = pipe(t);
                    p.sink().configureBlocking(false);
                    p.source().configureBlocking(false);
                    t.say("empty", p.source().read(ByteBuffer.allocate(1)));
                    int n = 0;
                    int all = 0;
                    while ((n = p.sink().write(ByteBuffer.allocate(4096))) > 0) {
                        all += n;
                    }
                    t.say("room", all);
                    t.say("full", p.sink().write(bytes("x")));
                    p.source().read(ByteBuffer.allocate(4095));
                    t.say("still full", p.sink().write(bytes("x")));
                    p.source().read(ByteBuffer.allocate(1));
                    t.say("a page", p.sink().write(ByteBuffer.allocate(8192)));
                });
        s.both(
                "read waits",
                t -> {
                    Pipe p = pipe(t);
                    var read = t.blocked("read", () -> p.source().read(ByteBuffer.allocate(9)));
                    read.stillWaits();
                    p.sink().write(bytes("abc"));
                    read.end();
                    var end = t.blocked("end", () -> p.source().read(ByteBuffer.allocate(9)));
                    p.sink().close();
                    end.end();
                });
        s.both(
                "write waits",
                t -> {
                    Pipe p = pipe(t);
                    ByteBuffer out = ByteBuffer.allocate(200_000);
                    var write =
                            t.blocked(
                                    "write",
                                    () -> {
                                        int n = 0;
                                        while (out.hasRemaining()) {
                                            n += p.sink().write(out);
                                        }
                                        return n;
                                    });
                    write.stillWaits();
                    ByteBuffer in = ByteBuffer.allocate(200_000);
                    while (in.hasRemaining()) {
                        p.source().read(in);
                    }
                    write.end();
                });
        s.both(
                "broken",
                t -> {
                    Pipe p = pipe(t);
                    p.source().close();
                    t.value("write", () -> p.sink().write(bytes("x")));
                    t.value("gather", () -> p.sink().write(new ByteBuffer[] {bytes("x")}));
                    t.say("open", p.sink().isOpen());
                    t.value("read", () -> p.source().read(ByteBuffer.allocate(1)));
                });
        s.both(
                "broken while writing",
                t -> {
                    Pipe p = pipe(t);
                    p.sink().configureBlocking(false);
                    while (p.sink().write(ByteBuffer.allocate(4096)) > 0) {}
                    p.sink().configureBlocking(true);
                    var write = t.blocked("write", () -> p.sink().write(bytes("x")));
                    p.source().close();
                    write.end();
                });
        s.add(
                "bad buffers",
                t -> {
                    Pipe p = pipe(t);
                    p.sink().write(bytes("abc"));
                    t.value("read only", () -> p.source().read(bytes("x").asReadOnlyBuffer()));
                    t.value("null", () -> p.source().read((ByteBuffer) null));
                    t.value("null array", () -> p.source().read((ByteBuffer[]) null));
                    t.value("offset", () -> p.source().read(new ByteBuffer[1], 1, 1));
                    t.value("write null", () -> p.sink().write((ByteBuffer) null));
                    t.value("write offset", () -> p.sink().write(new ByteBuffer[1], -1, 1));
                });
        s.add(
                "streams",
                t -> {
                    Pipe p = pipe(t);
                    var in = java.nio.channels.Channels.newInputStream(p.source());
                    var out = java.nio.channels.Channels.newOutputStream(p.sink());
                    out.write(new byte[] {1, 2, 3});
                    t.say("read", in.read());
                    t.value("available", in::available);
                    out.close();
                    t.say("all", in.readAllBytes().length);
                    t.say("open", p.sink().isOpen());
                });
    }
}
