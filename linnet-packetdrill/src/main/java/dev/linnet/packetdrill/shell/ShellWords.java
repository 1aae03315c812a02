package dev.linnet.packetdrill.shell;

import dev.linnet.packetdrill.shell.ShellNode.Part;
import dev.linnet.packetdrill.shell.ShellNode.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Expands words: variables, substitutions, arithmetic; what was not quoted is split at blanks.
final class ShellWords {
    private final Shell shell;
    private final ShellVariables variables;

    ShellWords(Shell shell, ShellVariables variables) {
        this.shell = shell;
        this.variables = variables;
    }

    /// The fields that a word becomes, often one, sometimes none.
    List<String> expand(Word word) {
        Fields fields = new Fields();
        for (Part part : word.parts()) {
            if (part instanceof Part.Variable v && v.quoted() && v.name().equals("@")) {
                fields.add(variables.args());
            } else if (part.quoted() || part instanceof Part.Literal) {
                fields.add(List.of(value(part)));
            } else {
                fields.addSplit(value(part));
            }
        }
        return fields.done();
    }

    /// The fields of a word that is being expanded; the last one is still open.
    private static final class Fields {
        private final List<String> complete = new ArrayList<>();
        private final StringBuilder open = new StringBuilder();
        private boolean isOpen;

        /// Adds pieces: the first continues what is there, the last stays open.
        void add(List<String> pieces) {
            for (int i = 0; i < pieces.size(); i++) {
                if (i > 0) {
                    close();
                }
                open.append(pieces.get(i));
                isOpen = true;
            }
        }

        /// Adds what was not quoted: blanks part fields.
        void addSplit(String value) {
            if (value.isEmpty()) {
                return;
            }
            if (Character.isWhitespace(value.charAt(0))) {
                close();
            }
            String stripped = value.strip();
            if (!stripped.isEmpty()) {
                add(List.of(stripped.split("\\s+")));
            }
            if (Character.isWhitespace(value.charAt(value.length() - 1))) {
                close();
            }
        }

        private void close() {
            if (isOpen) {
                complete.add(open.toString());
            }
            open.setLength(0);
            isOpen = false;
        }

        List<String> done() {
            close();
            return complete;
        }
    }

    /// The word as one string, not split.
    String one(Word word) {
        StringBuilder text = new StringBuilder();
        word.parts().forEach(part -> text.append(value(part)));
        return text.toString();
    }

    private String value(Part part) {
        return switch (part) {
            case Part.Literal literal -> literal.text();
            case Part.Variable variable -> variable(variable.name());
            case Part.Substitution substitution -> substitution(substitution.command());
            case Part.Arithmetic arithmetic ->
                    Long.toString(
                            ShellArithmetic.evaluate(
                                    variables, text("\"" + arithmetic.expression() + "\"")));
        };
    }

    private String substitution(String command) {
        ShellVariables.State outer = variables.save();
        try {
            return shell.run(command).out().replaceAll("\n+$", "");
        } finally {
            variables.restore(outer);
        }
    }

    /// `NAME`, `#NAME`, and `NAME` with `:-`, `-`, `:=`, `:+`, `#`, `##`, `%` or `%%` and a word.
    private String variable(String text) {
        if (text.length() > 1 && text.startsWith("#")) {
            return Integer.toString(variables.get(text.substring(1)).length());
        }
        int end = 0;
        while (end < text.length() && isNamePart(text.charAt(end))) {
            end++;
        }
        String name = text.substring(0, Math.max(end, Math.min(1, text.length())));
        String value = variables.get(name);
        String rest = text.substring(name.length());
        return rest.isEmpty() ? value : modified(name, value, rest);
    }

    private static boolean isNamePart(char c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }

    private String modified(String name, String value, String rest) {
        boolean colon = rest.startsWith(":");
        String operator = rest.substring(colon ? 1 : 0);
        String word = operator.isEmpty() ? "" : operator.substring(1);
        boolean there = colon ? !value.isEmpty() : variables.isSet(name);
        switch (operator.isEmpty() ? '?' : operator.charAt(0)) {
            case '-' -> {
                return there ? value : text(word);
            }
            case '+' -> {
                return there ? text(word) : "";
            }
            case '=' -> {
                if (!there) {
                    variables.set(name, text(word));
                }
                return variables.get(name);
            }
            case '#' -> {
                return value.replaceFirst("^" + cut(word, '#'), "");
            }
            case '%' -> {
                return withoutEnd(value, word);
            }
            default -> throw new ShellException("cannot expand ${" + name + rest + "}");
        }
    }

    private String text(String word) {
        Word parsed = new ShellLexer(word).word();
        return parsed == null ? "" : one(parsed);
    }

    /// The pattern after `#` as the shortest match, after `##` as the longest.
    private static String cut(String word, char doubled) {
        boolean longest = !word.isEmpty() && word.charAt(0) == doubled;
        String regex = regex(longest ? word.substring(1) : word);
        return longest ? regex : regex.replace(".*", ".*?");
    }

    private static String withoutEnd(String value, String word) {
        boolean longest = word.startsWith("%");
        String regex = regex(longest ? word.substring(1) : word);
        for (int i = 0; i <= value.length(); i++) {
            int from = longest ? i : value.length() - i;
            if (value.substring(from).matches(regex)) {
                return value.substring(0, from);
            }
        }
        return value;
    }

    /// The regular expression of a pattern with `*`, `?` and `[…]`.
    static String regex(String pattern) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            int close = c == '[' ? pattern.indexOf(']', i + 1) : -1;
            if (close > 0) {
                regex.append('[').append(pattern.substring(i + 1, close).replaceFirst("^!", "^"));
                regex.append(']');
                i = close;
            } else {
                regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
            }
        }
        return regex.toString();
    }
}
