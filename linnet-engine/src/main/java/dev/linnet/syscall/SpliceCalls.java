package dev.linnet.syscall;

import dev.linnet.fs.File;
import dev.linnet.fs.Pipe;
import dev.linnet.fs.PipeFileOps;
import dev.linnet.fs.PipeSplice;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mm.PageFrag;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.PageSource;
import dev.linnet.net.core.sock.Socket;
import dev.linnet.net.socket.SocketFileOps;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Msg;

/// `splice` between pipes and sockets (`fs/splice.c`): pages move by reference.
public final class SpliceCalls {
    private static final int SPLICE_F_NONBLOCK = 2;
    private static final int SPLICE_F_MORE = 4;
    private static final int SPLICE_F_ALL = 15;

    private SpliceCalls() {}

    /// Moves up to `count` bytes: how many, `-EBADF`, `-EINVAL` unless one end is a pipe, `-EAGAIN`.
    @Kernel("do_splice")
    public static long splice(TaskStruct task, int inFd, int outFd, long count, int flags) {
        if (count == 0) {
            return 0;
        }
        if ((flags & ~SPLICE_F_ALL) != 0) {
            return -Errno.EINVAL;
        }
        File in = task.files.get(inFd);
        if (in == null) {
            return -Errno.EBADF;
        }
        try {
            File out = task.files.get(outFd);
            if (out == null) {
                return -Errno.EBADF;
            }
            try {
                return between(in, out, count, flags);
            } finally {
                out.put();
            }
        } finally {
            in.put();
        }
    }

    private static long between(File in, File out, long count, int flags) {
        if (!in.readable() || !out.writable()) {
            return -Errno.EBADF;
        }
        Pipe from = PipeFileOps.of(in);
        Pipe to = PipeFileOps.of(out);
        boolean nonblock = (flags & SPLICE_F_NONBLOCK) != 0;
        if (from != null && to != null) {
            return -Errno.EINVAL;
        }
        if (from != null) {
            Socket sock = SocketFileOps.sockFromFile(out);
            return sock == null
                    ? -Errno.EINVAL
                    : toSocket(from, sock, count, flags, nonblock || out.nonblock());
        }
        Socket sock = SocketFileOps.sockFromFile(in);
        return sock == null || to == null
                ? -Errno.EINVAL
                : fromSocket(sock, to, count, nonblock || in.nonblock());
    }

    @Kernel("splice_to_socket")
    private static long toSocket(Pipe from, Socket sock, long count, int flags, boolean nonblock) {
        PipePages pages = new PipePages(from, count);
        MsgHdr msg = new MsgHdr();
        msg.pages = pages;
        msg.flags =
                Msg.MSG_SPLICE_PAGES
                        | (nonblock ? Msg.MSG_DONTWAIT : 0)
                        | ((flags & SPLICE_F_MORE) != 0 ? Msg.MSG_MORE : 0);
        int wait = PipeSplice.awaitData(from, nonblock);
        return wait <= 0 ? wait : sock.ops.sendmsg(sock, msg);
    }

    @Kernel("sock_splice_read")
    private static long fromSocket(Socket sock, Pipe to, long count, boolean nonblock) {
        int wait = PipeSplice.awaitRoom(to, nonblock);
        return wait < 0
                ? wait
                : sock.ops.spliceRead(
                        sock,
                        (p, off, len) -> PipeSplice.push(to, p, off, len),
                        (int) Math.min(count, Integer.MAX_VALUE),
                        nonblock);
    }

    /// The pages of a pipe, taken as they are asked for.
    private static final class PipePages extends PageSource {
        private final Pipe pipe;
        private long left;

        PipePages(Pipe pipe, long count) {
            this.pipe = pipe;
            this.left = Math.min(count, PipeSplice.readable(pipe));
        }

        @Override
        public long remaining() {
            return left;
        }

        @Override
        public boolean next(int max, PageFrag out) {
            int want = (int) Math.min(max, left);
            if (want == 0 || !PipeSplice.pull(pipe, want, out)) {
                return false;
            }
            left -= out.length;
            return true;
        }
    }
}
