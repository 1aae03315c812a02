package dev.linnet.programs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.jvm.JvmHost;
import dev.linnet.stack.SocketInfo;
import dev.linnet.uapi.TcpState;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.time.Duration;
import java.util.List;
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
            awaitZero(() -> jvm.task().openFds().length);
            assertThat(jvm.task().openFds())
                    .as("open descriptors; the host's sockets: %s", sockets(jvm))
                    .isEmpty();
            awaitZero(() -> jvm.host().stack().buffersInUse());
            assertThat(jvm.host().stack().buffersInUse()).as("packet buffers in use").isZero();
        }

        private static void awaitZero(LongSupplier count) throws InterruptedException {
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (count.getAsLong() != 0 && System.nanoTime() < end) {
                Thread.sleep(10);
            }
        }

        private static List<SocketInfo> sockets(JvmHost jvm) {
            return jvm.host().sockets().stream()
                    .filter(socket -> socket.state() != TcpState.TCP_TIME_WAIT)
                    .toList();
        }
    }
}
