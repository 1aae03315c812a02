package dev.linnet.kernel.mib;

/// Counters of ICMPv6 (`ICMP6_MIB_…`): the `Icmp6` lines of `/proc/net/snmp6`. Counters per message
/// type are in [IcmpMsgCounters].
public enum Icmp6Mib implements Mib {
    INMSGS(MibGroup.ICMP6, "InMsgs", "Messages received, also those with errors"),
    INERRORS(MibGroup.ICMP6, "InErrors", "Messages received with errors"),
    OUTMSGS(MibGroup.ICMP6, "OutMsgs", "Messages sent, also those that failed"),
    OUTERRORS(MibGroup.ICMP6, "OutErrors", "Messages that could not be sent"),
    CSUMERRORS(MibGroup.ICMP6, "InCsumErrors", "Messages with a wrong checksum"),
    RATELIMITHOST(MibGroup.ICMP6, "OutRateLimitHost", "Messages held back by icmp.ratelimit");

    private final int index;
    private final MibGroup group;
    private final String text;
    private final String meaning;

    Icmp6Mib(MibGroup group, String text, String meaning) {
        this.index = MibLayout.ICMP6 + ordinal();
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
