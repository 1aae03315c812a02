package dev.linnet.packetdrill.shell;

import dev.linnet.packetdrill.shell.Shell.Command;
import dev.linnet.packetdrill.shell.Shell.ShellIo;
import dev.linnet.packetdrill.shell.ShellNode.Word;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Runs what the parser read.
final class ShellExecutor {
    private static final int BAD_SYNTAX = 2;
    private static final int NOT_FOUND = 127;
    private static final int MAX_DEPTH = 32;
    private static final int MAX_ROUNDS = 100_000;

    private final Shell shell;
    private final ShellVariables variables;
    private final ShellWords words;
    private final Map<String, Command> commands;
    private int depth;

    /// Above 0 where a failing command is a condition and not the end of a script with `set -e`.
    private int conditions;

    ShellExecutor(Shell shell, ShellVariables variables, Map<String, Command> commands) {
        this.shell = shell;
        this.variables = variables;
        this.words = new ShellWords(shell, variables);
        this.commands = new HashMap<>(commands);
        this.commands.putAll(ShellBuiltins.all(variables));
    }

    /// Runs a script, with its own arguments if it has any.
    int script(String text, List<String> args, ShellIo io) {
        if (depth == MAX_DEPTH) {
            io.err.append("scripts call one another too deeply\n");
            return 1;
        }
        List<String> outer = variables.args();
        depth++;
        try {
            variables.args(args.isEmpty() ? outer : args);
            return run(ShellParser.parse(text), io);
        } catch (ShellException e) {
            io.err.append(e.getMessage()).append('\n');
            variables.lastStatus(BAD_SYNTAX);
            return BAD_SYNTAX;
        } catch (ShellJump jump) {
            boolean loop =
                    jump.kind() == ShellJump.Kind.BREAK || jump.kind() == ShellJump.Kind.CONTINUE;
            return status(loop ? 0 : jump.number());
        } finally {
            variables.args(outer);
            depth--;
        }
    }

    /// Runs a part of a script as a subshell would, in a shell of its own.
    int alone(ShellNode node, ShellIo io) {
        try {
            return run(node, io);
        } catch (ShellException e) {
            io.err.append(e.getMessage()).append('\n');
            return BAD_SYNTAX;
        } catch (ShellJump jump) {
            return jump.kind() == ShellJump.Kind.EXIT ? jump.number() : 0;
        }
    }

    private int status(int status) {
        variables.lastStatus(status);
        return status;
    }

    private int run(ShellNode node, ShellIo io) {
        return status(
                switch (node) {
                    case ShellNode.Sequence s -> sequence(s, io);
                    case ShellNode.Background b -> shell.background(b.body());
                    case ShellNode.AndOr a -> andOr(a, io);
                    case ShellNode.Pipeline p -> pipeline(p, io);
                    case ShellNode.Simple s -> simple(s, io);
                    case ShellNode.If i -> branches(i, io);
                    case ShellNode.Loop l -> loop(l, io);
                    case ShellNode.For f -> forLoop(f, io);
                    case ShellNode.Case c -> alternatives(c, io);
                    case ShellNode.Subshell s -> subshell(s, io);
                    case ShellNode.Redirected r -> redirected(r, io);
                    case ShellNode.Function f -> {
                        variables.functions().put(f.name(), f.body());
                        yield 0;
                    }
                });
    }

    private int sequence(ShellNode.Sequence sequence, ShellIo io) {
        int status = 0;
        for (ShellNode node : sequence.nodes()) {
            status = run(node, io);
            boolean plain = node instanceof ShellNode.Simple || node instanceof ShellNode.Subshell;
            if (status != 0 && plain && conditions == 0 && variables.exitsOnError()) {
                throw new ShellJump(ShellJump.Kind.EXIT, status);
            }
        }
        return status;
    }

    private boolean holds(ShellNode test, ShellIo io) {
        conditions++;
        try {
            return run(test, io) == 0;
        } finally {
            conditions--;
        }
    }

    private int andOr(ShellNode.AndOr andOr, ShellIo io) {
        int status = run(andOr.first(), io);
        for (ShellNode.Next next : andOr.rest()) {
            if (next.and() == (status == 0)) {
                status = run(next.node(), io);
            }
        }
        return status;
    }

    private int pipeline(ShellNode.Pipeline pipeline, ShellIo io) {
        ShellIo stage = io;
        int status = 0;
        for (int i = 0; i < pipeline.stages().size(); i++) {
            stage = new ShellIo(i == 0 ? io.in() : stage.out.toString());
            status = run(pipeline.stages().get(i), stage);
            io.err.append(stage.err);
        }
        io.out.append(stage.out);
        return pipeline.negated() ? (status == 0 ? 1 : 0) : status;
    }

    private int branches(ShellNode.If node, ShellIo io) {
        for (ShellNode.Branch branch : node.branches()) {
            if (holds(branch.test(), io)) {
                return run(branch.body(), io);
            }
        }
        return run(node.otherwise(), io);
    }

    private int loop(ShellNode.Loop loop, ShellIo io) {
        int status = 0;
        for (int round = 0; holds(loop.test(), io) != loop.until(); round++) {
            if (round == MAX_ROUNDS) {
                throw new ShellException("a loop does not end");
            }
            try {
                status = run(loop.body(), io);
            } catch (ShellJump jump) {
                if (leavesLoop(jump)) {
                    break;
                }
            }
        }
        return status;
    }

