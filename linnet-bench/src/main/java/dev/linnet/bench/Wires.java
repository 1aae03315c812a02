package dev.linnet.bench;

import java.nio.ByteBuffer;

/// A way to make connections: over the kernel's loopback, or over Linnet's.
interface Wires extends AutoCloseable {
    /// One end of a connection. Calls block.
    interface End extends AutoCloseable {
        /// Reads at least one byte; the number, or -1 at the end.
        int read(ByteBuffer into);

        /// Writes all that remains.
        void write(ByteBuffer from);

        /// Resets the connection instead of closing it in order, so that no TIME-WAIT is left.
        void reset();

        @Override
        void close();
    }

    String name();

    /// Connects to the listener.
    End connect();

    /// Takes a connection.
    End accept();

    @Override
    void close();
}
