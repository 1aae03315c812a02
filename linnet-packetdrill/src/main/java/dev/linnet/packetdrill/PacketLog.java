package dev.linnet.packetdrill;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Takes the packets of runs. Runs may be at the same time, on different threads.
@FunctionalInterface
public interface PacketLog {
    /// No log.
    PacketLog NONE = (_, _) -> null;

    /// Begins the log of a run, or returns null for none.
    @Nullable Session begin(Path script, IpMode mode);

    /// The log of one run.
    interface Session extends AutoCloseable {
        /// One packet, from its IP header on.
        ///
        /// @param inbound true if the script sent it, false if the kernel did
        /// @param scriptUsecs its time, in microseconds since the script began
        void packet(boolean inbound, byte[] datagram, long scriptUsecs);

        @Override
        void close();
    }
}
