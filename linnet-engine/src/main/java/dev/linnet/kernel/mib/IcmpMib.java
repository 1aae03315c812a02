package dev.linnet.kernel.mib;

/// Counters of ICMP (`ICMP_MIB_…`): the line `Icmp` of `/proc/net/snmp`. Counters per message type are
/// in [IcmpMsgCounters].
public enum IcmpMib implements Mib {
    INMSGS(MibGroup.ICMP, "InMsgs", "Messages received, also those with errors"),
    INERRORS(MibGroup.ICMP, "InErrors", "Messages received with errors"),
    CSUMERRORS(MibGroup.ICMP, "InCsumErrors", "Messages with a wrong checksum"),
    OUTMSGS(MibGroup.ICMP, "OutMsgs", "Messages sent, also those that failed"),
    OUTERRORS(MibGroup.ICMP, "OutErrors", "Messages that could not be sent"),
    RATELIMITGLOBAL(MibGroup.ICMP, "OutRateLimitGlobal", "Messages held back by icmp_msgs_per_sec"),
    RATELIMITHOST(MibGroup.ICMP, "OutRateLimitHost", "Messages held back by icmp_ratelimit");

    private final int index;
    private final MibGroup group;
    private final String text;
    private final String meaning;

    IcmpMib(MibGroup group, String text, String meaning) {
        this.index = MibLayout.ICMP + ordinal();
        this.group = group;
        this.text = text;
        this.meaning = meaning;
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public MibGroup group() {
        return group;
    }

    @Override
    public String text() {
        return text;
    }

    @Override
    public String meaning() {
        return meaning;
    }
}
