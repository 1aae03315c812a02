package dev.linnet.packetdrill.shell;

import dev.linnet.packetdrill.shell.Shell.ShellIo;
import dev.linnet.packetdrill.shell.ShellNode.Redirection;
import java.util.List;
import java.util.Optional;

/// Where a command's input comes from and its output goes.
final class Redirections {
    /// A place for output: a file, one of the outer outputs, or nowhere (`/dev/null`).
    private record Sink(String path, boolean append, boolean toErr) {
        static final Sink OUT = new Sink("", false, false);
        static final Sink ERR = new Sink("", false, true);
    }

    private final ShellFiles files;
    private final List<Redirection> list;
    private final ShellWords words;
    private Sink out = Sink.OUT;
    private Sink err = Sink.ERR;

    Redirections(ShellFiles files, List<Redirection> list, ShellWords words) {
        this.files = files;
        this.list = list;
        this.words = words;
    }

    /// Reads the redirections in order; the content of the input file if there is one.
    Optional<String> input() {
        Optional<String> input = Optional.empty();
        for (Redirection r : list) {
            if (r.here()) {
                input = Optional.of(words.one(r.target()));
                continue;
            }
            if (r.in()) {
                String path = words.one(r.target());
                input =
                        Optional.of(
                                files.read(path)
                                        .orElseThrow(
                                                () -> new ShellException(path + ": no such file")));
                continue;
            }
            Sink sink =
                    r.dup() != 0
                            ? (r.dup() == 1 ? out : err)
                            : new Sink(words.one(r.target()), r.append(), false);
            if (r.fd() == 1 || r.fd() == -1) {
                out = sink;
            }
            if (r.fd() == 2 || r.fd() == -1) {
                err = sink;
            }
        }
        return input;
    }

    /// Sends what the command printed where it belongs; false if a file could not be written.
    boolean finish(ShellIo io, ShellIo outer) {
        boolean ok = send(out, io.out.toString(), outer);
        if (out.path().isEmpty() || !out.path().equals(err.path())) {
            return send(err, io.err.toString(), outer) && ok;
        }
        return send(new Sink(err.path(), true, false), io.err.toString(), outer) && ok;
    }

    private boolean send(Sink sink, String text, ShellIo outer) {
        if (sink.path().isEmpty()) {
            (sink.toErr() ? outer.err : outer.out).append(text);
            return true;
        }
        if (sink.path().equals("/dev/null")) {
            return true;
        }
        Optional<String> failure = files.write(sink.path(), text, sink.append());
        failure.ifPresent(message -> outer.err.append(message).append('\n'));
        return failure.isEmpty();
    }
}
