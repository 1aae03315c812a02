package dev.linnet.net.unix;

import dev.linnet.fs.File;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.sock.Socket;
import dev.linnet.net.socket.SocketFileOps;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Files whose descriptors are handed over (`struct scm_fp_list`), with a reference to each.
@Kernel("scm_fp_list")
final class ScmFpList {
    /// Most descriptors in one message (`SCM_MAX_FD`).
    static final int MAX = 253;

    /// Files to be given back by a thread that is giving one back already: a socket that ends with
    /// descriptors in its queue must not recurse.
    private static final class Delayed {
        final ArrayDeque<File> files = new ArrayDeque<>();
        boolean running;

        /// Sockets have ended, so there may be garbage.
        @Nullable UnixGc search;
    }

    private static final ThreadLocal<Delayed> DELAYED = ThreadLocal.withInitial(Delayed::new);

    final @Nullable File[] files;
    int count;

    /// User who sent them, while they are in flight in a queue of [#gc].
    int uid;

    private @Nullable UnixGc gc;

    ScmFpList() {
        this(new File[MAX]);
    }

    private ScmFpList(@Nullable File[] files) {
        this.files = files;
    }

    File file(int i) {
        File file = files[i];
        assert file != null;
        return file;
    }

    /// The socket of this family that a file is, or null (`unix_get_socket`).
    @Kernel("unix_get_socket")
    static @Nullable UnixSock socketOf(File file) {
        Socket sock = SocketFileOps.sockFromFile(file);
        return sock != null && sock.sk instanceof UnixSock sk ? sk : null;
    }

    /// The files are in a queue now, or on their way into it.
    void flies(UnixGc collector) {
        gc = collector;
        collector.add(this);
    }

    /// They have left it.
    void landed() {
        UnixGc collector = gc;
        if (collector != null) {
            gc = null;
            collector.remove(this);
        }
    }

    /// Another list with references to the same files (`scm_fp_dup`). Not while [UnixGc] decides which
    /// of them are in use.
    @Kernel("scm_fp_dup")
    ScmFpList dup() {
        UnixGc collector = gc;
        if (collector == null) {
            return copy();
        }
        synchronized (collector) {
            return copy();
        }
    }

    private ScmFpList copy() {
        ScmFpList other = new ScmFpList(files.clone());
        other.count = count;
        for (int i = 0; i < count; i++) {
            boolean alive = file(i).get();
            assert alive;
        }
        return other;
    }

    /// Gives all references back. Files that end in consequence, end before the outermost call of the
    /// thread returns.
    @Kernel("__scm_destroy")
    void put() {
        Delayed delayed = DELAYED.get();
        for (int i = 0; i < count; i++) {
            delayed.files.add(file(i));
            files[i] = null;
        }
        count = 0;
        if (!delayed.running) {
            putDelayed(delayed);
        }
    }

    private static void putDelayed(Delayed delayed) {
        delayed.running = true;
        try {
            File file;
            while ((file = delayed.files.poll()) != null) {
                file.put();
            }
        } finally {
            delayed.running = false;
        }
        UnixGc gc = delayed.search;
        if (gc != null) {
            delayed.search = null;
            gc.schedule();
        }
    }

    /// A search for garbage now, or once when the thread has given back all files that it is giving back.
    static void searchAfterwards(UnixGc gc) {
        Delayed delayed = DELAYED.get();
        if (delayed.running) {
            delayed.search = gc;
        } else {
            gc.schedule();
        }
    }
}
