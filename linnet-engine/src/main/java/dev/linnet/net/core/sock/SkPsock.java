package dev.linnet.net.core.sock;

import dev.linnet.fs.IovIter;
import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mm.Page;
import dev.linnet.uapi.Errno;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a socket has beside itself while it is in a sockmap (`struct sk_psock`): the places where it
/// stands, and the messages that others redirected to it, as pieces of pages in a ring.
///
/// The ring is guarded by this object's monitor, which is the last lock to be taken; the places by
/// the monitor of [Stab].
@Kernel("sk_psock")
public final class SkPsock {
    private static final int FIRST_PIECES = 16;

    /// A place in a map.
    record Link(Stab map, int key) {}

    private final List<Link> links = new ArrayList<>();

    /// The protocol that the sock had before, and has again when it leaves its last map.
    public final Proto savedProt;

    private @Nullable Page[] pages = new Page[FIRST_PIECES];
    private int[] offsets = new int[FIRST_PIECES];
    private int[] lengths = new int[FIRST_PIECES];
    private int head;
    private int count;
    private int bytes;
    private boolean gone;

    SkPsock(Proto savedProt) {
        this.savedProt = savedProt;
    }

    List<Link> links() {
        return links;
    }

    /// The map whose program decides about what the sock sends: that which it joined first; null when
    /// it is leaving.
    public @Nullable Stab map() {
        synchronized (Stab.LINKS) {
            return links.isEmpty() ? null : links.getFirst().map();
        }
    }

    /// Appends a piece and takes over its reference; false, and the reference stays the caller's, if
    /// the sock is gone.
    @Kernel("sk_psock_queue_msg")
    @HotPath
    public synchronized boolean queue(Page page, int offset, int length) {
        if (gone) {
            return false;
        }
        if (count == pages.length) {
            grow();
        }
        int at = (head + count) & (pages.length - 1);
        pages[at] = page;
        offsets[at] = offset;
        lengths[at] = length;
        count++;
        bytes += length;
        return true;
    }

    private void grow() {
        int size = pages.length;
        @Nullable Page[] morePages = Arrays.copyOf(pages, 2 * size);
        int[] moreOffsets = Arrays.copyOf(offsets, 2 * size);
        int[] moreLengths = Arrays.copyOf(lengths, 2 * size);
        System.arraycopy(pages, 0, morePages, size, head);
        System.arraycopy(offsets, 0, moreOffsets, size, head);
        System.arraycopy(lengths, 0, moreLengths, size, head);
        pages = morePages;
        offsets = moreOffsets;
        lengths = moreLengths;
    }

    /// True if nothing waits to be read.
    @HotPath
    public synchronized boolean empty() {
        return count == 0;
    }

    /// Bytes that wait to be read.
    @HotPath
    public synchronized int bytes() {
        return bytes;
    }

    /// Copies what waits to the user, as much as there is room: the bytes, or `-EFAULT`.
    ///
    /// @param peek leave it where it is
    @Kernel("sk_msg_recvmsg")
    @HotPath
    public synchronized int read(IovIter to, boolean peek) {
        int done = 0;
        int at = head;
        int left = count;
        while (left > 0 && to.count() > 0) {
            Page page = pages[at];
            assert page != null;
            int want = (int) Math.min(lengths[at], to.count());
            int n = to.copyToUser(page.data, offsets[at], want);
            done += n;
            if (!peek) {
                consume(at, n);
            }
            if (n < want) {
                return done > 0 ? done : -Errno.EFAULT;
            }
            at = (at + 1) & (pages.length - 1);
            left--;
        }
        return done;
    }

    @HotPath
    private void consume(int at, int n) {
        offsets[at] += n;
        lengths[at] -= n;
        bytes -= n;
        if (lengths[at] == 0) {
            Page page = pages[at];
            assert page != null;
            page.put();
            pages[at] = null;
            head = (head + 1) & (pages.length - 1);
            count--;
        }
    }

    /// The sock is closed: what waits is lost, and nothing more comes.
    @Kernel("sk_psock_drop")
    synchronized void drop() {
        gone = true;
        while (count > 0) {
            consume(head, lengths[head]);
        }
    }
}
