package dev.linnet.oracle.target;

/// A call does not return.
public final class BlockedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BlockedException(String message) {
        super(message);
    }
}
