package dev.linnet.packetdrill.syscall;

import dev.linnet.packetdrill.packet.IpAddress;
import dev.linnet.packetdrill.script.Event;
import dev.linnet.packetdrill.script.Expression;
import dev.linnet.packetdrill.script.ScriptException;
import dev.linnet.packetdrill.state.EventFailure;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/// The numbers that expressions stand for.
public final class Evaluator {
    private Evaluator() {}

    /// The value of a number, a symbol, an OR of these, `htons(…)` or `inet_addr(…)`.
    ///
    /// @throws EventFailure for anything else
    public static long number(Expression expression) {
        return switch (expression) {
            case Expression.IntLiteral literal -> literal.value();
            case Expression.SymbolRef symbol -> symbol(symbol);
            case Expression.Or or -> number(or.left()) | number(or.right());
            case Expression.Call call -> function(call);
            default ->
                    throw new EventFailure(
                            "Bad type; actual: " + kind(expression) + " expected: integer");
        };
    }

    /// The value of a number that fits 32 bits, signed or not.
    ///
    /// @throws EventFailure if it does not fit, or is no number
    public static int int32(Expression expression) {
        return (int) inRange(number(expression), Integer.MIN_VALUE, 0xffff_ffffL, "32-bit");
    }

    /// The value of a number that fits 8 bits, signed or not.
    ///
    /// @throws EventFailure if it does not fit, or is no number
    public static int int8(Expression expression) {
        return (int) inRange(number(expression), Byte.MIN_VALUE, 0xff, "8-bit");
    }

    private static long inRange(long value, long min, long max, String width) {
        if (value < min || value > max) {
            throw new EventFailure("Value out of range for " + width + " integer: " + value);
        }
        return value;
    }

    private static long symbol(Expression.SymbolRef symbol) {
        return Symbols.value(symbol.name())
                .orElseThrow(() -> new EventFailure("unknown symbol: '" + symbol.name() + "'"));
    }

    private static long function(Expression.Call call) {
        if (call.args().size() == 1) {
            Expression arg = call.args().getFirst();
            if (call.name().equals("htons")) {
                return Short.toUnsignedInt(Short.reverseBytes((short) number(arg)));
            }
            if (call.name().equals("inet_addr") && arg instanceof Expression.StringLiteral text) {
                return Integer.toUnsignedLong(Integer.reverseBytes(address(text).bits()));
            }
        }
        throw new EventFailure("unknown function: '" + call.name() + "'");
    }

    /// The address that a string writes.
    static IpAddress address(Expression.StringLiteral text) {
        String written = new String(text.bytes(), StandardCharsets.UTF_8);
        try {
            return IpAddress.parse(written);
        } catch (IllegalArgumentException _) {
            throw new EventFailure("invalid IP address: " + written);
        }
    }

    /// What kind of expression it is, for messages.
    public static String kind(Expression expression) {
        return switch (expression) {
            case Expression.Ellipsis _ -> "ellipsis";
            case Expression.IntLiteral _, Expression.Or _ -> "integer";
            case Expression.SymbolRef _ -> "symbol";
            case Expression.StringLiteral _ -> "string";
            case Expression.ListExpr _ -> "list";
            case Expression.Struct _ -> "struct";
            case Expression.Call call -> call.name() + "()";
            case Expression.GreStruct _ -> "gre";
            case Expression.MplsStruct _ -> "mpls_stack";
        };
    }

    /// Checks before the run that all names of an event exist.
    ///
    /// @throws ScriptException at the first that does not
    public static void checkNames(String file, Event event) {
        if (event instanceof Event.SyscallEvent call) {
            if (!SyscallTable.knows(call.call().name())) {
                throw new ScriptException(
                        file,
                        call.call().at(),
                        "Unknown system call: '" + call.call().name() + "'");
            }
            call.call().args().forEach(arg -> checkNames(file, arg));
            checkNames(file, call.result());
            Event.Symbol errno = call.errno();
            if (errno != null) {
                check(file, new Expression.SymbolRef(errno.at(), errno.name()));
            }
        }
    }

    private static void checkNames(String file, Expression expression) {
        switch (expression) {
            case Expression.SymbolRef symbol -> check(file, symbol);
            case Expression.Or or -> {
                checkNames(file, or.left());
                checkNames(file, or.right());
            }
            case Expression.ListExpr list -> list.items().forEach(item -> checkNames(file, item));
            case Expression.Struct struct ->
                    struct.fields().forEach(field -> checkNames(file, field.value()));
            case Expression.Call call -> call.args().forEach(arg -> checkNames(file, arg));
            default -> {}
        }
    }

    private static void check(String file, Expression.SymbolRef symbol) {
        OptionalLong value = Symbols.value(symbol.name());
        if (value.isEmpty()) {
            throw new ScriptException(file, symbol.at(), "unknown symbol: '" + symbol.name() + "'");
        }
    }
}
