package dev.linnet.jvm.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.linnet.jvm.JvmHost;
import dev.linnet.stack.Stack;
import java.io.IOException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SelectedKeysTest {
    private static final int KEYS = 40;

    private interface WithKeys {
        void run(List<LinnetSelectionKey> keys) throws IOException;
    }

    private static void withKeys(WithKeys body) throws IOException {
        try (Stack stack = Stack.create(7);
                JvmHost host = new JvmHost(stack.newHost("host"));
                Selector selector = host.selectorProvider().openSelector()) {
            List<LinnetSelectionKey> keys = new ArrayList<>();
            for (int i = 0; i < KEYS; i++) {
                Pipe pipe = host.selectorProvider().openPipe();
                pipe.source().configureBlocking(false);
                keys.add((LinnetSelectionKey) pipe.source().register(selector, 0));
            }
            body.run(keys);
        }
    }

    /// Puts, takes and walks with removals, beside a `HashSet`.
    @Property(tries = 100)
    void behavesAsASet(
            @ForAll @Size(max = 200) List<@IntRange(min = -3, max = KEYS - 1) Integer> steps)
            throws IOException {
        withKeys(
                keys -> {
                    SelectedKeys set = new SelectedKeys();
                    Set<SelectionKey> model = new HashSet<>();
                    for (int step : steps) {
                        if (step < 0) {
                            removeSome(set, model, -step);
                        } else if (model.add(keys.get(step))) {
                            set.put(keys.get(step));
                        } else {
                            assertThat(set.remove(keys.get(step))).isTrue();
                            model.remove(keys.get(step));
                        }
                        assertThat(set).isEqualTo(model);
                    }
                    set.clear();
                });
    }

    /// One walk that sees every key once and takes each `n`-th out.
    private static void removeSome(SelectedKeys set, Set<SelectionKey> model, int n) {
        Set<SelectionKey> seen = new HashSet<>();
        int i = 0;
        for (Iterator<SelectionKey> it = set.iterator(); it.hasNext(); ) {
            SelectionKey key = it.next();
            assertThat(seen.add(key)).isTrue();
            if (++i % n == 0) {
                it.remove();
            }
        }
        assertThat(seen).isEqualTo(model);
        model.retainAll(set);
    }

    @Test
    void programsMayTakeOutButNotPutIn() throws IOException {
        withKeys(
                keys -> {
                    SelectedKeys set = new SelectedKeys();
                    set.put(keys.get(0));
                    assertThatThrownBy(() -> set.add(keys.get(1)))
                            .isInstanceOf(UnsupportedOperationException.class);
                    Object other = "something else";
                    assertThat(set.remove(other)).isFalse();
                    set.clear();
                    assertThat(set).isEmpty();
                    assertThat(keys.get(0).selectedAt).isEqualTo(-1);
                });
    }
}
