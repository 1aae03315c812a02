package dev.linnet.fs;

import dev.linnet.kernel.mm.Page;
import dev.linnet.kernel.mm.PageFrag;

/// What `splice` does with a pipe: moves pieces of pages in and out by reference.
public final class PipeSplice {
    private PipeSplice() {}

    /// Bytes that can be taken now.
    public static int readable(Pipe pipe) {
        return pipe.readable();
    }

    /// Takes a piece; see [Pipe].
    public static boolean pull(Pipe pipe, int max, PageFrag out) {
        boolean got = pipe.pull(max, out);
        if (got) {
            pipe.announceRoom();
        }
        return got;
    }

    /// Appends a piece, taking over the reference to its page; false when the pipe is full.
    public static boolean push(Pipe pipe, Page page, int offset, int length) {
        boolean took = pipe.push(page, offset, length);
        if (took) {
            pipe.announceData();
        }
        return took;
    }

    /// Waits for data: 1 when there is some, 0 when no writer is left, `-EAGAIN`, `-EINTR`.
    public static int awaitData(Pipe pipe, boolean nonblock) {
        return pipe.await(true, nonblock);
    }

    /// Waits for room: 1, `-EPIPE` without a reader, `-EAGAIN`, `-EINTR`.
    public static int awaitRoom(Pipe pipe, boolean nonblock) {
        return pipe.await(false, nonblock);
    }
}
