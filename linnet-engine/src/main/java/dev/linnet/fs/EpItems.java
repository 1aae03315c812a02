package dev.linnet.fs;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The files that an epoll instance watches, by file and descriptor (the tree of `struct eventpoll`): a hash table
/// whose chains go through the items. Guarded by the instance's mutex.
final class EpItems {
    private static final int FEWEST = 4;

    /// The golden ratio of 32 bits, which spreads numbers that follow each other.
    private static final int SPREAD = 0x9e3779b9;

    private @Nullable EpItem[] heads = new EpItem[FEWEST];
    private int size;

    private int slot(int fd) {
        return fd * SPREAD >>> Integer.numberOfLeadingZeros(heads.length) + 1;
    }

    /// The one that watches a file under a descriptor.
    @Nullable EpItem find(File file, int fd) {
        EpItem item = heads[slot(fd)];
        while (item != null && (item.fd != fd || item.file != file)) {
            item = item.nextOfSlot;
        }
        return item;
    }

    /// Adds one that is not there.
    void add(EpItem item) {
        if (size == heads.length) {
            grow();
        }
        link(item);
        size++;
    }

    private void link(EpItem item) {
        int slot = slot(item.fd);
        item.nextOfSlot = heads[slot];
        heads[slot] = item;
    }

    private void grow() {
        List<EpItem> all = all();
        heads = new EpItem[2 * heads.length];
        all.forEach(this::link);
    }

    /// False if it is not there.
    boolean remove(EpItem item) {
        int slot = slot(item.fd);
        EpItem before = null;
        EpItem at = heads[slot];
        while (at != null && at != item) {
            before = at;
            at = at.nextOfSlot;
        }
        if (at == null) {
            return false;
        }
        if (before == null) {
            heads[slot] = item.nextOfSlot;
        } else {
            before.nextOfSlot = item.nextOfSlot;
        }
        item.nextOfSlot = null;
        size--;
        return true;
    }

    /// All of them, in no order.
    List<EpItem> all() {
        List<EpItem> all = new ArrayList<>(size);
        for (EpItem head : heads) {
            for (EpItem item = head; item != null; item = item.nextOfSlot) {
                all.add(item);
            }
        }
        return all;
    }
}
