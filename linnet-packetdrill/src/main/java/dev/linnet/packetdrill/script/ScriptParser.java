package dev.linnet.packetdrill.script;

import dev.linnet.packetdrill.grammar.PacketdrillLexer;
import dev.linnet.packetdrill.grammar.PacketdrillParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.ListTokenSource;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.Token;
import org.jspecify.annotations.Nullable;

/// Reads the text of a script.
///
/// Reading takes two steps, because the definitions (`-D NAME=VALUE`, `--define=NAME=VALUE`) that
/// replace words in the events may stand in the script's own options: first [#options], then
/// [#parse].
public final class ScriptParser {
    private final String file;

    /// A parser whose messages name `file`.
    public ScriptParser(String file) {
        this.file = file;
    }

    /// The option lines at the top of the script, nothing else.
    ///
    /// @throws ScriptException if a character begins nothing
    public List<Script.Option> options(String text) {
        List<Script.Option> options = new ArrayList<>();
        for (Token token : lex(text)) {
            if (token.getType() != PacketdrillLexer.OPTION) {
                break;
            }
            options.add(option(token));
        }
        return options;
    }

    /// The whole script.
    ///
    /// @param defines words to replace, each by text that is read as if it stood there
    /// @throws ScriptException at the first thing that is wrong
    public Script parse(String text, Map<String, String> defines) {
        PacketdrillParser parser =
                new PacketdrillParser(
                        new CommonTokenStream(new ListTokenSource(substitute(lex(text), defines))));
        parser.removeErrorListeners();
        parser.addErrorListener(new Errors());
        PacketdrillParser.ScriptContext tree = parser.script();
        EventReader reader = new EventReader(file);
        return new Script(
                file,
                tree.option().stream().map(o -> option(o.OPTION().getSymbol())).toList(),
                Optional.ofNullable(tree.init).map(reader::command),
                tree.event().stream().map(reader::event).toList(),
                Optional.ofNullable(tree.cleanup).map(reader::command));
    }

    private List<? extends Token> lex(String text) {
        PacketdrillLexer lexer = new PacketdrillLexer(CharStreams.fromString(text));
        lexer.removeErrorListeners();
        lexer.addErrorListener(new Errors());
        return lexer.getAllTokens();
    }

    private List<Token> substitute(List<? extends Token> tokens, Map<String, String> defines) {
        List<Token> result = new ArrayList<>(tokens.size() + 1);
        for (Token token : tokens) {
            String value =
                    token.getType() == PacketdrillLexer.WORD ? defines.get(token.getText()) : null;
            if (value == null) {
                result.add(token);
            } else {
                lex(value).forEach(replacement -> result.add(inPlaceOf(token, replacement)));
            }
        }
        result.add(end(tokens));
        return result;
    }

    /// `replacement` as if it stood where `token` stands: its own text, the other's place.
    private static Token inPlaceOf(Token token, Token replacement) {
        CommonToken moved = new CommonToken(token);
        moved.setType(replacement.getType());
        moved.setText(replacement.getText());
        return moved;
    }

    private static Token end(List<? extends Token> tokens) {
        CommonToken end = new CommonToken(Token.EOF, "<EOF>");
        if (tokens.isEmpty()) {
            end.setLine(1);
        } else {
            Token last = tokens.getLast();
            end.setLine(last.getLine());
            end.setCharPositionInLine(last.getCharPositionInLine() + last.getText().length());
        }
        return end;
    }

    private static Script.Option option(Token token) {
        String body = token.getText().substring(2);
        int equals = body.indexOf('=');
        Source at = new Source(token.getLine(), token.getCharPositionInLine() + 1, token.getText());
        return equals < 0
                ? new Script.Option(at, body, Optional.empty())
                : new Script.Option(
                        at,
                        body.substring(0, equals),
                        Optional.of(unquoted(body.substring(equals + 1))));
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    private final class Errors extends BaseErrorListener {
        @Override
        public void syntaxError(
                Recognizer<?, ?> recognizer,
                @Nullable Object offendingSymbol,
                int line,
                int column,
                String message,
                @Nullable RecognitionException e) {
            throw new ScriptException(file, line, column + 1, message);
        }
    }
}
