package dev.linnet.kernel.mib;

/// Counters of UDP over IPv6 (`UDP_MIB_…`): `Udp6` of `/proc/net/snmp6`.
public enum Udp6Mib implements Mib {
    INDATAGRAMS(MibGroup.UDP6, "InDatagrams", "Datagrams delivered to a socket"),
    NOPORTS(MibGroup.UDP6, "NoPorts", "Datagrams to a port without a socket"),
    INERRORS(MibGroup.UDP6, "InErrors", "Datagrams that could not be delivered for another reason"),
    OUTDATAGRAMS(MibGroup.UDP6, "OutDatagrams", "Datagrams sent"),
    RCVBUFERRORS(
            MibGroup.UDP6, "RcvbufErrors", "Datagrams dropped because the receive buffer was full"),
    SNDBUFERRORS(
            MibGroup.UDP6, "SndbufErrors", "Datagrams not sent because the send buffer was full"),
    CSUMERRORS(MibGroup.UDP6, "InCsumErrors", "Datagrams with a wrong checksum"),
    IGNOREDMULTI(MibGroup.UDP6, "IgnoredMulti", "Multicast datagrams that no socket wanted"),
    MEMERRORS(MibGroup.UDP6, "MemErrors", "Datagrams dropped because UDP's memory was used up");

    private final int index;
    private final MibGroup group;
    private final String text;
    private final String meaning;

    Udp6Mib(MibGroup group, String text, String meaning) {
        this.index = MibLayout.UDP6 + ordinal();
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
