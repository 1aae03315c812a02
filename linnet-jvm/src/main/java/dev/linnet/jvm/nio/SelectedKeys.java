package dev.linnet.jvm.nio;

import java.nio.channels.SelectionKey;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// The selected keys of a selector: a set that programs may take from but not add to. Keys know their place in it, so
/// that putting one in and taking one out costs no memory and no search. Not thread-safe, as the JDK says.
final class SelectedKeys extends AbstractSet<SelectionKey> {
    private @Nullable LinnetSelectionKey[] keys = new LinnetSelectionKey[16];
    private int size;

    /// Puts a key in that is not there.
    void put(LinnetSelectionKey key) {
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, 2 * size);
        }
        key.selectedAt = size;
        keys[size++] = key;
    }

    /// Takes a key out; false if it is not there.
    boolean take(LinnetSelectionKey key) {
        int at = key.selectedAt;
        if (at < 0) {
            return false;
        }
        LinnetSelectionKey last = at(--size);
        keys[size] = null;
        if (last != key) {
            keys[at] = last;
            last.selectedAt = at;
        }
        key.selectedAt = -1;
        return true;
    }

    private LinnetSelectionKey at(int i) {
        LinnetSelectionKey key = keys[i];
        if (key == null) {
            throw new IllegalStateException("changed by another thread");
        }
        return key;
    }

    private boolean isMine(@Nullable Object o) {
        return o instanceof LinnetSelectionKey key
                && key.selectedAt >= 0
                && key.selectedAt < size
                && keys[key.selectedAt] == key;
    }

    @Override
    public boolean add(SelectionKey key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean contains(@Nullable Object o) {
        return isMine(o);
    }

    @Override
    public boolean remove(@Nullable Object o) {
        return isMine(o) && o instanceof LinnetSelectionKey key && take(key);
    }

    @Override
    public void clear() {
        while (size > 0) {
            take(at(size - 1));
        }
    }

    @Override
    public int size() {
        return size;
    }

    /// From the last to the first, so that taking out the one that was just given moves only keys that were given.
    @Override
    public Iterator<SelectionKey> iterator() {
        return new Iterator<>() {
            private int next = size - 1;
            private @Nullable LinnetSelectionKey given;

            @Override
            public boolean hasNext() {
                return next >= 0;
            }

            @Override
            public SelectionKey next() {
                if (next < 0) {
                    throw new NoSuchElementException();
                }
                LinnetSelectionKey key = at(next--);
                given = key;
                return key;
            }

            @Override
            public void remove() {
                LinnetSelectionKey key = given;
                if (key == null) {
                    throw new IllegalStateException();
                }
                given = null;
                take(key);
            }
        };
    }
}
