package dev.linnet.packetdrill.script;

import dev.linnet.packetdrill.grammar.PacketdrillParser.AbsoluteRangeContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.AbsoluteTimeContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.ActionContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.AnyTimeContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.CodeContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.CommandContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.EventContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.EventTimeContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.RelativeRangeContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.RelativeTimeContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.SyscallContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.TimeContext;
import dev.linnet.packetdrill.script.Event.CodeEvent;
import dev.linnet.packetdrill.script.Event.CommandEvent;
import dev.linnet.packetdrill.script.Event.PacketEvent;
import dev.linnet.packetdrill.script.Event.SyscallEvent;
import java.math.BigDecimal;
import java.util.OptionalLong;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.Interval;

/// Makes events from the parse tree. One reader per script.
final class EventReader {
    private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

    private final String file;
    private final PacketReader packets;
    private final ExpressionReader expressions;

    EventReader(String file) {
        this.file = file;
        this.packets = new PacketReader(this);
        this.expressions = new ExpressionReader(this);
    }

    Event event(EventContext tree) {
        Source at = at(tree);
        EventTime time = time(tree.eventTime());
        Event event = action(tree.action(), at, time);
        boolean outbound =
                event instanceof PacketEvent p && p.direction() == Event.Direction.OUTBOUND;
        if (time instanceof EventTime.Any && !outbound) {
            throw error(at, "event time * can only be used with outbound packets");
        }
        if (time.isOpen() && !outbound) {
            throw error(at, "an event time range can only be used with outbound packets");
        }
        if (time.lastUsecs() < time.startUsecs()) {
            throw error(at, "time range is backwards");
        }
        return event;
    }

    Script.Command command(CommandContext tree) {
        return new Script.Command(at(tree), commandLine(tree));
    }

    private Event action(ActionContext action, Source at, EventTime time) {
        if (action.packet() != null) {
            return packets.packet(action.packet(), at, time);
        } else if (action.syscall() != null) {
            return syscall(action.syscall(), at, time);
        } else if (action.command() != null) {
            return new CommandEvent(at, time, commandLine(action.command()));
        }
        return new CodeEvent(at, time, code(action.code()));
    }

    private EventTime time(EventTimeContext tree) {
        return switch (tree) {
            case AnyTimeContext _ -> new EventTime.Any();
            case RelativeRangeContext t ->
                    new EventTime.RelativeRange(usecs(t.start), usecs(t.end));
            case AbsoluteRangeContext t ->
                    new EventTime.AbsoluteRange(usecs(t.start), usecs(t.end));
            case RelativeTimeContext t -> new EventTime.Relative(usecs(t.time()));
            case AbsoluteTimeContext t -> new EventTime.Absolute(usecs(t.time()));
            default -> throw new IllegalStateException(tree.getText());
        };
    }

    private long usecs(TimeContext time) {
        BigDecimal seconds = new BigDecimal(time.getText());
        if (seconds.signum() < 0) {
            throw error(at(time), "negative time");
        }
        return seconds.multiply(MILLION).longValue();
    }

    private SyscallEvent syscall(SyscallContext tree, Source at, EventTime time) {
        OptionalLong end =
                tree.end == null ? OptionalLong.empty() : OptionalLong.of(usecs(tree.end));
        Expression.Call call =
                new Expression.Call(
                        callSource(tree),
                        tree.name.getText(),
                        expressions.expressions(tree.expressions()));
        Expression result = expressions.expression(tree.result);
        Event.Symbol errno =
                tree.errno == null ? null : new Event.Symbol(at(tree.errno), tree.errno.getText());
        return new SyscallEvent(at, time, end, call, result, errno);
    }

    /// The call without its time and its result.
    private Source callSource(SyscallContext tree) {
        String whole = at(tree).text();
        int start = tree.name.getStart().getStartIndex() - tree.getStart().getStartIndex();
        int end = tree.close.getStopIndex() - tree.getStart().getStartIndex() + 1;
        Source name = at(tree.name);
        return new Source(name.line(), name.column(), whole.substring(start, end));
    }

    private static String commandLine(CommandContext tree) {
        String quoted = tree.BACK_QUOTED().getText();
        return quoted.substring(1, quoted.length() - 1);
    }

    /// The code without its brackets; blanks at both ends go too, because Python minds them.
    private static Source code(CodeContext tree) {
        Token token = tree.CODE().getSymbol();
        String body = token.getText().substring(2, token.getText().length() - 2);
        int start = 0;
        while (start < body.length() && isBlank(body.charAt(start))) {
            start++;
        }
        int end = body.length();
        while (end > start && isBlank(body.charAt(end - 1))) {
            end--;
        }
        return new Source(
                token.getLine(),
                token.getCharPositionInLine() + 3 + start,
                body.substring(start, end));
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    /// Where the tree begins, with its text as written.
    Source at(ParserRuleContext tree) {
        Token start = tree.getStart();
        Token stop = tree.getStop();
        String written =
                stop == null || stop.getStopIndex() < start.getStartIndex()
                        ? start.getText()
                        : start.getInputStream()
                                .getText(Interval.of(start.getStartIndex(), stop.getStopIndex()));
        return new Source(start.getLine(), start.getCharPositionInLine() + 1, written);
    }

    /// The number that a token writes, between `min` and `max`.
    long number(Token token, long min, long max, String what) {
        String digits = token.getText();
        try {
            long value =
                    digits.startsWith("0x")
                            ? Long.parseUnsignedLong(digits.substring(2), 16)
                            : Long.parseLong(digits);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException _) {
            // More than 64 bits: out of range like any other number that does not fit.
        }
        throw error(at(token), what + " out of range");
    }

    static Source at(Token token) {
        return new Source(token.getLine(), token.getCharPositionInLine() + 1, token.getText());
    }

    ScriptException error(Source at, String detail) {
        return new ScriptException(file, at, detail);
    }

    PacketReader packets() {
        return packets;
    }
}
