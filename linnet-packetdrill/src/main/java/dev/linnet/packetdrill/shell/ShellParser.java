package dev.linnet.packetdrill.shell;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads command lines: lists of and-or lists of pipelines of simple commands.
final class ShellParser {
    /// Pieces of a word. Quoted ones are not split at blanks after expansion.
    sealed interface Part {
        boolean quoted();

        record Literal(String text, boolean quoted) implements Part {}

        record Variable(String name, boolean quoted) implements Part {}

        record Substitution(String command, boolean quoted) implements Part {}

        record Arithmetic(String expression, boolean quoted) implements Part {}
    }

    record Word(List<Part> parts) {}

    /// `fd` is 0, 1, 2, or -1 for both outputs; `dup` copies another descriptor (`2>&1`).
    record Redirection(int fd, boolean in, boolean append, int dup, Word target) {}

    record Simple(
            Map<String, Word> assignments, List<Word> words, List<Redirection> redirections) {}

    record Next(boolean and, List<Simple> pipeline) {}

    record AndOr(List<Simple> first, List<Next> rest) {}

    private final ShellLexer lexer;

    private ShellParser(String text) {
        this.lexer = new ShellLexer(text);
    }

    static List<AndOr> parse(String text) {
        return new ShellParser(text).list();
    }

    private List<AndOr> list() {
        List<AndOr> lines = new ArrayList<>();
        while (true) {
            while (lexer.take(";") || lexer.take("\n")) {
                continue;
            }
            if (lexer.atEnd()) {
                return lines;
            }
            lines.add(andOr());
            if (lexer.peek("&")) {
                throw new ShellException("commands in the background ('&') are not supported");
            }
        }
    }

    private AndOr andOr() {
        List<Simple> first = pipeline();
        List<Next> rest = new ArrayList<>();
        while (lexer.peek("&&") || lexer.peek("||")) {
            boolean and = lexer.take("&&");
            if (!and) {
                lexer.take("||");
            }
            while (lexer.take("\n")) {
                continue;
            }
            rest.add(new Next(and, pipeline()));
        }
        return new AndOr(first, rest);
    }

    private List<Simple> pipeline() {
        List<Simple> commands = new ArrayList<>();
        commands.add(simple());
        while (lexer.take("|")) {
            commands.add(simple());
        }
        return commands;
    }

    private Simple simple() {
        Map<String, Word> assignments = new LinkedHashMap<>();
        List<Word> words = new ArrayList<>();
        List<Redirection> redirections = new ArrayList<>();
        while (true) {
            Redirection redirection = lexer.redirection();
            if (redirection != null) {
                redirections.add(redirection);
                continue;
            }
            Word word = lexer.word();
            if (word == null) {
                break;
            }
            if (!words.isEmpty() || !assignment(word, assignments)) {
                words.add(word);
            }
        }
        if (words.isEmpty() && assignments.isEmpty()) {
            throw new ShellException("a command is missing before '" + lexer.rest() + "'");
        }
        return new Simple(assignments, words, redirections);
    }

    private static boolean assignment(Word word, Map<String, Word> assignments) {
        if (!(word.parts().getFirst() instanceof Part.Literal first) || first.quoted()) {
            return false;
        }
        int eq = first.text().indexOf('=');
        if (eq <= 0 || !first.text().substring(0, eq).matches("[A-Za-z_]\\w*")) {
            return false;
        }
        List<Part> value = new ArrayList<>(word.parts());
        value.set(0, new Part.Literal(first.text().substring(eq + 1), true));
        assignments.put(first.text().substring(0, eq), new Word(value));
        return true;
    }
}
