package dev.linnet.packetdrill.shell;

import dev.linnet.packetdrill.shell.ShellNode.Part;
import dev.linnet.packetdrill.shell.ShellNode.Redirection;
import dev.linnet.packetdrill.shell.ShellNode.Word;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Cuts a command line into operators, redirections and words.
final class ShellLexer {
    private static final String META = " \t\n;&|<>()";

    /// Without the here-documents that have been taken out of it.
    private String text;

    private int pos;

    ShellLexer(String text) {
        this.text = text;
    }

    boolean atEnd() {
        skipBlanks();
        return pos >= text.length();
    }

    String rest() {
        return text.substring(Math.min(pos, text.length()));
    }

    private void skipBlanks() {
        while (pos < text.length()) {
            char c = text.charAt(pos);
            if (c == ' ' || c == '\t') {
                pos++;
            } else if (text.startsWith("\\\n", pos)) {
                pos += 2;
            } else if (c == '#') {
                int end = text.indexOf('\n', pos);
                pos = end < 0 ? text.length() : end;
            } else {
                return;
            }
        }
    }

    /// The next word if nothing in it is quoted or to be expanded, else an empty string. Stays
    /// before it.
    String peekPlain() {
        int before = pos;
        Word word = word();
        pos = before;
        return word == null ? "" : word.plain().orElse("");
    }

    /// Takes the next word if it is this one.
    boolean takePlain(String expected) {
        int before = pos;
        Word word = word();
        if (word != null && word.plain().orElse("").equals(expected)) {
            return true;
        }
        pos = before;
        return false;
    }

    /// Takes the `()` after the name of a function.
    boolean takeCall() {
        if (!text.startsWith("()", pos)) {
            return false;
        }
        pos += 2;
        return true;
    }

    /// True if exactly this operator comes next: `|` is not the start of `||`.
    boolean peek(String operator) {
        skipBlanks();
        if (!text.startsWith(operator, pos)) {
            return false;
        }
        int end = pos + operator.length();
        boolean longer =
                operator.length() == 1
                        && "|&".contains(operator)
                        && end < text.length()
                        && text.charAt(end) == operator.charAt(0);
        return !longer;
    }

    boolean take(String operator) {
        if (!peek(operator)) {
            return false;
        }
        pos += operator.length();
        return true;
    }

    /// `[n]>file`, `>>`, `<`, `&>`, `n>&m`; null if none comes next.
    @Nullable Redirection redirection() {
        skipBlanks();
        int start = pos;
        int fd = -2;
        if (text.startsWith("&>", pos)) {
            fd = -1;
            pos++;
        } else if (pos + 1 < text.length()
                && Character.isDigit(text.charAt(pos))
                && "<>".indexOf(text.charAt(pos + 1)) >= 0) {
            fd = text.charAt(pos++) - '0';
        }
        boolean in = pos < text.length() && text.charAt(pos) == '<';
        boolean out = pos < text.length() && text.charAt(pos) == '>';
        if (!in && !out) {
            pos = start;
            return null;
        }
        pos++;
        if (in && pos < text.length() && text.charAt(pos) == '<') {
            pos++;
            return new Redirection(0, true, false, 0, true, here());
        }
        boolean append = out && pos < text.length() && text.charAt(pos) == '>';
        if (append) {
            pos++;
        }
        int from = fd == -2 ? (in ? 0 : 1) : fd;
        if (pos < text.length() && text.charAt(pos) == '&') {
            pos++;
            int dup = pos < text.length() ? text.charAt(pos++) - '0' : -1;
            if (dup != 1 && dup != 2) {
                throw new ShellException("cannot redirect to descriptor " + dup);
            }
            return new Redirection(from, in, append, dup, false, new Word(List.of()));
        }
        Word target = word();
        if (target == null) {
            throw new ShellException("a redirection without a file");
        }
        return new Redirection(from, in, append, 0, false, target);
    }

    /// What follows `<<`: a here-document, or after a third `<` one line.
    private Word here() {
        if (pos < text.length() && text.charAt(pos) == '<') {
            pos++;
            Word line = word();
            List<Part> parts = new ArrayList<>(line == null ? List.of() : line.parts());
            parts.add(new Part.Literal("\n", true));
            return new Word(parts);
        }
        boolean tabs = pos < text.length() && text.charAt(pos) == '-';
        pos += tabs ? 1 : 0;
        Word delimiter = word();
        if (delimiter == null || !(delimiter.parts().getFirst() instanceof Part.Literal end)) {
            throw new ShellException("a here-document without an end");
        }
        String body = cutHere(end.text(), tabs);
        return end.quoted()
                ? new Word(List.of(new Part.Literal(body, true)))
                : new ShellLexer(body).expanded();
    }

    /// Takes the lines after this one out of the text, up to the one that ends the document.
    private String cutHere(String end, boolean tabs) {
        int from = text.indexOf('\n', pos) + 1;
        StringBuilder body = new StringBuilder();
        int at = from;
        while (from > 0 && at < text.length()) {
            int newline = text.indexOf('\n', at);
            String line = text.substring(at, newline < 0 ? text.length() : newline);
            at = newline < 0 ? text.length() : newline + 1;
            line = tabs ? line.replaceFirst("^\t+", "") : line;
            if (line.equals(end)) {
                text = text.substring(0, from) + text.substring(at);
                return body.toString();
            }
            body.append(line).append('\n');
        }
        throw new ShellException("the here-document does not end: " + end + " is missing");
    }

