package dev.linnet.net.unix;

import dev.linnet.fs.CurrentTask;
import dev.linnet.fs.File;
import dev.linnet.fs.FileDescriptorTable;
import dev.linnet.fs.PidFd;
import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.PutCmsg;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.CmsgHdr;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.So;
import dev.linnet.uapi.Sol;
import dev.linnet.uapi.Ucred;
import org.jspecify.annotations.Nullable;

/// Descriptors and credentials as ancillary data (`net/core/scm.c`, and the AF_UNIX side of it).
final class UnixScm {
    /// What the user of an unknown sender is called.
    private static final int OVERFLOW_ID = 65534;

    private UnixScm() {}

    /// Whether a socket is told who sent what it receives.
    @Kernel("unix_may_passcred")
    @HotPath
    static boolean wantsCreds(UnixSock sk) {
        return (sk.scmRecvFlags & (Sock.SCM_RECV_CREDENTIALS | Sock.SCM_RECV_PIDFD)) != 0;
    }

    // ---- sending -------------------------------------------------------------------------------

    /// Reads the control messages of a send: 0; `-EINVAL` for a bad one, `-EBADF`, `-EPERM`, `-ESRCH`
    /// (`scm_send`).
    @Kernel({"scm_send", "__scm_send"})
    @HotPath
    static int parse(UnixSock sk, MsgHdr msg, ScmCookie scm) {
        byte[] control = msg.control;
        if (control == null || msg.controlLen <= 0) {
            return 0;
        }
        int err = parseAll(control, msg.controlLen, scm);
        if (err < 0) {
            scm.destroy();
        }
        return err;
    }

    private static int parseAll(byte[] control, int end, ScmCookie scm) {
        int at = end < CmsgHdr.SIZE ? -1 : 0;
        while (at >= 0) {
            if (!CmsgHdr.ok(control, at, end)) {
                return -Errno.EINVAL;
            }
            if (CmsgHdr.level(control, at) == Sol.SOL_SOCKET) {
                int err =
                        switch (CmsgHdr.type(control, at)) {
                            case So.SCM_RIGHTS -> rights(control, at, scm);
                            case So.SCM_CREDENTIALS -> credentials(control, at, scm);
                            default -> -Errno.EINVAL;
                        };
                if (err < 0) {
                    return err;
                }
            }
            at = CmsgHdr.next(control, at, end);
        }
        return 0;
    }

    @Kernel("scm_fp_copy")
    private static int rights(byte[] control, int at, ScmCookie scm) {
        int num = CmsgHdr.dataLen(control, at) / 4;
        if (num <= 0) {
            return 0;
        }
        ScmFpList list = scm.fp;
        if (num > ScmFpList.MAX || list != null && list.count + num > ScmFpList.MAX) {
            return -Errno.EINVAL;
        }
        if (list == null) {
            list = new ScmFpList();
            scm.fp = list;
        }
        CurrentTask task = CurrentTask.get();
        for (int i = 0; i < num; i++) {
            int fd = Abi.getInt(control, at + CmsgHdr.SIZE + 4 * i);
            File file = task == null ? null : task.files().getRaw(fd);
            if (file == null) {
                return -Errno.EBADF;
            }
            list.files[list.count++] = file;
        }
        return 0;
    }

    private static int credentials(byte[] control, int at, ScmCookie scm) {
        if (CmsgHdr.dataLen(control, at) != Ucred.SIZE) {
            return -Errno.EINVAL;
        }
        Ucred given = Ucred.read(control, at + CmsgHdr.SIZE);
        if (given.uid() == -1 || given.gid() == -1) {
            return -Errno.EINVAL;
        }
        Ucred own = CurrentTask.currentUcred();
        if (own.uid() != 0 && !given.equals(own)) {
            return -Errno.EPERM;
        }
        CurrentTask task = CurrentTask.get();
        CurrentTask process = task == null ? null : task.find(given.pid());
        if (process == null) {
            return -Errno.ESRCH;
        }
        scm.cred = given;
        scm.task = process;
        return 0;
    }

    /// Ties credentials and descriptors to a packet that goes to `other`: 0 or
    /// `-ETOOMANYREFS`.
    @Kernel({"unix_scm_to_skb", "unix_maybe_add_creds", "unix_attach_fds"})
    @HotPath
    static int attach(UnixSock sk, UnixSock other, SkBuff skb, ScmCookie scm) {
        UnixSkbParms parms = UnixSkbParms.of(skb);
        parms.cred = scm.cred;
        parms.task = scm.task;
        if (parms.cred == null && (wantsCreds(sk) || wantsCreds(other) || other.socket == null)) {
            parms.cred = CurrentTask.currentUcred();
            parms.task = CurrentTask.get();
        }
        ScmFpList list = scm.fp;
        return list == null ? 0 : attachFds(sk, parms, scm, list);
    }

