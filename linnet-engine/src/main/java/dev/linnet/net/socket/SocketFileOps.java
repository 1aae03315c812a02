package dev.linnet.net.socket;

import dev.linnet.fs.File;
import dev.linnet.fs.FileOperations;
import dev.linnet.fs.IovIter;
import dev.linnet.fs.PollTable;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.Socket;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.Stat;
import org.jspecify.annotations.Nullable;

/// A socket as a file (`socket_file_ops`, sockfs). A file is a socket if, and only if, these are
/// its operations.
public final class SocketFileOps extends FileOperations {
    public static final SocketFileOps INSTANCE = new SocketFileOps();

    private SocketFileOps() {}

    /// The socket behind a file, or null: `ENOTSOCK` (`sock_from_file`).
    @Kernel("sock_from_file")
    public static @Nullable Socket sockFromFile(File file) {
        return file.ops == INSTANCE ? (Socket) file.privateData : null;
    }

    /// A new file for a socket (`sock_alloc_file`).
    @Kernel({"sock_alloc_file", "alloc_file_pseudo"})
    public static File newFile(Socket sock, int flags) {
        return new File(INSTANCE, sock, flags);
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
        return sock.ops.recvmsg(sock, msg, file.nonblock() ? Msg.MSG_DONTWAIT : 0);
    }

    @Override
    @Kernel("sock_write_iter")
    public long write(File file, IovIter from, long pos) {
        Socket sock = (Socket) file.privateData;
        MsgHdr msg = MsgHdr.scratch();
        msg.iter.copyFrom(from);
        msg.flags = file.nonblock() ? Msg.MSG_DONTWAIT : 0;
        return sock.ops.sendmsg(sock, msg);
    }

    @Override
    public boolean canFasync() {
        return true;
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
        return Stat.of(Stat.S_IFSOCK | 0777, ((Socket) file.privateData).inode, 0);
    }

    @Override
    @Kernel({"sock_close", "__sock_release"})
    public void release(File file) {
        Socket sock = (Socket) file.privateData;
        sock.ops.release(sock);
    }
}
