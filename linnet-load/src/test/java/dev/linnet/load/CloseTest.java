package dev.linnet.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Thousands of calls that wait, each ended by a close or an interrupt that comes before it, at its beginning or long
/// after.
class CloseTest {
    private static final int VIRTUAL = 1_000;
    private static final int PLATFORM = 200;
    private static final int MOMENT = 2_000;
    private static final long PATIENCE_NS = 5_000_000_000L;
    private static final long SEED = 20_261_120;

    /// What ends the call of a thread.
    private interface Ending {
        void end(Thread thread, Waits.Wait wait) throws IOException;
    }

    /// What has to come of it.
    private interface Verdict {
        void check(Throwable thrown, Waits.Wait wait, boolean hadBegun);
    }

    @ParameterizedTest
    @EnumSource
    void channelsAreClosed(Waits.Kind kind) throws Exception {
        run(
                Waits::channel,
                kind,
                PLATFORM,
                (thread, wait) -> wait.target().close(),
                CloseTest::closed);
    }

    private static void closed(Throwable thrown, Waits.Wait wait, boolean hadBegun) {
        Class<?> expected =
                hadBegun ? AsynchronousCloseException.class : ClosedChannelException.class;
        assertThat(thrown).isInstanceOf(expected).isNotInstanceOf(ClosedByInterruptException.class);
    }

    @ParameterizedTest
    @EnumSource
    void channelsAreInterrupted(Waits.Kind kind) throws Exception {
        run(
                Waits::channel,
                kind,
                PLATFORM,
                (thread, wait) -> thread.interrupt(),
                (thrown, wait, hadBegun) -> {
                    assertThat(thrown).isInstanceOf(ClosedByInterruptException.class);
                    assertThat(Thread.currentThread().isInterrupted()).isTrue();
                    assertThat(((Channel) wait.target()).isOpen()).isFalse();
                });
    }

    @ParameterizedTest
    @EnumSource
    void socketsAreClosed(Waits.Kind kind) throws Exception {
        run(
                Waits::socket,
                kind,
                PLATFORM,
                (thread, wait) -> wait.target().close(),
                (thrown, wait, hadBegun) ->
                        assertThat(thrown)
                                .isExactlyInstanceOf(SocketException.class)
                                .hasMessageMatching("(?i)socket( is)? closed"));
    }

    /// Sockets heed interrupts in virtual threads only.
    @ParameterizedTest
    @EnumSource
    void socketsOfVirtualThreadsAreInterrupted(Waits.Kind kind) throws Exception {
        run(
                Waits::socket,
                kind,
                0,
                (thread, wait) -> thread.interrupt(),
                (thrown, wait, hadBegun) -> {
                    assertThat(thrown)
                            .isExactlyInstanceOf(SocketException.class)
                            .hasMessage("Closed by interrupt");
                    assertThat(Thread.currentThread().isInterrupted()).isTrue();
                });
    }

    private interface Maker {
        Waits.Wait make(Waits waits, Waits.Kind kind) throws IOException;
    }

    /// A thread in a call, and whether it was seen to wait there.
    private static final class Waiting {
        final Waits.Wait wait;
        final Thread thread;
        volatile boolean hadBegun;

        Waiting(Crowd crowd, Thread.Builder threads, Waits.Wait wait, Verdict verdict) {
            this.wait = wait;
            this.thread = crowd.start(threads, () -> check(verdict));
        }

        private void check(Verdict verdict) {
            verdict.check(catchThrowable(() -> wait.call().run()), wait, hadBegun);
        }
    }

    private static void run(
            Maker maker, Waits.Kind kind, int platform, Ending ending, Verdict verdict)
            throws Exception {
        try (Ledger ledger = Ledger.open();
                Waits waits = new Waits()) {
            Crowd crowd = new Crowd();
            Random random = new Random(SEED);
            List<Waiting> late = new ArrayList<>();
            for (int i = 0; i < VIRTUAL + platform; i++) {
                Thread.Builder threads = i < VIRTUAL ? Thread.ofVirtual() : Thread.ofPlatform();
                Waiting waiting = new Waiting(crowd, threads, maker.make(waits, kind), verdict);
                int moment = random.nextInt(3 * MOMENT);
                if (moment > 2 * MOMENT) {
                    late.add(waiting);
                } else {
                    spin(moment - MOMENT); // for one in three not at all
                    ending.end(waiting.thread, waiting.wait);
                }
            }
            for (Waiting waiting : late) {
                awaitBegun(waiting.thread);
                waiting.hadBegun = kind != Waits.Kind.WRITE; // it waits and goes on several times
                ending.end(waiting.thread, waiting.wait);
            }
            crowd.join();
        }
    }

    private static void spin(int turns) {
        for (int i = 0; i < turns; i++) {
            Thread.onSpinWait();
        }
    }

    private static void awaitBegun(Thread thread) {
        long end = System.nanoTime() + PATIENCE_NS;
        while (thread.getState() != Thread.State.WAITING) {
            assertThat(System.nanoTime()).as("%s should wait", thread).isLessThan(end);
            Thread.yield();
        }
    }

    @Test
    void whatAPlatformThreadReadsFromASocketIsNotLostByInterrupts() throws Exception {
        try (Ledger ledger = Ledger.open()) {
            Exchange.overSockets(Thread.ofPlatform(), 2_000, 0, true);
        }
    }
}
