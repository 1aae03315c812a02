package dev.linnet.uapi;

/// Second argument of `shutdown`.
public final class Shut {
    /// No more receiving.
    public static final int SHUT_RD = 0;

    /// No more sending; TCP sends FIN.
    public static final int SHUT_WR = 1;

    /// Both.
    public static final int SHUT_RDWR = 2;

    private Shut() {}
}
