package dev.linnet.syscall;

import dev.linnet.fs.File;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.net.core.sock.Socket;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.TimeSpec;
import dev.linnet.uapi.UserMsgHdr;
import org.jspecify.annotations.Nullable;

/// `sendmmsg` and `recvmmsg`: several messages with one call (`net/socket.c`).
public final class MmsgCalls {
    private static final int UIO_MAXIOV = 1024;

    private MmsgCalls() {}

    /// One of the messages: sends or receives it, and notes its length.
    @FunctionalInterface
    interface Message {
        /// @param msg empty
        /// @return bytes, or `-errno`
        int transfer(int i, MsgHdr msg, int flags, File file, Socket sock);
    }

    /// Sends messages until one fails or is not taken whole: how many were sent, or what was wrong with
    /// the first. The bytes taken are in [UserMsgHdr#length]. At most 1024 are looked at.
    @Kernel("sys_sendmmsg")
    public static int sendmmsg(TaskStruct task, int fd, UserMsgHdr[] messages, int flags) {
        return sendmmsg(
                task,
                fd,
                messages.length,
                flags,
                (i, msg, f, file, sock) -> {
                    UserMsgHdr user = messages[i];
                    msg.iter.set(user.iov, 0, user.iov.length);
                    msg.name = user.name;
                    msg.control = user.control;
                    msg.controlLen = user.control == null ? 0 : user.controlLen;
                    user.length = SocketCalls.send(task, file, sock, msg, f);
                    return user.length;
                });
    }

    @Kernel("__sys_sendmmsg")
    static int sendmmsg(TaskStruct task, int fd, int count, int flags, Message message) {
        int max = Integer.compareUnsigned(count, UIO_MAXIOV) > 0 ? UIO_MAXIOV : count;
        return SocketCalls.withSocket(
                task,
                fd,
                (file, sock) -> {
                    MsgHdr msg = new MsgHdr();
                    int n = 0;
                    int err = 0;
                    while (n < max) {
                        int batch = n < max - 1 ? Msg.MSG_BATCH : 0; // more will follow
                        err = message.transfer(n, msg.reset(), flags | batch, file, sock);
                        if (err < 0) {
                            break;
                        }
                        n++;
                        if (msg.iter.count() > 0) {
                            break;
                        }
                    }
                    return n > 0 ? n : err;
                });
    }

    /// Receives messages until one fails, until one with urgent data, or until the time is over, which is
    /// looked at after each message only: how many came, or what was wrong with the first. An error after
    /// the first stays with the socket, unless it is `-EAGAIN`. `MSG_WAITFORONE` waits for the first only.
    ///
    /// @param timeout what is left of the time in element 0; null is for ever
    @Kernel("sys_recvmmsg")
    public static int recvmmsg(
            TaskStruct task,
            int fd,
            UserMsgHdr[] messages,
            int flags,
            TimeSpec @Nullable [] timeout) {
        return recvmmsg(
                task,
                fd,
                messages.length,
                flags,
                timeout,
                (i, msg, f, file, sock) -> {
                    UserMsgHdr user = messages[i];
                    msg.iter.set(user.iov, 0, user.iov.length);
                    msg.control = user.control;
                    user.length = SocketCalls.receive(task, file, sock, msg, f);
                    user.name = msg.name;
                    user.controlLen = msg.controlLen;
                    user.flags = msg.flags;
                    return user.length;
                });
    }

    @Kernel("__sys_recvmmsg")
    static int recvmmsg(
            TaskStruct task,
            int fd,
            int count,
            int flags,
            TimeSpec @Nullable [] timeout,
            Message message) {
        if (timeout != null && !timeout[0].isValid()) {
            return -Errno.EINVAL;
        }
        Deadline deadline =
                timeout == null ? null : Deadline.in(task.net.scheduler, timeout[0].toNanos());
        return SocketCalls.withSocket(
                task,
                fd,
                (file, sock) -> {
                    Sock sk = sock.sk;
                    int pending =
                            sk == null || (flags & Msg.MSG_ERRQUEUE) != 0 ? 0 : sk.sockError();
                    int n =
                            pending < 0
                                    ? pending
                                    : receive(count, flags, deadline, message, file, sock);
                    if (n > 0 && timeout != null && deadline != null) {
                        timeout[0] = deadline.left();
                    }
                    return n;
                });
    }

    @Kernel("do_recvmmsg")
    private static int receive(
            int count,
            int userFlags,
            @Nullable Deadline deadline,
            Message message,
            File file,
            Socket sock) {
        MsgHdr msg = new MsgHdr();
        int flags = userFlags & ~Msg.MSG_WAITFORONE;
        int n = 0;
        while (Integer.compareUnsigned(n, count) < 0) {
            int err = message.transfer(n, msg.reset(), flags, file, sock);
            if (err < 0) {
                return n == 0 ? err : keepError(sock, err, n);
            }
            n++;
            if ((userFlags & Msg.MSG_WAITFORONE) != 0) {
                flags |= Msg.MSG_DONTWAIT;
            }
            if (deadline != null && deadline.isOver() || (msg.flags & Msg.MSG_OOB) != 0) {
                break;
            }
        }
        return n;
    }

    /// Messages have come, so this call cannot say what went wrong; the next one does.
    private static int keepError(Socket sock, int err, int n) {
        Sock sk = sock.sk;
        if (err != -Errno.EAGAIN && sk != null) {
            sk.err = -err;
        }
        return n;
    }
}
