package dev.linnet.packetdrill.state;

import org.jspecify.annotations.Nullable;

/// What happened is not what the script says.
public final class EventFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final @Nullable String expected;
    private final @Nullable String actual;

    /// A difference that the message says in full.
    public EventFailure(String message) {
        this(message, null, null);
    }

    /// A difference between two packets, both in the notation of scripts.
    public EventFailure(String message, @Nullable String expected, @Nullable String actual) {
        super(message, null, false, false);
        this.expected = expected;
        this.actual = actual;
    }

    /// The packet that the script has, if it is about packets.
    public @Nullable String expected() {
        return expected;
    }

    /// The packet that came, in the script's numbers, if it is about packets and one came.
    public @Nullable String actual() {
        return actual;
    }

    /// What is wrong.
    public String message() {
        return String.valueOf(getMessage());
    }
}
