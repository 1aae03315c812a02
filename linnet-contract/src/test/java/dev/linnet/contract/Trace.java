package dev.linnet.contract;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a case tells: its steps in order, and what came out of each. Only the case's own thread writes to it.
final class Trace implements AutoCloseable {
    /// Something that is done for its effect.
    @FunctionalInterface
    interface Action {
        void run() throws Exception;
    }

    private static final int SAMPLE_MS = 12;
    private static final int SAMPLES = 4;
    private static final int LONG_MS = 4_000;

    private static final Pattern PORT = Pattern.compile("(?<=:|port=)(\\d{5})\\b");
    private static final Pattern IDENTITY = Pattern.compile("@[0-9a-f]{4,8}\\b");

    /// Classes that carry a provider's name: what a program may rely on is the class that they extend.
    private static final Pattern PROVIDER =
            Pattern.compile(
                    "\\b(?:sun\\.nio\\.ch|dev\\.linnet\\.jvm\\.\\w+)\\."
                            + "(?:Linnet|Unix(?=Async))?(\\w+?)(?:Impl)?(?=[\\[@: ;]|$)");

    /// What the C library says of a name depends on the machine's resolver.
    private static final Pattern NO_NAME =
            Pattern.compile(
                    ": (?:Temporary failure in name resolution|Name or service not known|"
                            + "No address associated with hostname)");

    private final boolean virtual;
    private final List<String> steps = new ArrayList<>();
    private final Map<String, String> ports = new LinkedHashMap<>();
    private final Map<String, String> words = new LinkedHashMap<>();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    Trace(boolean virtual) {
        this.virtual = virtual;
    }

    /// The steps so far, in one line.
    synchronized String line() {
        return String.join("; ", steps);
    }

    private synchronized void add(String step) {
        steps.add(step.replace("\n", "\\n"));
    }

    // ---- steps

    /// A step that has a value.
    void say(String what, Object value) {
        add(what + "=" + show(value));
    }

    /// A step that tells whether two things are one.
    @SuppressWarnings("ReferenceEquality")
    void same(String what, Object one, Object other) {
        say(what, one == other ? "the same" : "another");
    }

    /// A step that asks for something.
    <T> T value(String what, Callable<T> question) {
        try {
            T value = question.call();
            say(what, value);
            return value;
        } catch (Throwable e) {
            failed(what, e);
            return null;
        }
    }

    /// A step that does something.
    boolean call(String what, Action action) {
        try {
            action.run();
            add(what);
            return true;
        } catch (Throwable e) {
            failed(what, e);
            return false;
        }
    }

    /// A step that ended with an exception.
    void failed(String what, Throwable e) {
        add(what + " ! " + show(e));
    }

    /// What is closed when the case ends, last first.
    <C extends AutoCloseable> C open(C closeable) {
        open.push(closeable);
        return closeable;
    }

    /// Names a word that differs from run to run (a path).
    void name(String word, String name) {
        words.put(word, name);
    }

    // ---- threads

    /// A call that another thread makes.
    final class Call<T> {
        private final String what;
        private final Thread thread;
        private volatile T value;
        private volatile Throwable failure;
        private volatile boolean interrupted;

        private Call(String what, Callable<T> body) {
            this.what = what;
            Runnable run =
                    () -> {
                        try {
                            value = body.call();
                        } catch (Throwable e) {
                            failure = e;
                        }
                        interrupted = Thread.currentThread().isInterrupted();
                    };
            thread =
                    virtual
                            ? Thread.ofVirtual().unstarted(run)
                            : Thread.ofPlatform().daemon().unstarted(run);
        }

        Thread thread() {
            return thread;
        }

        /// Waits for its end; a step.
        T end() throws InterruptedException {
            if (!thread.join(java.time.Duration.ofMillis(LONG_MS))) {
                add(what + " does not end");
                for (StackTraceElement frame : thread.getStackTrace()) {
                    System.err.println("    " + frame);
                }
                return null;
            }
            String status = interrupted ? " (interrupted)" : "";
            if (failure != null) {
                failed(what, failure);
                if (interrupted) {
                    add("interrupted");
                }
                return null;
            }
            add(what + "=" + show(value) + status);
            return value;
        }

