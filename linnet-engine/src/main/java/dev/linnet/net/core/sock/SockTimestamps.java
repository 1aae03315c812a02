package dev.linnet.net.core.sock;

import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.So;

/// `SO_TIMESTAMP`, `SO_TIMESTAMPNS` and their forms with 64-bit seconds on every architecture, whose
/// control messages have numbers of their own. All are one setting: the last one that was switched on
/// holds. The sock is locked.
final class SockTimestamps {
    private SockTimestamps() {}

    private static boolean isNew(int name) {
        return name == So.SO_TIMESTAMP_NEW
                || name == So.SO_TIMESTAMPNS_NEW
                || name == So.SO_TIMESTAMPING_NEW;
    }

    private static boolean isNs(int name) {
        return name == So.SO_TIMESTAMPNS_OLD || name == So.SO_TIMESTAMPNS_NEW;
    }

    @Kernel("sock_set_timestamp")
    static void set(Sock sk, int name, boolean on) {
        sk.rcvtstamp = on;
        sk.rcvtstampns = on && isNs(name);
        if (on) {
            sk.tstampNew = isNew(name);
        }
    }

    /// 1 if stamps come in just this form.
    static int get(Sock sk, int name) {
        boolean form = sk.tstampNew == isNew(name);
        // The two new forms do not exclude one another.
        boolean unit = isNs(name) ? sk.rcvtstampns : isNew(name) || !sk.rcvtstampns;
        return sk.rcvtstamp && form && unit ? 1 : 0;
    }
}
