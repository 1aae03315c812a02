package dev.linnet.contract;

import dev.linnet.contract.Suite.Case;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;

/// Runs the cases in this JVM and writes `case | outcome` for each into a file.
///
/// Arguments: the file, and if only some cases are wanted a regular expression for their names.
public final class Runner {
    /// As many cases wait at a time; most of what they do is to wait.
    private static final int SIDE_BY_SIDE = 8;

    private static final Duration LIMIT = Duration.ofSeconds(15);

    private Runner() {}

    public static void main(String[] args) throws Exception {
        Pattern wanted = Pattern.compile(args.length > 1 ? args[1] : ".*");
        List<Case> cases =
                Suite.all().stream().filter(c -> wanted.matcher(c.name()).matches()).toList();
        ConcurrentHashMap<String, String> outcomes = new ConcurrentHashMap<>();
        try (ExecutorService workers =
                Executors.newFixedThreadPool(
                        SIDE_BY_SIDE, Thread.ofPlatform().daemon().factory())) {
            List<Future<?>> running = new ArrayList<>();
            for (Case c : cases) {
                if (!c.alone()) {
                    running.add(workers.submit(() -> outcomes.put(c.name(), outcome(c))));
                }
            }
            for (Future<?> each : running) {
                each.get();
            }
        }
        for (Case c : cases) {
            if (c.alone()) {
                outcomes.put(c.name(), outcome(c));
            }
        }
        write(Path.of(args[0]), cases, outcomes);
        System.exit(0);
    }

    private static void write(
            Path file, List<Case> cases, ConcurrentHashMap<String, String> outcomes)
            throws IOException {
        try (PrintStream out =
                new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8)) {
            for (Case c : cases) {
                out.println(c.name() + " | " + outcomes.get(c.name()));
            }
        }
    }

    private static String outcome(Case c) throws InterruptedException {
        Trace trace = new Trace(c.virtual());
        Runnable run =
                () -> {
                    try (trace) {
                        c.body().run(trace);
                    } catch (Throwable e) {
                        trace.failed("case", e);
                        if (e instanceof RuntimeException || e instanceof Error) {
                            StackTraceElement[] at = e.getStackTrace();
                            System.err.println(
                                    c.name() + ": " + e + " at " + (at.length > 0 ? at[0] : "?"));
                        }
                    }
                };
        Thread thread =
                c.virtual()
                        ? Thread.ofVirtual().name(c.name()).start(run)
                        : Thread.ofPlatform().daemon().name(c.name()).start(run);
        if (!thread.join(LIMIT)) {
            System.err.println(c.name() + " hangs after: " + trace.line());
            for (StackTraceElement frame : thread.getStackTrace()) {
                System.err.println("    " + frame);
            }
            return trace.line() + "; HANGS";
        }
        return trace.line();
    }
}