    private static int attachFds(UnixSock sk, UnixSkbParms parms, ScmCookie scm, ScmFpList list) {
        UnixGc gc = UnixGc.OF.of(sk.net);
        CurrentTask task = CurrentTask.get();
        list.uid = CurrentTask.currentUcred().uid();
        if (list.uid != 0 && task != null && gc.inFlightOf(list.uid) > task.files().limit()) {
            return -Errno.ETOOMANYREFS;
        }
        scm.fp = null;
        parms.fp = list;
        list.flies(gc);
        return 0;
    }

    /// True if the receiver refuses the descriptors of a packet: `EPERM`. Its state lock is held.
    @HotPath
    static boolean refused(UnixSock other, SkBuff skb) {
        return UnixSkbParms.of(skb).fp != null && (other.scmRecvFlags & Sock.SCM_RECV_RIGHTS) == 0;
    }

    // ---- receiving -----------------------------------------------------------------------------

    /// Hands over what came with the data; without room for it, `MSG_CTRUNC` (`scm_recv_unix`).
    @Kernel({"scm_recv_unix", "__scm_recv_common"})
    @HotPath
    static void recv(UnixSock sk, MsgHdr msg, ScmCookie scm, int flags) {
        if (msg.control == null) {
            if (scm.fp != null || wantsCreds(sk)) {
                msg.flags |= Msg.MSG_CTRUNC;
            }
            scm.destroy();
            return;
        }
        if ((sk.scmRecvFlags & Sock.SCM_RECV_CREDENTIALS) != 0) {
            putCredentials(msg, scm.cred);
        }
        ScmFpList list = scm.fp;
        if (list != null) {
            detach(msg, list, (flags & Msg.MSG_CMSG_CLOEXEC) != 0);
            scm.destroy();
        }
        if ((sk.scmRecvFlags & Sock.SCM_RECV_PIDFD) != 0) {
            putPidfd(msg, scm.task);
        }
    }

    private static void putCredentials(MsgHdr msg, @Nullable Ucred cred) {
        byte[] raw = new byte[Ucred.SIZE];
        (cred == null ? new Ucred(0, OVERFLOW_ID, OVERFLOW_ID) : cred).encode(raw, 0);
        PutCmsg.put(msg, Sol.SOL_SOCKET, So.SCM_CREDENTIALS, raw, raw.length);
    }

    /// A descriptor for the process that sent; the error in its place where there is none.
    @Kernel("scm_pidfd_recv")
    private static void putPidfd(MsgHdr msg, @Nullable CurrentTask sender) {
        byte[] control = msg.control;
        CurrentTask task = CurrentTask.get();
        assert control != null;
        if (control.length - msg.controlLen < CmsgHdr.len(4)) {
            msg.flags |= Msg.MSG_CTRUNC;
        } else if (sender != null && task != null) {
            int fd = PidFd.open(task.files(), sender, 0);
            PutCmsg.putInt(msg, Sol.SOL_SOCKET, So.SCM_PIDFD, fd);
        }
    }

    /// Makes descriptors of as many files as there is room for.
    @Kernel("scm_detach_fds")
    private static void detach(MsgHdr msg, ScmFpList list, boolean cloexec) {
        byte[] control = msg.control;
        CurrentTask task = CurrentTask.get();
        assert control != null;
        int at = msg.controlLen;
        int room = Math.max(0, control.length - at - CmsgHdr.SIZE) / 4;
        int done = 0;
        while (task != null && done < Math.min(room, list.count)) {
            int fd = install(task.files(), list.file(done), cloexec);
            if (fd < 0) {
                break;
            }
            Abi.putInt(control, at + CmsgHdr.SIZE + 4 * done, fd);
            done++;
        }
        if (done > 0) {
            CmsgHdr.put(control, at, Sol.SOL_SOCKET, So.SCM_RIGHTS, 4 * done);
            msg.controlLen = Math.min(control.length, at + CmsgHdr.space(4 * done));
        }
        if (done < list.count) {
            msg.flags |= Msg.MSG_CTRUNC;
        }
    }

    private static int install(FileDescriptorTable files, File file, boolean cloexec) {
        int fd = files.reserve(cloexec);
        if (fd >= 0) {
            boolean alive = file.get();
            assert alive;
            files.install(fd, file);
        }
        return fd;
    }
}
