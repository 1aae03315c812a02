package dev.linnet.trace;

import dev.linnet.kernel.trace.KernelTrace;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.SockCommon;
import dev.linnet.net.core.sock.Socket;
import dev.linnet.syscall.TaskStruct;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Records which function called which, on which host and when: what ftrace calls a function graph.
/// Each thread has a graph of its own; the calls of all are kept in the order in which they began.
public final class FunctionGraph implements KernelTrace.Listener {
    /// One call of a function. Complete once it has ended.
    public static final class Call {
        /// Its kernel name, the name of the host it worked for (empty if that cannot be told), when it
        /// began, and how deep it was nested.
        public final String function;

        public final String host;
        public final long atNs;
        public final int depth;

        /// What was noted about it when it ended, or null.
        public @Nullable String note;

        /// True if it called another recorded function.
        public boolean hasCallees;

        /// False for a mark that is no function.
        public final boolean isFunction;

        private final boolean recorded;

        private Call(
                String function,
                String host,
                long atNs,
                int depth,
                boolean isFunction,
                boolean recorded) {
            this.function = function;
            this.host = host;
            this.atNs = atNs;
            this.depth = depth;
            this.isFunction = isFunction;
            this.recorded = recorded;
        }
    }

    /// Says something about a call that ends, such as the state that it set; null for nothing.
    @FunctionalInterface
    public interface Annotator {
        @Nullable String note(String function, @Nullable Object subject);
    }

    private final LongSupplier clockNs;
    private final Predicate<String> wanted;
    private final Annotator annotator;
    private final int limit;
    private final List<Call> calls = new ArrayList<>();
    private final ThreadLocal<Deque<Call>> stacks = ThreadLocal.withInitial(ArrayDeque::new);

    /// @param wanted which functions are recorded; what they call inside others still counts
    /// @param limit calls that are kept; later ones are not recorded
    public FunctionGraph(
            LongSupplier clockNs, Predicate<String> wanted, Annotator annotator, int limit) {
        this.clockNs = clockNs;
        this.wanted = wanted;
        this.annotator = annotator;
        this.limit = limit;
    }

    @Override
    public void enter(String function, @Nullable Object subject) {
        Deque<Call> stack = stacks.get();
        Call parent = stack.peek();
        String host = hostOf(subject);
        if (host.isEmpty() && parent != null) {
            host = parent.host;
        }
        boolean record = wanted.test(function);
        int depth = parent == null ? 0 : parent.recorded ? parent.depth + 1 : parent.depth;
        Call call = new Call(function, host, clockNs.getAsLong(), depth, true, record);
        stack.push(call);
        if (record) {
            markCaller(stack);
            add(call);
        }
    }

    private static void markCaller(Deque<Call> stack) {
        boolean first = true;
        for (Call call : stack) {
            if (!first && call.recorded) {
                call.hasCallees = true;
                return;
            }
            first = false;
        }
    }

    private synchronized void add(Call call) {
        if (calls.size() < limit) {
            calls.add(call);
        }
    }

    @Override
    public void exit(String function, @Nullable Object subject) {
        Deque<Call> stack = stacks.get();
        // A function that threw has no exit: what is above this one on the stack has gone with it.
        while (!stack.isEmpty()) {
            Call call = stack.pop();
            if (call.function.equals(function)) {
                call.note = annotator.note(function, subject);
                return;
            }
        }
    }

    /// The calls so far, in the order in which they began.
    public synchronized List<Call> calls() {
        return List.copyOf(calls);
    }

    private static String hostOf(@Nullable Object subject) {
        return switch (subject) {
            case SockCommon sk -> sk.net.name;
            case SkBuff skb -> hostOfPacket(skb);
            case NetNamespace net -> net.name;
            case NetDevice dev -> dev.net.name;
            case TaskStruct task -> task.net.name;
            case Socket sock -> sock.sk == null ? "" : sock.sk.net.name;
            case null, default -> "";
        };
    }

    private static String hostOfPacket(SkBuff skb) {
        if (skb.sk != null) {
            return skb.sk.net.name;
        }
        return skb.dev == null ? "" : skb.dev.net.name;
    }
}
