package dev.linnet.net.core.dev;

/// States of a neighbour entry (`NUD_*`, RFC 4861 section 7.3.2), one bit each.
public final class Nud {
    public static final int NONE = 0;

    /// Asked, no answer yet.
    public static final int INCOMPLETE = 0x01;

    /// Known to answer at its address a short time ago.
    public static final int REACHABLE = 0x02;

    /// The address was right once; packets are sent, then it is verified.
    public static final int STALE = 0x04;

    /// Waits for a sign of life from above before it asks again.
    public static final int DELAY = 0x08;

    /// Asks the known address.
    public static final int PROBE = 0x10;

    /// Did not answer.
    public static final int FAILED = 0x20;

    /// Needs no resolution.
    public static final int NOARP = 0x40;

    /// Set by an administrator.
    public static final int PERMANENT = 0x80;

    /// States whose time runs.
    public static final int IN_TIMER = INCOMPLETE | REACHABLE | DELAY | PROBE;

    /// States with a link-layer address.
    public static final int VALID = PERMANENT | NOARP | REACHABLE | PROBE | STALE | DELAY;

    /// States in which packets are sent without further thought.
    public static final int CONNECTED = PERMANENT | NOARP | REACHABLE;

    private Nud() {}
}