        /// Whether it has ended after a moment; a step.
        void stillWaits() throws InterruptedException {
            thread.join(60);
            add(what + (thread.isAlive() ? " waits" : " has ended"));
        }
    }

    /// Starts a thread and lets it run until it waits for something, or has ended.
    <T> Call<T> blocked(String what, Callable<T> body) throws InterruptedException {
        Call<T> call = started(what, body);
        StackTraceElement[] last = {};
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LONG_MS);
        for (int same = 0; same < SAMPLES && System.nanoTime() < end; ) {
            if (call.thread.join(java.time.Duration.ofMillis(SAMPLE_MS))) {
                return call;
            }
            StackTraceElement[] now = call.thread.getStackTrace();
            boolean inside =
                    now.length > 0 && !now[0].getClassName().startsWith("dev.linnet.contract");
            same = inside && Arrays.equals(now, last) ? same + 1 : 0;
            last = now;
        }
        return call;
    }

    /// The same for something without a value.
    Call<String> blockedIn(String what, Action body) throws InterruptedException {
        return blocked(
                what,
                () -> {
                    body.run();
                    return "done";
                });
    }

    /// Starts a thread.
    <T> Call<T> started(String what, Callable<T> body) {
        Call<T> call = new Call<>(what, body);
        call.thread.start();
        return call;
    }

    /// Waits until something is so; a step if it never is.
    void until(String what, Callable<Boolean> condition) throws Exception {
        for (int i = 0; i < LONG_MS / 5; i++) {
            if (condition.call()) {
                return;
            }
            Thread.sleep(5);
        }
        add("never " + what);
    }

    /// Waits, so that something that should not happen could.
    void moment() throws InterruptedException {
        Thread.sleep(SAMPLE_MS * SAMPLES);
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            AutoCloseable last = open.pop();
            try {
                last.close();
            } catch (Exception e) {
                failed("close", e);
            }
        }
    }

    // ---- words

    /// A port by name.
    String port(int port) {
        return port <= 0 ? Integer.toString(port) : portName(Integer.toString(port));
    }

    private synchronized String portName(String port) {
        return ports.computeIfAbsent(port, p -> "P" + (ports.size() + 1));
    }

    private String show(Object value) {
        return switch (value) {
            case null -> "null";
            case ByteBuffer b -> b.position() + "/" + b.limit();
            case byte[] b ->
                    '"' + new String(b, StandardCharsets.ISO_8859_1).replace("\0", "0") + '"';
            case Object[] a -> show(Arrays.asList(a));
            case int[] a -> Arrays.toString(a);
            case Collection<?> c -> c.stream().map(this::show).toList().toString();
            case Throwable e -> exception(e);
            case Class<?> c -> plain(c.getName());
            default -> plain(value.toString());
        };
    }

    private String exception(Throwable e) {
        StringBuilder s = new StringBuilder(plain(e.getClass().getName()));
        if (e.getMessage() != null
                && !(e instanceof NullPointerException) // the VM describes the code, not the event
                && (e.getCause() == null || !e.getMessage().equals(e.getCause().toString()))) {
            s.append(": ").append(plain(e.getMessage()));
        }
        if (e.getCause() != null) {
            s.append(" <- ").append(exception(e.getCause()));
        }
        return s.toString();
    }

    private String plain(String text) {
        String s = text;
        for (Map.Entry<String, String> word : words.entrySet()) {
            s = s.replace(word.getKey(), word.getValue());
        }
        s = IDENTITY.matcher(s).replaceAll("");
        s = NO_NAME.matcher(s).replaceAll("");
        s = PROVIDER.matcher(s).replaceAll("$1");
        return PORT.matcher(s).replaceAll(m -> Matcher.quoteReplacement(portName(m.group(1))));
    }
}
