package dev.linnet.syscall;

import dev.linnet.fs.File;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.sock.ProtoOps.PageSink;
import dev.linnet.net.core.sock.Socket;
import dev.linnet.net.socket.SocketFileOps;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Msg;

/// Receiving without a copy: what Linux does with mappings (`TCP_ZEROCOPY_RECEIVE`), for callers who
/// can hold pages themselves.
public final class ZerocopyCalls {
    private ZerocopyCalls() {}

    /// Hands received pages to a sink, at most `max` bytes: how many, 0 at the end of the stream,
    /// `-EBADF`, `-ENOTSOCK`, `-EINVAL` for flags other than `MSG_DONTWAIT`, `-EOPNOTSUPP` for a socket
    /// whose messages are not made of pages; else as `recv`.
    @Kernel("tcp_read_sock")
    public static int recvPages(TaskStruct task, int fd, PageSink sink, int max, int flags) {
        File file = task.files.get(fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        try {
            Socket sock = SocketFileOps.sockFromFile(file);
            if (sock == null) {
                return -Errno.ENOTSOCK;
            }
            if ((flags & ~Msg.MSG_DONTWAIT) != 0) {
                return -Errno.EINVAL;
            }
            boolean nonblock = file.nonblock() || flags != 0;
            return sock.ops.movesPages()
                    ? sock.ops.spliceRead(sock, sink, max, nonblock)
                    : -Errno.EOPNOTSUPP;
        } finally {
            file.put();
        }
    }
}
