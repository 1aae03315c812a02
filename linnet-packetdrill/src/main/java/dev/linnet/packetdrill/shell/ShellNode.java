package dev.linnet.packetdrill.shell;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a shell can run.
sealed interface ShellNode {
    /// `NAME=value… word… redirection…`.
    record Simple(Map<String, Word> assignments, List<Word> words, List<Redirection> redirections)
            implements ShellNode {}

    /// `a | b`, with `!` before it if the status is turned round.
    record Pipeline(boolean negated, List<ShellNode> stages) implements ShellNode {}

    /// `a && b || c`.
    record AndOr(ShellNode first, List<Next> rest) implements ShellNode {}

    /// What follows `&&` or `||`.
    record Next(boolean and, ShellNode node) {}

    /// `command &`.
    record Background(ShellNode body) implements ShellNode {}

    /// One after the other.
    record Sequence(List<ShellNode> nodes) implements ShellNode {}

    /// `if … then … elif … else … fi`.
    record If(List<Branch> branches, Sequence otherwise) implements ShellNode {}

    /// A condition and what is done where it holds.
    record Branch(Sequence test, Sequence body) {}

    /// `while …` or `until …`.
    record Loop(boolean until, Sequence test, Sequence body) implements ShellNode {}

    /// `for NAME in word…`; without words over the arguments.
    record For(String name, Optional<List<Word>> words, Sequence body) implements ShellNode {}

    /// `case word in pattern) … ;; esac`.
    record Case(Word subject, List<Arm> arms) implements ShellNode {}

    /// One of the alternatives of a `case`.
    record Arm(List<Word> patterns, Sequence body) {}

    /// `( … )`: what it sets is forgotten afterwards.
    record Subshell(Sequence body) implements ShellNode {}

    /// A command that is not simple, with redirections.
    record Redirected(ShellNode body, List<Redirection> redirections) implements ShellNode {}

    /// `name() { … }`.
    record Function(String name, ShellNode body) implements ShellNode {}

    /// A word, of pieces that stand side by side.
    record Word(List<Part> parts) {
        /// The text of a word without anything to expand or quotes; empty for all others.
        Optional<String> plain() {
            return parts.size() == 1 && parts.getFirst() instanceof Part.Literal l && !l.quoted
                    ? Optional.of(l.text)
                    : Optional.empty();
        }
    }

    /// Pieces of a word. Quoted ones are not split at blanks after expansion.
    sealed interface Part {
        boolean quoted();

        /// Text.
        record Literal(String text, boolean quoted) implements Part {}

        /// `$name` or `${name…}`.
        record Variable(String name, boolean quoted) implements Part {}

        /// `$(command)`.
        record Substitution(String command, boolean quoted) implements Part {}

        /// `$((expression))`.
        record Arithmetic(String expression, boolean quoted) implements Part {}
    }

    /// `fd` is 0, 1, 2, or -1 for both outputs; `dup` copies another descriptor (`2>&1`), 0 for
    /// none; `here`: the target is not a file but the text itself.
    record Redirection(int fd, boolean in, boolean append, int dup, boolean here, Word target) {}
}
