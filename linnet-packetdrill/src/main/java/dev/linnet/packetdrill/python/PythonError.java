package dev.linnet.packetdrill.python;

/// What Python would raise, or what this evaluator does not know.
public final class PythonError extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int line;
    private final String kind;

    PythonError(int line, String kind, String message) {
        super(message.isEmpty() ? kind : kind + ": " + message, null, false, false);
        this.line = line;
        this.kind = kind;
    }

    static PythonError syntax(int line, String message) {
        return new PythonError(line, "SyntaxError", message);
    }

    static PythonError type(int line, String message) {
        return new PythonError(line, "TypeError", message);
    }

    static PythonError unsupported(int line, String what) {
        return new PythonError(
                line,
                "NotSupportedError",
                what + " is beyond the Python that scripts can use here");
    }

    /// The line within the piece of code, from 0.
    public int line() {
        return line;
    }

    /// The name of the exception: `AssertionError`, `NameError`.
    public String kind() {
        return kind;
    }

    /// What Python would print.
    public String message() {
        return String.valueOf(getMessage());
    }
}
