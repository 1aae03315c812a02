package dev.linnet.oracle.text;

/// A row that cannot be read, or that makes no sense when it is run. The message says where and what
/// is wrong.
public final class FactException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public FactException(String message) {
        super(message);
    }
}
