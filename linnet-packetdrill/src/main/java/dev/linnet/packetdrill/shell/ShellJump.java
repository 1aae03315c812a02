package dev.linnet.packetdrill.shell;

/// Leaves what is running: a loop, a function, or all of it.
final class ShellJump extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// Where to.
    enum Kind {
        BREAK,
        CONTINUE,
        RETURN,
        EXIT
    }

    private final Kind kind;
    private final int number;

    /// A jump; `number` is how many loops, or the status.
    ShellJump(Kind kind, int number) {
        super(null, null, false, false);
        this.kind = kind;
        this.number = number;
    }

    Kind kind() {
        return kind;
    }

    int number() {
        return number;
    }
}
