package dev.linnet.kernel.mib;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import java.util.concurrent.atomic.AtomicLongArray;

/// ICMP or ICMPv6 messages by direction and type, 0 to 255. There are few of them, so one set serves
/// all threads.
@Kernel({"icmpmsg_mib", "icmpv6msg_mib"})
public final class IcmpMsgCounters {
    private static final int TYPES = 256;

    private final AtomicLongArray counts = new AtomicLongArray(2 * TYPES);

    IcmpMsgCounters() {}

    /// Counts a received message.
    @HotPath
    @Kernel({"ICMPMSGIN_INC_STATS", "ICMP6MSGIN_INC_STATS"})
    public void in(int type) {
        counts.getAndIncrement(type & 0xff);
    }

    /// Counts a sent message.
    @HotPath
    @Kernel({"ICMPMSGOUT_INC_STATS", "ICMP6MSGOUT_INC_STATS"})
    public void out(int type) {
        counts.getAndIncrement(TYPES + (type & 0xff));
    }

    /// Messages of a type received.
    public long received(int type) {
        return counts.get(type & 0xff);
    }

    /// Messages of a type sent.
    public long sent(int type) {
        return counts.get(TYPES + (type & 0xff));
    }
}
