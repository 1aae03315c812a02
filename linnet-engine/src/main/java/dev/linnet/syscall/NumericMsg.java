package dev.linnet.syscall;

import dev.linnet.fs.File;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.Socket;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.TimeSpec;

/// `sendmsg`, `recvmsg`, `sendmmsg` and `recvmmsg` by number: `struct msghdr` and what it points to.
///
///     0 msg_name   8 msg_namelen  16 msg_iov  24 msg_iovlen  32 msg_control  40 msg_controllen
///     48 msg_flags
final class NumericMsg {
    private static final int SIZE = 56;
    private static final int MMSG_SIZE = 64;
    private static final int CONTROL_MAX = 1 << 17;

    private NumericMsg() {}

    /// Reads the parts of a message that both directions have.
    private static int header(UserSpace mm, byte[] raw, boolean toUser, MsgHdr msg) {
        long iovlen = Abi.getLong(raw, 24);
        if (iovlen < 0 || iovlen > Uaccess.IOV_MAX) {
            return -Errno.EMSGSIZE;
        }
        if (Abi.getInt(raw, 8) < 0) {
            return -Errno.EINVAL;
        }
        return Uaccess.iovec(mm, Abi.getLong(raw, 16), iovlen, toUser, msg.iter);
    }

    static long sendmsg(TaskStruct task, UserSpace mm, int fd, long ptr, int flags) {
        if ((flags & Msg.MSG_CMSG_COMPAT) != 0) {
            return -Errno.EINVAL;
        }
        return SocketCalls.withSocket(
                task, fd, (file, sock) -> send(task, mm, ptr, new MsgHdr(), flags, file, sock));
    }

    @Kernel("___sys_sendmsg")
    private static int send(
            TaskStruct task,
            UserSpace mm,
            long ptr,
            MsgHdr msg,
            int flags,
            File file,
            Socket sock) {
        byte[] raw = mm.read(ptr, SIZE);
        if (raw == null) {
            return -Errno.EFAULT;
        }
        int err = header(mm, raw, false, msg);
        if (err < 0) {
            return err;
        }
        int[] bad = new int[1];
        long name = Abi.getLong(raw, 0);
        int nameLength = Math.min(Abi.getInt(raw, 8), SockAddr.STORAGE_SIZE);
        if (name != 0 && nameLength > 0) {
            msg.name = Uaccess.address(mm, name, nameLength, bad);
            if (msg.name == null) {
                return bad[0];
            }
        }
        long controlLength = Abi.getLong(raw, 40);
        if (controlLength < 0 || controlLength > CONTROL_MAX) {
            return -Errno.ENOBUFS;
        }
        if (controlLength > 0) {
            msg.control = mm.read(Abi.getLong(raw, 32), (int) controlLength);
            if (msg.control == null) {
                return -Errno.EFAULT;
            }
            msg.controlLen = (int) controlLength;
        }
        return SocketCalls.send(task, file, sock, msg, flags);
    }

    static long recvmsg(TaskStruct task, UserSpace mm, int fd, long ptr, int flags) {
        if ((flags & Msg.MSG_CMSG_COMPAT) != 0) {
            return -Errno.EINVAL;
        }
        return SocketCalls.withSocket(
                task, fd, (file, sock) -> receive(task, mm, ptr, new MsgHdr(), flags, file, sock));
    }

    @Kernel("___sys_recvmsg")
    private static int receive(
            TaskStruct task,
            UserSpace mm,
            long ptr,
            MsgHdr msg,
            int flags,
            File file,
            Socket sock) {
        byte[] raw = mm.read(ptr, SIZE);
        if (raw == null) {
            return -Errno.EFAULT;
        }
        int err = header(mm, raw, true, msg);
        if (err < 0) {
            return err;
        }
        int room = (int) Math.min(Abi.getLong(raw, 40), CONTROL_MAX);
        msg.control = room > 0 ? new byte[room] : null;
        int n = SocketCalls.receive(task, file, sock, msg, flags);
        if (n < 0) {
            return n;
        }
        err = results(mm, raw, msg);
        return err < 0 ? err : mm.write(ptr, raw, SIZE) ? n : -Errno.EFAULT;
    }

    // ---- several at once: struct mmsghdr has msg_len behind the msghdr
    // ---------------------------------

    static long sendmmsg(TaskStruct task, UserSpace mm, int fd, long ptr, int count, int flags) {
        if ((flags & Msg.MSG_CMSG_COMPAT) != 0) {
            return -Errno.EINVAL;
        }
        return MmsgCalls.sendmmsg(
                task,
                fd,
                count,
                flags,
                (i, msg, f, file, sock) -> {
                    long at = ptr + (long) i * MMSG_SIZE;
                    return putLength(mm, at, send(task, mm, at, msg, f, file, sock));
                });
    }

    static long recvmmsg(
            TaskStruct task,
            UserSpace mm,
            int fd,
            long ptr,
            int count,
            int flags,
            long timeoutPtr) {
        if ((flags & Msg.MSG_CMSG_COMPAT) != 0) {
            return -Errno.EINVAL;
        }
        TimeSpec[] timeout = null;
        if (timeoutPtr != 0) {
            int[] err = new int[1];
            TimeSpec span = Uaccess.span(mm, timeoutPtr, err);
            if (span == null) {
                return err[0];
            }
            timeout = new TimeSpec[] {span};
        }
        int n =
                MmsgCalls.recvmmsg(
                        task,
                        fd,
                        count,
                        flags,
                        timeout,
                        (i, msg, f, file, sock) -> {
                            long at = ptr + (long) i * MMSG_SIZE;
                            return putLength(mm, at, receive(task, mm, at, msg, f, file, sock));
                        });
        if (n <= 0 || timeout == null) {
            return n;
        }
        byte[] raw = new byte[TimeSpec.SIZE];
        timeout[0].encode(raw, 0);
        return mm.write(timeoutPtr, raw, raw.length) ? n : -Errno.EFAULT;
    }

    private static int putLength(UserSpace mm, long at, int n) {
        if (n < 0) {
            return n;
        }
        byte[] raw = new byte[4];
        Abi.putInt(raw, 0, n);
        return mm.write(at + SIZE, raw, raw.length) ? n : -Errno.EFAULT;
    }

    private static int results(UserSpace mm, byte[] raw, MsgHdr msg) {
        long name = Abi.getLong(raw, 0);
        if (name != 0) {
            int length = 0;
            if (msg.name != null) {
                byte[] encoded = new byte[SockAddr.STORAGE_SIZE];
                length = msg.name.encode(encoded, 0);
                int fits = Math.min(length, Abi.getInt(raw, 8));
                if (fits > 0 && !mm.write(name, encoded, fits)) {
                    return -Errno.EFAULT;
                }
            }
            Abi.putInt(raw, 8, length);
        }
        if (msg.control != null && msg.controlLen > 0) {
            long to = Abi.getLong(raw, 32);
            if (!mm.write(to, msg.control, msg.controlLen)) {
                return -Errno.EFAULT;
            }
        }
        Abi.putLong(raw, 40, msg.controlLen);
        Abi.putInt(raw, 48, msg.flags);
        return 0;
    }
}
