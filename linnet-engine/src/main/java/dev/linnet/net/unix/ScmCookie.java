package dev.linnet.net.unix;

import dev.linnet.fs.CurrentTask;
import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Ucred;
import org.jspecify.annotations.Nullable;

/// What a call sends or receives beside data (`struct scm_cookie`). Each thread has one, for the length
/// of a call.
@Kernel("scm_cookie")
final class ScmCookie {
    /// Stands where no call is.
    static final ScmCookie NONE = new ScmCookie();

    private static final ThreadLocal<ScmCookie> SCRATCH = ThreadLocal.withInitial(ScmCookie::new);

    /// Sending: credentials that the user gave, or null. Receiving: those of the sender, or null.
    @Nullable Ucred cred;

    @Nullable CurrentTask task;

    /// Descriptors, or null.
    @Nullable ScmFpList fp;

    /// Of a peek: bytes of the packet that it passes over, and who sent it.
    int skip;

    @Nullable UnixSock sender;

    /// Where a search says why it found nothing.
    final int[] result = new int[1];

    /// The calling thread's own, empty.
    static ScmCookie scratch() {
        ScmCookie scm = SCRATCH.get();
        scm.cred = null;
        scm.task = null;
        scm.fp = null;
        return scm;
    }

    /// Takes note of who sent a packet.
    void from(UnixSkbParms parms) {
        cred = parms.cred;
        task = parms.task;
    }

    /// Takes the descriptors of a packet that is read (`unix_detach_fds`).
    @Kernel("unix_detach_fds")
    void take(UnixSkbParms parms) {
        ScmFpList list = parms.fp;
        if (list != null) {
            parms.fp = null;
            list.landed();
            replace(list);
        }
    }

    /// Takes other references to the descriptors of a packet that is only looked at
    /// (`unix_peek_fds`).
    @Kernel("unix_peek_fds")
    void peek(ScmFpList list) {
        replace(list.dup());
    }

    private void replace(ScmFpList list) {
        destroy();
        fp = list;
    }

    /// Gives back what nobody took.
    @Kernel("scm_destroy")
    void destroy() {
        ScmFpList list = fp;
        if (list != null) {
            fp = null;
            list.put();
        }
    }
}
