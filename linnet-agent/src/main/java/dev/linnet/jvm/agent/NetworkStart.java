package dev.linnet.jvm.agent;

import dev.linnet.jvm.JvmHost;
import dev.linnet.jvm.config.NetworkConfig;
import dev.linnet.jvm.config.RunningNetwork;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Makes the JVM's network when the program starts, and ends it when the program ends.
///
/// If nothing can go wrong, it is made by a thread of its own while the program begins, and whoever opens the first
/// socket waits for it; else it is made before `main`, so that a mistake is found first.
final class NetworkStart implements Runnable, Supplier<@Nullable JvmHost> {
    private final NetworkConfig config;
    private final JdkAccess jdk;
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile @Nullable Thread maker;
    private volatile @Nullable RunningNetwork network;

    NetworkStart(NetworkConfig config, JdkAccess jdk) {
        this.config = config;
        this.jdk = jdk;
    }

    @Override
    public void run() {
        jdk.atEnd(new End());
        if (!config.isCertain()) {
            make();
            return;
        }
        Thread thread = new Thread(null, new Maker(), "linnet-start", 0, false);
        thread.setDaemon(true);
        maker = thread;
        JvmHost.setDefaultLater(this);
        thread.start();
    }

    private void make() {
        try {
            RunningNetwork made = RunningNetwork.start(config);
            network = made;
            JvmHost.setDefault(made.jvm());
        } finally {
            done.countDown();
        }
    }

    /// Waits for the host; null for the thread that makes it.
    @Override
    public @Nullable JvmHost get() {
        return Thread.currentThread() == maker ? null : await().jvm();
    }

    private RunningNetwork await() {
        boolean interrupted = false;
        while (true) {
            try {
                done.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        RunningNetwork made = network;
        if (made == null) {
            throw new IllegalStateException("Linnet's network could not be made");
        }
        return made;
    }

    /// The body of the thread. (A class, because a lambda takes longer to make.)
    private final class Maker implements Runnable {
        @Override
        public void run() {
            make();
        }
    }

    /// What is done when the JVM ends.
    private final class End implements Runnable {
        @Override
        public void run() {
            RunningNetwork made = config.stats() ? await() : network;
            if (made == null) {
                return; // nobody has waited for it
            }
            if (config.stats()) {
                System.err.print(made.summary());
            }
            made.end();
        }
    }
}
