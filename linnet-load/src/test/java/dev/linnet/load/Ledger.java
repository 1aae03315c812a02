package dev.linnet.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.jvm.JvmHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/// What a program may not leave behind or do on the way: descriptors of Linnet's process, packets and pages, platform
/// threads, and carriers that a virtual thread held while it waited (`jdk.VirtualThreadPinned`).
final class Ledger implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final JvmHost jvm;
    private final int fds;
    private final Set<Thread> threads;
    private final Recording recording = new Recording();

    /// Counts what there is before.
    static Ledger open() {
        return new Ledger();
    }

    private Ledger() {
        jvm = Objects.requireNonNull(JvmHost.current(), "this module's tests run under the agent");
        fds = jvm.task().openFds().length;
        threads = threads();
        recording.enable("jdk.VirtualThreadPinned").withoutThreshold().withStackTrace();
        recording.start();
    }

    /// How many more descriptors there are than before.
    int descriptors() {
        return jvm.task().openFds().length - fds;
    }

    /// Compares with what there was before. What ends by itself is given time to.
    @Override
    public void close() throws IOException {
        recording.stop();
        assertThat(pinned()).as("waits of virtual threads that held their carriers").isEmpty();
        assertEventually("descriptors", () -> descriptors() == 0, () -> "" + descriptors());
        assertEventually(
                "packets and pages",
                () -> jvm.host().stack().buffersInUse() == 0,
                () -> jvm.host().stack().buffersInUse() + " with " + jvm.host().sockets());
        assertEventually("threads", () -> left().isEmpty(), () -> "" + left());
        recording.close();
    }

    /// A wait on Linnet. (Loading and initializing a class pins too, at a monitor, because the JVM calls Java from its
    /// own code.)
    private static boolean isPinned(RecordedEvent event) {
        return event.getString("blockingOperation").equals("LockSupport.park")
                && ("" + event.getStackTrace()).contains("dev.linnet");
    }

    private List<RecordedEvent> pinned() throws IOException {
        Path file = Files.createTempFile("linnet-load", ".jfr");
        try {
            recording.dump(file);
            return RecordingFile.readAllEvents(file).stream().filter(Ledger::isPinned).toList();
        } finally {
            Files.delete(file);
        }
    }

    /// Threads that were not there before. Those that carry, time or unpark virtual threads, and cleaners,
    /// come when needed and stay.
    private Set<Thread> left() {
        return threads().stream()
                .filter(thread -> !threads.contains(thread))
                .filter(thread -> !thread.getName().startsWith("ForkJoinPool"))
                .filter(thread -> !thread.getName().startsWith("VirtualThread-"))
                .filter(thread -> !thread.getName().startsWith("Cleaner-"))
                .filter(thread -> !thread.getName().startsWith("JFR"))
                .collect(Collectors.toSet());
    }

    private static Set<Thread> threads() {
        return Set.copyOf(Thread.getAllStackTraces().keySet());
    }

    private static void assertEventually(
            String what, BooleanSupplier condition, java.util.function.Supplier<String> now) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(condition.getAsBoolean()).as("%s left over: %s", what, now.get()).isTrue();
    }
}
