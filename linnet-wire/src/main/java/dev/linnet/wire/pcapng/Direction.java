package dev.linnet.wire.pcapng;

/// Which way a packet went, seen from the interface that captured it (the direction bits of
/// pcapng's `epb_flags`).
public enum Direction {
    /// Not said.
    UNKNOWN,
    /// Received.
    INBOUND,
    /// Sent.
    OUTBOUND;

    /// The bits of `epb_flags` that hold the direction; their value is the ordinal.
    static final int FLAGS_MASK = 3;

    static Direction ofFlags(int flags) {
        int value = flags & FLAGS_MASK;
        return value < values().length ? values()[value] : UNKNOWN;
    }
}