    /// The whole text as the inside of a here-document: only `$`, backquotes and backslashes mean
    /// anything.
    private Word expanded() {
        List<Part> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        while (pos < text.length()) {
            char c = text.charAt(pos);
            if (c == '$' || c == '`') {
                flush(literal, parts, true);
                expansion(parts, true);
            } else if (c == '\\'
                    && pos + 1 < text.length()
                    && "\\$`\n".indexOf(text.charAt(pos + 1)) >= 0) {
                literal.append(
                        text.charAt(pos + 1) == '\n' ? "" : text.substring(pos + 1, pos + 2));
                pos += 2;
            } else {
                literal.append(c);
                pos++;
            }
        }
        flush(literal, parts, true);
        return new Word(parts);
    }

    /// The next word, or null where none starts.
    @Nullable Word word() {
        skipBlanks();
        List<Part> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        while (pos < text.length() && META.indexOf(text.charAt(pos)) < 0) {
            char c = text.charAt(pos);
            switch (c) {
                case '\'' -> {
                    flush(literal, parts, false);
                    parts.add(new Part.Literal(until("'", pos + 1), true));
                }
                case '"' -> {
                    flush(literal, parts, false);
                    doubleQuoted(parts);
                }
                case '\\' -> {
                    pos++;
                    if (pos < text.length()) {
                        literal.append(text.charAt(pos++));
                    }
                }
                case '$', '`' -> {
                    flush(literal, parts, false);
                    expansion(parts, false);
                }
                default -> {
                    literal.append(c);
                    pos++;
                }
            }
        }
        flush(literal, parts, false);
        return parts.isEmpty() ? null : new Word(parts);
    }

    private static void flush(StringBuilder literal, List<Part> parts, boolean quoted) {
        if (!literal.isEmpty()) {
            parts.add(new Part.Literal(literal.toString(), quoted));
            literal.setLength(0);
        }
    }

    private void doubleQuoted(List<Part> parts) {
        pos++;
        StringBuilder literal = new StringBuilder();
        parts.add(new Part.Literal("", true));
        while (true) {
            if (pos >= text.length()) {
                throw new ShellException("a quote (\") is not closed");
            }
            char c = text.charAt(pos);
            if (c == '"') {
                pos++;
                flush(literal, parts, true);
                return;
            }
            if (c == '$' || c == '`') {
                flush(literal, parts, true);
                expansion(parts, true);
            } else if (c == '\\'
                    && pos + 1 < text.length()
                    && "\"\\$`\n".indexOf(text.charAt(pos + 1)) >= 0) {
                literal.append(text.charAt(pos + 1));
                pos += 2;
            } else {
                literal.append(c);
                pos++;
            }
        }
    }

    private void expansion(List<Part> parts, boolean quoted) {
        if (text.charAt(pos) == '`') {
            parts.add(new Part.Substitution(until("`", pos + 1), quoted));
        } else if (text.startsWith("$((", pos)) {
            String inner = parenthesised(pos + 2);
            if (!inner.startsWith("(") || !inner.endsWith(")")) {
                throw new ShellException("'))' is missing after: $(" + inner);
            }
            parts.add(new Part.Arithmetic(inner.substring(1, inner.length() - 1), quoted));
        } else if (text.startsWith("$(", pos)) {
            parts.add(new Part.Substitution(parenthesised(pos + 2), quoted));
        } else if (text.startsWith("${", pos)) {
            parts.add(new Part.Variable(until("}", pos + 2), quoted));
        } else {
            variable(parts, quoted);
        }
    }

    private void variable(List<Part> parts, boolean quoted) {
        int start = ++pos;
        if (pos < text.length() && "?$!#@*0123456789".indexOf(text.charAt(pos)) >= 0) {
            pos++;
        } else {
            while (pos < text.length()
                    && (Character.isLetterOrDigit(text.charAt(pos)) || text.charAt(pos) == '_')) {
                pos++;
            }
        }
        parts.add(
                start == pos
                        ? new Part.Literal("$", quoted)
                        : new Part.Variable(text.substring(start, pos), quoted));
    }

    private String until(String end, int from) {
        int at = text.indexOf(end, from);
        if (at < 0) {
            throw new ShellException("'" + end + "' is missing after: " + text.substring(from));
        }
        pos = at + end.length();
        return text.substring(from, at);
    }

    /// What stands before the parenthesis that closes the one before `from`.
    private String parenthesised(int from) {
        int open = 1;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '\'' || c == '"') {
                i = closing(c, i + 1);
            } else if (c == '(') {
                open++;
            } else if (c == ')' && --open == 0) {
                pos = i + 1;
                return text.substring(from, i);
            }
        }
        throw new ShellException("')' is missing after: " + text.substring(from));
    }

    private int closing(char quote, int from) {
        int i = from;
        while (i < text.length() && text.charAt(i) != quote) {
            i += quote == '"' && text.charAt(i) == '\\' ? 2 : 1;
        }
        return i;
    }
}
