package dev.linnet.packetdrill.shell;

import dev.linnet.packetdrill.shell.ShellNode.AndOr;
import dev.linnet.packetdrill.shell.ShellNode.Arm;
import dev.linnet.packetdrill.shell.ShellNode.Branch;
import dev.linnet.packetdrill.shell.ShellNode.Next;
import dev.linnet.packetdrill.shell.ShellNode.Part;
import dev.linnet.packetdrill.shell.ShellNode.Redirection;
import dev.linnet.packetdrill.shell.ShellNode.Sequence;
import dev.linnet.packetdrill.shell.ShellNode.Word;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads command lines and scripts.
final class ShellParser {
    /// Words that end a list where a command could stand.
    private static final Set<String> ENDS =
            Set.of("then", "elif", "else", "fi", "do", "done", "esac", "}");

    private final ShellLexer lexer;

    private ShellParser(String text) {
        this.lexer = new ShellLexer(text);
    }

    /// @throws ShellException if the text is not understood
    static Sequence parse(String text) {
        ShellParser parser = new ShellParser(text);
        Sequence all = parser.list();
        if (!parser.lexer.atEnd()) {
            throw new ShellException("unexpected: " + parser.lexer.rest());
        }
        return all;
    }

    private Sequence list() {
        List<ShellNode> nodes = new ArrayList<>();
        while (true) {
            skipSeparators();
            if (endsHere()) {
                return new Sequence(nodes);
            }
            ShellNode node = andOr();
            nodes.add(lexer.take("&") ? new ShellNode.Background(node) : node);
        }
    }

    private void skipSeparators() {
        while (!lexer.peek(";;") && (lexer.take(";") || lexer.take("\n"))) {
            continue;
        }
    }

    private void skipLines() {
        while (lexer.take("\n")) {
            continue;
        }
    }

    private boolean endsHere() {
        return lexer.atEnd()
                || lexer.peek(")")
                || lexer.peek(";;")
                || ENDS.contains(lexer.peekPlain());
    }

    private ShellNode andOr() {
        ShellNode first = pipeline();
        List<Next> rest = new ArrayList<>();
        while (lexer.peek("&&") || lexer.peek("||")) {
            boolean and = lexer.take("&&");
            if (!and) {
                lexer.take("||");
            }
            skipLines();
            rest.add(new Next(and, pipeline()));
        }
        return rest.isEmpty() ? first : new AndOr(first, rest);
    }

    private ShellNode pipeline() {
        boolean negated = lexer.takePlain("!");
        List<ShellNode> stages = new ArrayList<>(List.of(command()));
        while (lexer.take("|")) {
            skipLines();
            stages.add(command());
        }
        return stages.size() == 1 && !negated
                ? stages.getFirst()
                : new ShellNode.Pipeline(negated, stages);
    }

    private ShellNode command() {
        ShellNode body = lexer.peek("(") ? subshell() : compound(lexer.peekPlain());
        if (body == null) {
            return simple();
        }
        List<Redirection> redirections = new ArrayList<>();
        Redirection redirection = lexer.redirection();
        while (redirection != null) {
            redirections.add(redirection);
            redirection = lexer.redirection();
        }
        return redirections.isEmpty() ? body : new ShellNode.Redirected(body, redirections);
    }

    private ShellNode subshell() {
        lexer.take("(");
        Sequence body = list();
        need(")");
        return new ShellNode.Subshell(body);
    }

    private @Nullable ShellNode compound(String word) {
        return switch (word) {
            case "if" -> branches();
            case "while", "until" -> loop(word.equals("until"));
            case "for" -> forLoop();
            case "case" -> alternatives();
            case "{" -> group();
            default -> null;
        };
    }

    private Sequence group() {
        lexer.takePlain("{");
        Sequence body = list();
        needPlain("}");
        return body;
    }

    private ShellNode branches() {
        List<Branch> branches = new ArrayList<>();
        while (lexer.takePlain("if") || lexer.takePlain("elif")) {
            Sequence test = list();
            needPlain("then");
            branches.add(new Branch(test, list()));
        }
        Sequence otherwise = lexer.takePlain("else") ? list() : new Sequence(List.of());
        needPlain("fi");
        return new ShellNode.If(branches, otherwise);
    }

    private ShellNode loop(boolean until) {
        lexer.word();
        Sequence test = list();
        return new ShellNode.Loop(until, test, body());
    }

    private Sequence body() {
        needPlain("do");
        Sequence body = list();
        needPlain("done");
        return body;
    }

    private ShellNode forLoop() {
        lexer.takePlain("for");
        String name = name();
        Optional<List<Word>> words = Optional.empty();
        skipLines();
        if (lexer.takePlain("in")) {
            words = Optional.of(words());
        }
        skipSeparators();
        return new ShellNode.For(name, words, body());
    }

    private String name() {
        Word word = lexer.word();
        String name = word == null ? "" : word.plain().orElse("");
        if (!name.matches("[A-Za-z_]\\w*")) {
            throw new ShellException("a name is missing before: " + lexer.rest());
        }
        return name;
    }

    private List<Word> words() {
        List<Word> words = new ArrayList<>();
        Word word = lexer.word();
        while (word != null) {
            words.add(word);
            word = lexer.word();
        }
        return words;
    }

    private ShellNode alternatives() {
        lexer.takePlain("case");
        Word subject = needWord();
        skipLines();
        needPlain("in");
        List<Arm> arms = new ArrayList<>();
        skipLines();
        while (!lexer.takePlain("esac")) {
            lexer.take("(");
            List<Word> patterns = new ArrayList<>(List.of(needWord()));
            while (lexer.take("|")) {
                patterns.add(needWord());
            }
            need(")");
            arms.add(new Arm(patterns, list()));
            lexer.take(";;");
            skipLines();
        }
        return new ShellNode.Case(subject, arms);
    }

    private Word needWord() {
        Word word = lexer.word();
        if (word == null) {
            throw new ShellException("a word is missing before: " + lexer.rest());
        }
        return word;
    }

    private void need(String operator) {
        if (!lexer.take(operator)) {
            throw new ShellException("'" + operator + "' is missing before: " + lexer.rest());
        }
    }

    private void needPlain(String word) {
        if (!lexer.takePlain(word)) {
            throw new ShellException("'" + word + "' is missing before: " + lexer.rest());
        }
    }

    private ShellNode simple() {
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
            if (words.isEmpty() && word.plain().isPresent() && lexer.takeCall()) {
                skipLines();
                return new ShellNode.Function(word.plain().orElseThrow(), command());
            }
            if (!words.isEmpty() || !assignment(word, assignments)) {
                words.add(word);
            }
        }
        if (words.isEmpty() && assignments.isEmpty() && redirections.isEmpty()) {
            throw new ShellException("a command is missing before: " + lexer.rest());
        }
        return new ShellNode.Simple(assignments, words, redirections);
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
