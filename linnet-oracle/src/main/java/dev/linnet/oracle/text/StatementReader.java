package dev.linnet.oracle.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads one line.
final class StatementReader extends ValueReader {
    /// Who makes the calls that name nobody.
    private static final String MAIN = "main";

    private static final Set<String> WORDS =
            Set.of(
                    "start", "finish", "blocked", "signal", "fork", "thread", "exit", "sleep",
                    "user", "let");

    private static final Pattern SYSCTL = Pattern.compile("sysctl (\\S+) = (.*?)\\s*(//.*)?");

    private final int line;
    private final String text;

    private StatementReader(String text, int line) {
        super(Lexer.words(text));
        this.text = text;
        this.line = line;
    }

    static Statement read(String line, int number) {
        String text = line.strip();
        Matcher sysctl = SYSCTL.matcher(text);
        if (sysctl.matches()) {
            return new Statement.Sysctl(number, text, sysctl.group(1), sysctl.group(2));
        }
        StatementReader reader = new StatementReader(text, number);
        Statement statement = reader.statement();
        if (reader.peek().kind() != Token.Kind.END) {
            throw reader.wrong("nothing more");
        }
        return statement;
    }

    private Statement statement() {
        String word = peek().text();
        if (peek().kind() == Token.Kind.NAME && WORDS.contains(word) && !peek(1).is("=")) {
            take();
            return keyword(word);
        }
        return call(false);
    }

    private Statement keyword(String word) {
        return switch (word) {
            case "start" -> call(true);
            case "finish" -> finish(null);
            case "blocked" -> new Statement.Blocked(line, text, worker());
            case "signal" -> new Statement.Signal(line, text, worker());
            case "exit" -> new Statement.Exit(line, text, worker());
            case "fork", "thread" -> {
                String name = worker();
                yield new Statement.Spawn(line, text, name, of(), word.equals("fork"));
            }
            case "sleep" -> new Statement.Sleep(line, text, number("milliseconds"));
            case "user" -> {
                int uid = number("the number of a user");
                yield new Statement.User(line, text, of(), uid);
            }
            default -> let();
        };
    }

    private String worker() {
        return name("the name of a worker");
    }

    /// `of p`, or nothing.
    private String of() {
        if (peek().kind() != Token.Kind.NAME) {
            return MAIN;
        }
        if (!take().text().equals("of")) {
            throw wrong("'of'");
        }
        return worker();
    }

    private int number(String what) {
        if (expr() instanceof Expr.Literal literal) {
            return (int) literal.value();
        }
        throw wrong(what);
    }

    private Statement let() {
        String variable = name("a variable");
        need("=");
        return new Statement.Let(line, text, variable, value());
    }

    private Statement finish(@Nullable String variable) {
        return new Statement.Finish(line, text, worker(), variable, expect());
    }

    /// `[worker:] [variable =] name(args) [= result]`.
    private Statement call(boolean start) {
        String worker = MAIN;
        if (peek().kind() == Token.Kind.NAME && peek(1).is(":")) {
            worker = take().text();
            take();
        }
        String variable = null;
        if (peek(1).is("=")) {
            variable = name("a variable");
            take();
        }
        String name = name("the name of a call");
        if (name.equals("finish") && !start) {
            return finish(variable);
        }
        List<Value> args = args();
        return new Statement.Call(line, text, worker, start, variable, name, args, expect());
    }

    private List<Value> args() {
        need("(");
        List<Value> args = new ArrayList<>();
        while (!skip(")")) {
            args.add(argument());
            if (!peek().is(")")) {
                need(",");
            }
        }
        return List.copyOf(args);
    }

    private Expect expect() {
        for (Expect.Op op : Expect.Op.values()) {
            if (skip(op.sign())) {
                return new Expect(op, expr());
            }
        }
        return Expect.SUCCESS;
    }
}
