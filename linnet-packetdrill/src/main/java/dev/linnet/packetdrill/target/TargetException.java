package dev.linnet.packetdrill.target;

/// A target that cannot be set up, or that fails in a way that says nothing about the kernel under
/// test.
public final class TargetException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// What is wrong, and what helps.
    public TargetException(String message) {
        super(message);
    }

    /// The same, with what led to it.
    public TargetException(String message, Throwable cause) {
        super(message, cause);
    }
}
