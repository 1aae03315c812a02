package dev.linnet.syscall;

import dev.linnet.fs.File;
import dev.linnet.fs.PageReader;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mm.PageFrag;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.PageSource;
import dev.linnet.net.core.sock.Socket;
import dev.linnet.net.socket.SocketFileOps;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.Msg;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// `sendfile` (`fs/splice.c`): pages of a file go to a socket by reference.
public final class SendfileCalls {
    private static final long MAX_RW_COUNT = 0x7ffff000;

    /// What a pipe of 16 pages holds.
    private static final int PIPE_BYTES = 16 * 4096;

    private SendfileCalls() {}

    /// Sends up to `count` bytes of a file; the bytes sent, fewer at the end of the file or when a
    /// non-blocking socket is full.
    ///
    /// Checks in Linux's order: `-EBADF` for a descriptor or its mode, `-ESPIPE` for an offset into a
    /// file without positions, `-EINVAL` for a negative one, an append-only target, or files that
    /// cannot be spliced; `-EAGAIN`, `-EPIPE` … from the socket.
    @Kernel("do_sendfile")
    public static long sendfile(
            TaskStruct task, int outFd, int inFd, long @Nullable [] offset, long count) {
        File in = task.files.get(inFd);
        if (in == null) {
            return -Errno.EBADF;
        }
        try {
            if (!in.readable()) {
                return -Errno.EBADF;
            }
            if (offset != null && !in.ops.seekable()) {
                return -Errno.ESPIPE;
            }
            if (offset != null && (offset[0] < 0 || offset[0] + count < 0 && count > 0)) {
                return -Errno.EINVAL;
            }
            File out = task.files.get(outFd);
            if (out == null) {
                return -Errno.EBADF;
            }
            try {
                return checked(in, out, offset, count);
            } finally {
                out.put();
            }
        } finally {
            in.put();
        }
    }

    private static long checked(File in, File out, long @Nullable [] offset, long count) {
        if (!out.writable()) {
            return -Errno.EBADF;
        }
        if ((out.flags & Fcntl.O_APPEND) != 0 || count < 0) {
            return -Errno.EINVAL;
        }
        Socket sock = SocketFileOps.sockFromFile(out);
        PageReader reader = in.ops.pageReader(in);
        if (sock == null || reader == null) {
            return -Errno.EINVAL;
        }
        long max = Math.min(count, MAX_RW_COUNT);
        if (offset != null) {
            long n = transfer(reader, offset[0], sock, out.nonblock(), max);
            offset[0] += Math.max(n, 0);
            return n;
        }
        synchronized (in.posLock) {
            long n = transfer(reader, in.pos, sock, out.nonblock(), max);
            in.pos += Math.max(n, 0);
            return n;
        }
    }

    /// Moves as much as a pipe holds at a time. What follows in the same call is announced with
    /// `MSG_MORE`; a file that ends before what was asked for takes the announcement back.
    @Kernel("splice_direct_to_actor")
    private static long transfer(
            PageReader reader, long pos, Socket sock, boolean nonblock, long count) {
        FilePages pages = new FilePages(reader, pos);
        MsgHdr msg = new MsgHdr();
        long done = 0;
        try {
            while (done < count) {
                int n = pages.fill((int) Math.min(count - done, PIPE_BYTES));
                boolean more = done + n < count;
                if (n <= 0) {
                    if (n == 0 && done > 0) {
                        sock.ops.spliceEof(sock);
                    }
                    return done > 0 ? done : n;
                }
                msg.reset();
                msg.pages = pages;
                msg.flags =
                        Msg.MSG_SPLICE_PAGES
                                | (nonblock ? Msg.MSG_DONTWAIT : 0)
                                | (more ? Msg.MSG_MORE : 0);
                int sent = sock.ops.sendmsg(sock, msg);
                if (sent <= 0) {
                    return done > 0 ? done : sent;
                }
                done += sent;
                if (sent < n) {
                    break;
                }
            }
            return done;
        } finally {
            pages.release();
        }
    }

    /// The pages of a file from a position on, read ahead by one filling of a pipe.
    private static final class FilePages extends PageSource {
        private final PageReader reader;
        private final ArrayDeque<PageFrag> ahead = new ArrayDeque<>();
        private long pos;
        private int left;

        FilePages(PageReader reader, long pos) {
            this.reader = reader;
            this.pos = pos;
        }

        /// Reads up to `max` bytes ahead: how many, fewer at the end of the file, or `-errno`.
        int fill(int max) {
            while (left < max) {
                PageFrag piece = new PageFrag();
                int n = reader.read(pos, max - left, piece);
                if (n <= 0) {
                    return left > 0 ? left : n;
                }
                ahead.add(piece);
                pos += n;
                left += n;
            }
            return left;
        }

        @Override
        public long remaining() {
            return left;
        }

        @Override
        public boolean next(int max, PageFrag out) {
            PageFrag piece = ahead.peek();
            if (piece == null || max == 0) {
                return false;
            }
            int n = Math.min(max, piece.length);
            piece.page.get();
            out.set(piece.page, piece.offset, n);
            piece.offset += n;
            piece.length -= n;
            left -= n;
            if (piece.length == 0) {
                ahead.remove().page.put();
            }
            return true;
        }

        void release() {
            while (!ahead.isEmpty()) {
                ahead.remove().page.put();
            }
        }
    }
}
