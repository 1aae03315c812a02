package dev.linnet.oracle.text;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Splits a line into words.
final class Lexer {
    private static final String PORT = ":(?:[0-9]+|[a-z_][a-z0-9_]*)";

    /// Of the alternatives the first that fits; each is a group named like its kind.
    private static final Pattern WORD =
            Pattern.compile(
                    "(?<ADDRESS>[0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+(?:"
                            + PORT
                            + ")?|\\[[0-9a-fA-F]*:[0-9a-fA-F:.]+\\](?:"
                            + PORT
                            + ")?)"
                            + "|(?<NUMBER>0x[0-9a-fA-F]+|[0-9]+)"
                            + "|(?<NAME>[A-Za-z_][A-Za-z0-9_]*)"
                            + "|(?<STRING>\"(?:[^\"\\\\]|\\\\.)*\")"
                            + "|(?<PATH>'(?:[^'\\\\]|\\\\.)*')"
                            + "|(?<SIGN>->|>=|<=|[-(){}\\[\\],=|+*~#:])");

    private static final Pattern BLANK = Pattern.compile("\\s*(?://.*)?");

    private Lexer() {}

    static List<Token> words(String line) {
        List<Token> words = new ArrayList<>();
        int at = blank(line, 0);
        while (at < line.length()) {
            Matcher matcher = WORD.matcher(line).region(at, line.length());
            if (!matcher.lookingAt()) {
                throw new FactException(
                        "column " + (at + 1) + ": cannot read '" + line.substring(at) + "'");
            }
            words.add(new Token(kind(matcher), matcher.group(), at + 1));
            at = blank(line, matcher.end());
        }
        words.add(new Token(Token.Kind.END, "the end of the line", at + 1));
        return words;
    }

    private static int blank(String line, int at) {
        Matcher matcher = BLANK.matcher(line).region(at, line.length());
        return matcher.lookingAt() ? matcher.end() : at;
    }

    private static Token.Kind kind(Matcher matcher) {
        for (Token.Kind kind : Token.Kind.values()) {
            if (kind != Token.Kind.END && matcher.group(kind.name()) != null) {
                return kind;
            }
        }
        throw new IllegalStateException(matcher.group());
    }
}