    private int forLoop(ShellNode.For loop, ShellIo io) {
        List<String> values = variables.args();
        if (loop.words().isPresent()) {
            values = expand(loop.words().orElseThrow());
        }
        int status = 0;
        for (String value : values) {
            variables.set(loop.name(), value);
            try {
                status = run(loop.body(), io);
            } catch (ShellJump jump) {
                if (leavesLoop(jump)) {
                    break;
                }
            }
        }
        return status;
    }

    /// True for `break`, false for `continue`; what is meant for something further out goes on.
    private static boolean leavesLoop(ShellJump jump) {
        boolean isBreak = jump.kind() == ShellJump.Kind.BREAK;
        if (!isBreak && jump.kind() != ShellJump.Kind.CONTINUE) {
            throw jump;
        }
        if (jump.number() > 1) {
            throw new ShellJump(jump.kind(), jump.number() - 1);
        }
        return isBreak;
    }

    private int alternatives(ShellNode.Case node, ShellIo io) {
        String subject = words.one(node.subject());
        for (ShellNode.Arm arm : node.arms()) {
            for (Word pattern : arm.patterns()) {
                if (subject.matches(ShellWords.regex(words.one(pattern)))) {
                    return run(arm.body(), io);
                }
            }
        }
        return 0;
    }

    private int subshell(ShellNode.Subshell subshell, ShellIo io) {
        ShellVariables.State outer = variables.save();
        try {
            return run(subshell.body(), io);
        } catch (ShellJump jump) {
            return jump.kind() == ShellJump.Kind.EXIT ? jump.number() : 0;
        } finally {
            variables.restore(outer);
        }
    }

    private int redirected(ShellNode.Redirected node, ShellIo outer) {
        Redirections redirections = new Redirections(shell.files(), node.redirections(), words);
        ShellIo io = new ShellIo(redirections.input().orElse(outer.in()));
        try {
            int status = run(node.body(), io);
            return redirections.finish(io, outer) ? status : 1;
        } catch (ShellJump jump) {
            redirections.finish(io, outer);
            throw jump;
        }
    }

    private int simple(ShellNode.Simple simple, ShellIo outer) {
        List<String> args = expand(simple.words());
        if (args.isEmpty()) {
            simple.assignments().forEach((name, word) -> variables.set(name, words.one(word)));
            Redirections none = new Redirections(shell.files(), simple.redirections(), words);
            return none.finish(new ShellIo(""), outer) ? 0 : 1;
        }
        Redirections redirections = new Redirections(shell.files(), simple.redirections(), words);
        Optional<String> input = redirections.input();
        if (input.isEmpty() && simple.redirections().isEmpty()) {
            return with(simple.assignments(), args, outer);
        }
        ShellIo io = new ShellIo(input.orElse(outer.in()));
        try {
            int status = with(simple.assignments(), args, io);
            return redirections.finish(io, outer) ? status : 1;
        } catch (ShellJump jump) {
            redirections.finish(io, outer);
            throw jump;
        }
    }

    /// Runs a command with variables that only it sees.
    private int with(Map<String, Word> assignments, List<String> args, ShellIo io) {
        if (assignments.isEmpty()) {
            return dispatch(args, io);
        }
        ShellVariables.State outer = variables.save();
        try {
            assignments.forEach((name, word) -> variables.set(name, words.one(word)));
            return dispatch(args, io);
        } finally {
            variables.restore(outer);
        }
    }

    private List<String> expand(List<Word> list) {
        List<String> fields = new ArrayList<>();
        list.forEach(word -> fields.addAll(words.expand(word)));
        return fields;
    }

    boolean knows(String name) {
        return commands.containsKey(name) || variables.functions().containsKey(name);
    }

    /// Runs a function, a command, or a script file.
    int dispatch(List<String> line, ShellIo io) {
        String name = line.getFirst();
        List<String> args = line.subList(1, line.size());
        ShellNode function = variables.functions().get(name);
        if (function != null) {
            return call(function, args, io);
        }
        Command command = commands.get(name.substring(name.lastIndexOf('/') + 1));
        if (command != null) {
            return run(name, command, args, io);
        }
        Optional<String> text = name.contains("/") ? shell.files().read(name) : Optional.empty();
        if (text.isPresent()) {
            return script(text.orElseThrow(), args, io);
        }
        io.err.append(name).append(": command not found\n");
        return NOT_FOUND;
    }

    private int run(String name, Command command, List<String> args, ShellIo io) {
        try {
            return command.run(shell, args, io);
        } catch (IllegalArgumentException e) {
            io.err.append(name).append(": bad argument: ").append(e.getMessage()).append('\n');
            return 1;
        }
    }

    private int call(ShellNode function, List<String> args, ShellIo io) {
        if (depth == MAX_DEPTH) {
            throw new ShellException("functions call one another too deeply");
        }
        List<String> outer = variables.args();
        depth++;
        try {
            variables.args(args);
            return run(function, io);
        } catch (ShellJump jump) {
            if (jump.kind() != ShellJump.Kind.RETURN) {
                throw jump;
            }
            return jump.number();
        } finally {
            variables.args(outer);
            depth--;
        }
    }
}
