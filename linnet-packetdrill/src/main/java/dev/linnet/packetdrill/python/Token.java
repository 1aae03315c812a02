package dev.linnet.packetdrill.python;

/// A piece of Python source.
///
/// @param line from 0
record Token(Kind kind, String text, int line) {
    enum Kind {
        NAME,
        NUMBER,
        STRING,
        FORMATTED_STRING,
        OPERATOR,
        NEWLINE,
        INDENT,
        DEDENT,
        END
    }

    boolean is(String operatorOrName) {
        return (kind == Kind.OPERATOR || kind == Kind.NAME) && text.equals(operatorOrName);
    }
}
