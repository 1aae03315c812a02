package dev.linnet.net.core.dev;

import java.util.concurrent.atomic.LongAdder;

/// Traffic counters of one interface (`rtnl_link_stats64`); safe from any thread.
public final class DevStats {
    public final LongAdder rxPackets = new LongAdder();
    public final LongAdder rxBytes = new LongAdder();
    public final LongAdder rxDropped = new LongAdder();
    public final LongAdder rxErrors = new LongAdder();
    public final LongAdder txPackets = new LongAdder();
    public final LongAdder txBytes = new LongAdder();
    public final LongAdder txDropped = new LongAdder();
    public final LongAdder txErrors = new LongAdder();
}
