package dev.linnet.net.unix;

import dev.linnet.fs.CurrentTask;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbParms;
import dev.linnet.uapi.Ucred;
import org.jspecify.annotations.Nullable;

/// What a packet of AF_UNIX carries beside its data (`struct unix_skb_parms`).
@Kernel("unix_skb_parms")
final class UnixSkbParms extends SkbParms {
    /// Who sent it, or null where nobody asked when it was sent.
    @Nullable Ucred cred;

    @Nullable CurrentTask task;

    /// Descriptors in flight, or null.
    @Nullable ScmFpList fp;

    /// Bytes of a stream's packet that have been read.
    int consumed;

    /// The parms of a packet, made when the pooled packet has none yet (`UNIXCB`).
    static UnixSkbParms of(SkBuff skb) {
        if (skb.parms instanceof UnixSkbParms parms) {
            return parms;
        }
        UnixSkbParms made = new UnixSkbParms();
        skb.parms = made;
        return made;
    }

    /// Bytes of a stream's packet that have not been read.
    @Kernel("unix_skb_len")
    static int unread(SkBuff skb) {
        return skb.len - of(skb).consumed;
    }

    @Override
    @Kernel("unix_destruct_scm")
    protected void clear() {
        cred = null;
        task = null;
        consumed = 0;
        ScmFpList list = fp;
        if (list != null) {
            fp = null;
            list.landed();
            list.put();
        }
    }
}
