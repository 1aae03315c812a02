package dev.linnet.packetdrill.syscall;

import dev.linnet.packetdrill.script.Expression;
import dev.linnet.packetdrill.state.Descriptors.Descriptor;
import dev.linnet.packetdrill.state.EventFailure;
import dev.linnet.packetdrill.state.RunState;
import dev.linnet.packetdrill.target.UserMemory;
import java.util.List;

/// The arguments of one call, taken by position.
///
/// @param result the script's result, which names the descriptor that the call makes
public record CallArgs(RunState state, List<Expression> args, Expression result) {
    /// @throws EventFailure unless there are exactly so many
    void count(int expected) {
        if (args.size() != expected) {
            throw new EventFailure("Expected " + expected + " args but got " + args.size());
        }
    }

    int size() {
        return args.size();
    }

    Expression get(int i) {
        if (i >= args.size()) {
            throw new EventFailure("Argument list too short");
        }
        return args.get(i);
    }

    int int32(int i) {
        return Evaluator.int32(get(i));
    }

    long int64(int i) {
        return Evaluator.number(get(i));
    }

    /// The descriptor with the number that the argument is.
    Descriptor descriptor(int i) {
        return state.descriptors().byScript(int32(i));
    }

    /// The kernel's number of that descriptor.
    int fd(int i) {
        return descriptor(i).live();
    }

    boolean isEllipsis(int i) {
        return get(i) instanceof Expression.Ellipsis;
    }

    /// @throws EventFailure unless the argument is `...`
    void ellipsis(int i) {
        if (!isEllipsis(i)) {
            throw typeError(get(i), "ellipsis");
        }
    }

    List<Expression> list(int i) {
        return list(get(i));
    }

    static List<Expression> list(Expression expression) {
        if (expression instanceof Expression.ListExpr list) {
            return list.items();
        }
        throw typeError(expression, "list");
    }

    static Expression.Struct struct(Expression expression) {
        if (expression instanceof Expression.Struct struct) {
            return struct;
        }
        throw typeError(expression, "struct");
    }

    /// The only element of `[x]`.
    Expression bracketed(int i) {
        List<Expression> items = list(i);
        if (items.size() != 1) {
            throw new EventFailure("Expected [<element>] but got " + items.size() + " elements");
        }
        return items.getFirst();
    }

    int bracketedInt32(int i) {
        return Evaluator.int32(bracketed(i));
    }

    /// The address of a zeroed buffer of `bytes` for `...`, 0 for NULL.
    long buffer(int i, int bytes) {
        if (isEllipsis(i)) {
            return memory().allocate(Math.max(bytes, 0));
        }
        if (!(get(i) instanceof Expression.StringLiteral) && int64(i) == 0) {
            return 0;
        }
        throw new EventFailure("Expected ... or NULL for buffer");
    }

    UserMemory memory() {
        return state.target().memory();
    }

    /// The script's number for the descriptor that the call makes.
    int newDescriptor() {
        int script = Evaluator.int32(result);
        if (script < 0) {
            throw new EventFailure("invalid fd " + script + " in script");
        }
        return script;
    }

    static EventFailure typeError(Expression expression, String expected) {
        return new EventFailure(
                "Bad type; actual: " + Evaluator.kind(expression) + " expected: " + expected);
    }
}
