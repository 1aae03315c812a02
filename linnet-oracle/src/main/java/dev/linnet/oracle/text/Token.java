package dev.linnet.oracle.text;

/// A word of a line.
///
/// @param column where it begins, from 1
record Token(Kind kind, String text, int column) {
    enum Kind {
        NUMBER,
        NAME,
        STRING,
        PATH,
        ADDRESS,
        SIGN,
        END
    }

    boolean is(String sign) {
        return kind == Kind.SIGN && text.equals(sign);
    }
}
