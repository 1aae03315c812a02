package dev.linnet.packetdrill.script;

/// A script that cannot be understood: wrong syntax, an unknown name, a number out of range.
public final class ScriptException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String detail;
    private final int line;
    private final int column;

    /// The error `detail` in `file` at line and column (both from 1).
    public ScriptException(String file, int line, int column, String detail) {
        super(file + ":" + line + ":" + column + ": " + detail);
        this.detail = detail;
        this.line = line;
        this.column = column;
    }

    /// The error `detail` at a place that was parsed before.
    public ScriptException(String file, Source at, String detail) {
        this(file, at.line(), at.column(), detail);
    }

    /// What is wrong, without the place.
    public String detail() {
        return detail;
    }

    /// The line, from 1.
    public int line() {
        return line;
    }

    /// The column, from 1.
    public int column() {
        return column;
    }
}
