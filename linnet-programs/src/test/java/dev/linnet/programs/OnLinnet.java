package dev.linnet.programs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.jvm.JvmHost;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A class of programs that run on Linnet: it fails if they would not, and if they leave a descriptor or a packet
/// buffer behind.
///
/// With `-Dprograms.on=kernel`, and no agent, the same programs run on the machine's own network, to see whether a
/// failure is theirs.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(OnLinnet.Network.class)
@interface OnLinnet {
    /// Looks at Linnet before and after.
    final class Network implements BeforeAllCallback, AfterAllCallback {
        private static final boolean KERNEL =
                System.getProperty("programs.on", "linnet").equals("kernel");

        /// Servers and clients close on threads of their own, and the last segments of a connection take a moment.
        private static final Duration PATIENCE = Duration.ofSeconds(20);

        @Override
        public void beforeAll(ExtensionContext context) {
            assertThat(JvmHost.current() == null)
                    .as("the JVM's network is %s", KERNEL ? "the machine's" : "Linnet's")
                    .isEqualTo(KERNEL);
        }

        @Override
        public void afterAll(ExtensionContext context) throws InterruptedException {
            JvmHost jvm = JvmHost.current();
            if (jvm == null) {
                return;
            }
            awaitZero("open descriptors", () -> jvm.task().openFds().length);
            awaitZero("packet buffers in use", () -> jvm.host().stack().buffersInUse());
        }

        private static void awaitZero(String what, LongSupplier count) throws InterruptedException {
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (count.getAsLong() != 0 && System.nanoTime() < end) {
                Thread.sleep(10);
            }
            assertThat(count.getAsLong()).as(what).isZero();
        }
    }
}
