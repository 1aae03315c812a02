package dev.linnet.net.socket;

import dev.linnet.fs.File;
import dev.linnet.fs.FileOperations;
import dev.linnet.fs.IovIter;
import dev.linnet.fs.Pipe;
import dev.linnet.fs.PipePieces;
import dev.linnet.fs.PollTable;
import dev.linnet.fs.SpliceRead;
import dev.linnet.fs.SpliceWrite;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.Socket;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.Stat;
import org.jspecify.annotations.Nullable;

/// A socket as a file (`socket_file_ops`, sockfs). A file is a socket if, and only if, these are
/// its operations.
public final class SocketFileOps extends FileOperations {
    public static final SocketFileOps INSTANCE = new SocketFileOps();

    /// Pieces that go into one message (`splice_to_socket`).
    private static final int SPLICE_PIECES = 16;

    private SocketFileOps() {}

    /// The socket behind a file, or null: `ENOTSOCK` (`sock_from_file`).
    @Kernel("sock_from_file")
    public static @Nullable Socket sockFromFile(File file) {
        return file.ops == INSTANCE ? (Socket) file.privateData : null;
    }

    /// A new file for a socket (`sock_alloc_file`).
    @Kernel({"sock_alloc_file", "alloc_file_pseudo", "alloc_file", "d_alloc_pseudo"})
    public static File newFile(Socket sock, int flags) {
        return new File(INSTANCE, sock, flags);
    }

    @Override
    @Kernel("sockfs_dname")
    public String dname(File file) {
        return "socket:[" + stat(file).ino() + "]";
    }

    @Override
    @Kernel("sock_read_iter")
    public long read(File file, IovIter to, long pos) {
        if (to.count() == 0) {
            return 0;
        }
        Socket sock = (Socket) file.privateData;
        MsgHdr msg = MsgHdr.scratch();
        msg.iter.copyFrom(to);
        return sock.recvmsg(msg, file.nonblock() || to.nowait() ? Msg.MSG_DONTWAIT : 0);
    }

    @Override
    @Kernel("sock_write_iter")
    public long write(File file, IovIter from, long pos) {
        Socket sock = (Socket) file.privateData;
        MsgHdr msg = MsgHdr.scratch();
        msg.iter.copyFrom(from);
        msg.flags = file.nonblock() || from.nowait() ? Msg.MSG_DONTWAIT : 0;
        return sock.sendmsg(msg);
    }

    @Override
    public boolean canFasync() {
        return true;
    }

    @Override
    @Kernel("sock_splice_read")
    public long spliceRead(File file, long[] pos, Pipe pipe, int length, int flags) {
        Socket sock = (Socket) file.privateData;
        boolean nonblock = (flags & Fcntl.SPLICE_F_NONBLOCK) != 0 && sock.ops.heedsSpliceNonblock();
        return sock.ops.movesPages()
                ? sock.ops.spliceRead(
                        sock,
                        (page, at, n) -> SpliceRead.push(pipe, page, at, n),
                        length,
                        nonblock || file.nonblock())
                : SpliceRead.copy(file, pos, pipe, length);
    }

    @Override
    @Kernel("splice_to_socket")
    public long spliceWrite(Pipe pipe, File file, long[] pos, long length, int flags) {
        Socket sock = (Socket) file.privateData;
        return SpliceWrite.fromPipe(
                pipe, length, flags, SPLICE_PIECES, pieces -> send(file, sock, pieces, flags));
    }

    private static int send(File file, Socket sock, PipePieces pieces, int flags) {
        MsgHdr msg = MsgHdr.scratch();
        boolean more = (flags & Fcntl.SPLICE_F_MORE) != 0 || pieces.more();
        msg.flags =
                Msg.MSG_SPLICE_PAGES
                        | (file.nonblock() ? Msg.MSG_DONTWAIT : 0)
                        | (more ? Msg.MSG_MORE : 0);
        if (sock.ops.movesPages()) {
            msg.pages = pieces;
        } else {
            pieces.over(msg.iter);
        }
        return sock.sendmsg(msg);
    }

    @Override
    @Kernel("sock_show_fdinfo")
    public void showFdinfo(File file, StringBuilder out) {
        Socket sock = (Socket) file.privateData;
        sock.ops.showFdinfo(sock, out);
    }

    @Override
    @Kernel("sock_splice_eof")
    public void spliceEof(File file) {
        Socket sock = (Socket) file.privateData;
        sock.ops.spliceEof(sock);
    }

    @Override
    public boolean canPoll() {
        return true;
    }

    @Override
    @Kernel("sock_poll")
    public int poll(File file, @Nullable PollTable table) {
        Socket sock = (Socket) file.privateData;
        if (table != null) {
            table.wait(file, sock.wq);
        }
        return sock.ops.poll(sock);
    }

    @Override
    @Kernel("sock_ioctl")
    public int ioctl(File file, int cmd, byte[] arg) {
        Socket sock = (Socket) file.privateData;
        return sock.ops.ioctl(sock, cmd, arg);
    }

    @Override
    public Stat stat(File file) {
        long ino = ((Socket) file.privateData).inode;
        return Stat.of(Stat.S_IFSOCK | 0777, ino, 0).ownedBy(file.cred.uid(), file.cred.gid());
    }

    @Override
    @Kernel({"sock_close", "__sock_release", "sock_release"})
    public void release(File file) {
        Socket sock = (Socket) file.privateData;
        sock.ops.release(sock);
    }
}
