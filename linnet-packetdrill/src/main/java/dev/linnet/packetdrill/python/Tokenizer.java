package dev.linnet.packetdrill.python;

import dev.linnet.packetdrill.python.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Cuts Python source into tokens, with Python's rules for lines and indentation.
final class Tokenizer {
    /// Longer ones first: the first that fits is taken.
    private static final String[] OPERATORS = {
        "**=", "//=", "<<=", ">>=", "==", "!=", "<=", ">=", "<<", ">>", "**", "//", "+=", "-=",
        "*=", "/=", "%=", "|=", "&=", "^=", "(", ")", "[", "]", "{", "}", ",", ";", ":", "=", "<",
        ">", "+", "-", "*", "/", "%", "|", "&", "^", "~", ".", "@"
    };

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private final Deque<Integer> indents = new ArrayDeque<>(List.of(0));
    private int at;
    private int line;
    private int brackets;

    private Tokenizer(String source) {
        this.source = source;
    }

    /// @throws PythonError if there is something that is no Python
    static List<Token> tokenize(String source) {
        return new Tokenizer(source).run();
    }

    private List<Token> run() {
        boolean lineStart = true;
        while (at < source.length()) {
            if (lineStart && brackets == 0) {
                lineStart = false;
                if (!indentation()) {
                    lineStart = true;
                    continue;
                }
            }
            char c = source.charAt(at);
            if (c == '\n') {
                newline();
                lineStart = brackets == 0;
            } else if (c == '\\' && at + 1 < source.length() && source.charAt(at + 1) == '\n') {
                at += 2;
                line++;
            } else if (Character.isWhitespace(c)) {
                at++;
            } else if (c == '#') {
                skipComment();
            } else {
                token(c);
            }
        }
        endLine();
        while (indents.size() > 1) {
            indents.pop();
            add(Kind.DEDENT, "");
        }
        add(Kind.END, "");
        return tokens;
    }

    /// Reads the blanks at the start of a line; false if the line has nothing else.
    private boolean indentation() {
        int column = 0;
        while (at < source.length() && isBlank(source.charAt(at))) {
            column = source.charAt(at) == '\t' ? (column / 8 + 1) * 8 : column + 1;
            at++;
        }
        if (at < source.length() && source.charAt(at) == '#') {
            skipComment();
        }
        if (at == source.length() || source.charAt(at) == '\n') {
            if (at < source.length()) {
                at++;
                line++;
            }
            return at == source.length();
        }
        indent(column);
        return true;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\r';
    }

    private void indent(int column) {
        if (column > indents.getFirst()) {
            indents.push(column);
            add(Kind.INDENT, "");
        }
        while (column < indents.getFirst()) {
            indents.pop();
            add(Kind.DEDENT, "");
        }
        if (column != indents.getFirst()) {
            throw new PythonError(
                    line,
                    "IndentationError",
                    "unindent does not match any outer indentation level");
        }
    }

    private void newline() {
        if (brackets == 0) {
            endLine();
        }
        at++;
        line++;
    }

    private void endLine() {
        if (!tokens.isEmpty()
                && tokens.getLast().kind() != Kind.NEWLINE
                && tokens.getLast().kind() != Kind.INDENT
                && tokens.getLast().kind() != Kind.DEDENT) {
            add(Kind.NEWLINE, "");
        }
    }

    private void skipComment() {
        while (at < source.length() && source.charAt(at) != '\n') {
            at++;
        }
    }

    private void token(char c) {
        boolean formatted =
                (c == 'f' || c == 'F')
                        && at + 1 < source.length()
                        && isQuote(source.charAt(at + 1));
        if (formatted) {
            at++;
            string(Kind.FORMATTED_STRING);
        } else if (isQuote(c)) {
            string(Kind.STRING);
        } else if (Character.isDigit(c) || c == '.' && isDigitAt(at + 1)) {
            number();
        } else if (Character.isLetter(c) || c == '_') {
            int start = at;
            while (at < source.length() && isNamePart(source.charAt(at))) {
                at++;
            }
            add(Kind.NAME, source.substring(start, at));
        } else {
            operator();
        }
    }

    private static boolean isQuote(char c) {
        return c == '\'' || c == '"';
    }

    private static boolean isNamePart(char c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }

    private boolean isDigitAt(int i) {
        return i < source.length() && Character.isDigit(source.charAt(i));
    }

    private void number() {
        int start = at;
        boolean hex = source.startsWith("0x", at) || source.startsWith("0X", at);
        while (at < source.length()) {
            char c = source.charAt(at);
            boolean exponentSign =
                    (c == '+' || c == '-')
                            && !hex
                            && Character.toLowerCase(source.charAt(at - 1)) == 'e';
            if (!isNamePart(c) && c != '.' && !exponentSign) {
                break;
            }
            at++;
        }
        add(Kind.NUMBER, source.substring(start, at));
    }

    private void string(Kind kind) {
        char quote = source.charAt(at);
        String triple = String.valueOf(quote).repeat(3);
        boolean isTriple = source.startsWith(triple, at);
        String close = isTriple ? triple : String.valueOf(quote);
        at += close.length();
        StringBuilder text = new StringBuilder();
        int startLine = line;
        while (!source.startsWith(close, at)) {
            if (at >= source.length() || source.charAt(at) == '\n' && !isTriple) {
                throw PythonError.syntax(startLine, "unterminated string literal");
            }
            char c = source.charAt(at++);
            line += c == '\n' ? 1 : 0;
            if (c == '\\' && at < source.length()) {
                escape(source.charAt(at++), text);
            } else {
                text.append(c);
            }
        }
        at += close.length();
        add(kind, text.toString());
    }

    private void escape(char code, StringBuilder text) {
        switch (code) {
            case 'n' -> text.append('\n');
            case 't' -> text.append('\t');
            case 'r' -> text.append('\r');
            case '\\', '\'', '"' -> text.append(code);
            case '\n' -> line++;
            default -> text.append('\\').append(code);
        }
    }

    private void operator() {
        for (String operator : OPERATORS) {
            if (source.startsWith(operator, at)) {
                at += operator.length();
                brackets += "([{".contains(operator) ? 1 : 0;
                brackets -= ")]}".contains(operator) && brackets > 0 ? 1 : 0;
                add(Kind.OPERATOR, operator);
                return;
            }
        }
        if (source.startsWith("!", at)) {
            throw PythonError.syntax(line, "invalid syntax near '!'");
        }
        throw PythonError.syntax(line, "invalid character '" + source.charAt(at) + "'");
    }

    private void add(Kind kind, String text) {
        tokens.add(new Token(kind, text, line));
    }
}
