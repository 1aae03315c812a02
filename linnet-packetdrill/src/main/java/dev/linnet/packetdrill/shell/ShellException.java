package dev.linnet.packetdrill.shell;

/// A command line that this shell cannot read, and why.
final class ShellException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ShellException(String message) {
        super(message);
    }
}
