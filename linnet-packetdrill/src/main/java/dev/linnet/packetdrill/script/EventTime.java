package dev.linnet.packetdrill.script;

/// When an event happens; all numbers are microseconds.
public sealed interface EventTime {
    /// Counted from the start of the script.
    record Absolute(long usecs) implements EventTime {}

    /// Counted from the event before.
    record Relative(long usecs) implements EventTime {}

    /// Whenever it likes; only for packets that are expected.
    record Any() implements EventTime {}

    /// Between two times counted from the start of the script; only for packets that are expected.
    record AbsoluteRange(long usecs, long endUsecs) implements EventTime {}

    /// Between two times counted from the event before; only for packets that are expected.
    record RelativeRange(long usecs, long endUsecs) implements EventTime {}

    /// The time, or the first time of a range; 0 for any time.
    default long startUsecs() {
        return switch (this) {
            case Absolute t -> t.usecs();
            case Relative t -> t.usecs();
            case Any _ -> 0;
            case AbsoluteRange t -> t.usecs();
            case RelativeRange t -> t.usecs();
        };
    }

    /// The last time of a range, the same as [#startUsecs()] for all others.
    default long lastUsecs() {
        return switch (this) {
            case AbsoluteRange t -> t.endUsecs();
            case RelativeRange t -> t.endUsecs();
            default -> startUsecs();
        };
    }

    /// True if it counts from the event before.
    default boolean isRelative() {
        return !(this instanceof Absolute || this instanceof AbsoluteRange);
    }

    /// True for a range or any time.
    default boolean isOpen() {
        return !(this instanceof Absolute || this instanceof Relative);
    }
}
