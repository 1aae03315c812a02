package dev.linnet.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.linnet.stack.Host;
import dev.linnet.stack.Stack;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What the graph makes of the calls that it hears of.
class FunctionGraphTest {
    private static final Predicate<String> ALL = function -> true;
    private static final int PLENTY = 1000;

    private long now;

    private FunctionGraph graph(Predicate<String> wanted, int limit) {
        return new FunctionGraph(() -> now++, wanted, (function, subject) -> null, limit);
    }

    /// Each call with its depth as indentation.
    private static List<String> tree(FunctionGraph graph) {
        return graph.calls().stream().map(c -> " ".repeat(c.depth) + c.function).toList();
    }

    private static void leaf(FunctionGraph graph, String function) {
        graph.enter(function, null);
        graph.exit(function, null);
    }

    @Test
    void callsStandInTheOrderInWhichTheyBegan() {
        FunctionGraph graph = graph(ALL, PLENTY);
        graph.enter("a", null);
        leaf(graph, "b");
        graph.enter("c", null);
        leaf(graph, "d");
        graph.exit("c", null);
        graph.exit("a", null);
        leaf(graph, "e");
        assertThat(tree(graph)).containsExactly("a", " b", " c", "  d", "e");
        assertThat(graph.calls()).extracting(c -> c.atNs).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(graph.calls())
                .extracting(c -> c.hasCallees)
                .containsExactly(true, false, true, false, false);
        assertThat(graph.calls()).allMatch(c -> c.isFunction);
    }

    @Test
    void whatAnUnwantedFunctionCallsBelongsToItsCaller() {
        FunctionGraph graph = graph(function -> !function.equals("skipped"), PLENTY);
        graph.enter("a", null);
        graph.enter("skipped", null);
        leaf(graph, "b");
        graph.exit("skipped", null);
        graph.exit("a", null);
        assertThat(tree(graph)).containsExactly("a", " b");
        assertThat(graph.calls().getFirst().hasCallees).isTrue();
    }

    @Test
    void callsBeyondTheLimitAreNotKept() {
        FunctionGraph graph = graph(ALL, 3);
        for (int i = 0; i < 10; i++) {
            leaf(graph, "f" + i);
        }
        assertThat(tree(graph)).containsExactly("f0", "f1", "f2");
    }

    @Test
    void aFunctionThatThrewLeavesNoTrace() {
        FunctionGraph graph = graph(ALL, PLENTY);
        graph.enter("a", null);
        graph.enter("throws", null); // has no exit
        graph.exit("a", null);
        leaf(graph, "b");
        assertThat(tree(graph)).containsExactly("a", " throws", "b");
    }

    @Test
    void aCallIsOfTheHostOfItsSubjectElseOfItsCaller() {
        try (Stack stack = Stack.virtual(1)) {
            Host east = stack.newHost("east");
            Host west = stack.newHost("west");
            FunctionGraph graph = graph(ALL, PLENTY);
            leaf(graph, "before");
            graph.enter("a", east.net());
            leaf(graph, "b");
            graph.enter("c", west.net());
            leaf(graph, "d");
            graph.exit("c", west.net());
            leaf(graph, "e");
            graph.exit("a", east.net());
            assertThat(graph.calls())
                    .extracting(c -> c.host)
                    .containsExactly("", "east", "east", "west", "west", "east");
        }
    }

    @Test
    void theAnnotatorIsAskedWhenACallEnds() {
        String[] state = {"SYN_SENT"};
        FunctionGraph graph =
                new FunctionGraph(() -> 0, ALL, (f, s) -> noteOf(f, s, state[0]), PLENTY);
        graph.enter("set_state", "sk");
        state[0] = "ESTABLISHED";
        leaf(graph, "other");
        graph.exit("set_state", "sk");
        assertThat(graph.calls())
                .extracting(c -> c.note)
                .containsExactly("sk is ESTABLISHED", null);
    }

    private static @Nullable String noteOf(String function, @Nullable Object subject, String s) {
        return function.equals("set_state") ? subject + " is " + s : null;
    }

    @Test
    void eachThreadHasAGraphOfItsOwn() throws InterruptedException {
        FunctionGraph graph = graph(ALL, PLENTY);
        graph.enter("a", null);
        Thread other = new Thread(() -> leaf(graph, "elsewhere"));
        other.start();
        other.join();
        leaf(graph, "b");
        graph.exit("a", null);
        assertThat(tree(graph)).containsExactly("a", "elsewhere", " b");
    }

    @Test
    void withoutTheAgentThereIsNoTracer() {
        assertThat(Tracer.available()).isFalse();
        assertThatThrownBy(() -> Tracer.start(graph(ALL, PLENTY)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("-javaagent");
    }
}
