package dev.linnet.syscall;

import dev.linnet.fs.File;
import dev.linnet.fs.PageReader;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mm.Page;
import dev.linnet.kernel.mm.PageFrag;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.PageSource;
import dev.linnet.net.core.sock.Socket;
import dev.linnet.net.socket.SocketFileOps;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.Msg;
import org.jspecify.annotations.Nullable;

/// `sendfile` (`fs/splice.c`): pages of a file go to a socket by reference.
public final class SendfileCalls {
    private static final long MAX_RW_COUNT = 0x7ffff000;

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

    @Kernel("splice_direct_to_actor")
    private static long transfer(
            PageReader reader, long pos, Socket sock, boolean nonblock, long count) {
        FilePages pages = new FilePages(reader, pos, count);
        MsgHdr msg = new MsgHdr();
        long done = 0;
        try {
            while (done < count) {
                msg.reset();
                msg.pages = pages;
                msg.flags =
                        Msg.MSG_SPLICE_PAGES
                                | (nonblock ? Msg.MSG_DONTWAIT : 0)
                                | (pages.remaining() > 0 ? Msg.MSG_MORE : 0);
                int n = sock.ops.sendmsg(sock, msg);
                if (n <= 0) {
                    return done > 0 ? done : n != 0 ? n : pages.error;
                }
                done += n;
                if (pages.ended || pages.error != 0) {
                    break;
                }
            }
            return done;
        } finally {
            pages.release();
        }
    }

    /// The pages of a file from a position on, read as they are asked for.
    private static final class FilePages extends PageSource {
        private final PageReader reader;
        private final PageFrag ahead = new PageFrag();
        private long pos;
        private long left;
        boolean ended;
        int error;

        FilePages(PageReader reader, long pos, long count) {
            this.reader = reader;
            this.pos = pos;
            this.left = count;
        }

        @Override
        public long remaining() {
            return ended ? 0 : left;
        }

        @Override
        public boolean next(int max, PageFrag out) {
            if (left == 0 || max == 0) {
                return false;
            }
            if (ahead.page == null && !fill()) {
                return false;
            }
            Page page = ahead.page;
            if (page == null) {
                return false;
            }
            int n = (int) Math.min(Math.min(max, ahead.length), left);
            page.get();
            out.set(page, ahead.offset, n);
            ahead.offset += n;
            ahead.length -= n;
            left -= n;
            if (ahead.length == 0) {
                release();
            }
            return true;
        }

        private boolean fill() {
            int n = reader.read(pos, (int) Math.min(left, Integer.MAX_VALUE), ahead);
            if (n <= 0) {
                ended = n == 0;
                error = n;
                return false;
            }
            pos += n;
            return true;
        }

        void release() {
            if (ahead.page != null) {
                ahead.page.put();
                ahead.page = null;
            }
        }
    }
}
