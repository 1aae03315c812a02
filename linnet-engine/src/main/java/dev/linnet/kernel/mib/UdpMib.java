package dev.linnet.kernel.mib;

/// Counters of UDP over IPv4 (`UDP_MIB_…`): `Udp` of `/proc/net/snmp`.
public enum UdpMib implements Mib {
    INDATAGRAMS(MibGroup.UDP, "InDatagrams", "Datagrams delivered to a socket"),
    NOPORTS(MibGroup.UDP, "NoPorts", "Datagrams to a port without a socket"),
    INERRORS(MibGroup.UDP, "InErrors", "Datagrams that could not be delivered for another reason"),
    OUTDATAGRAMS(MibGroup.UDP, "OutDatagrams", "Datagrams sent"),
    RCVBUFERRORS(
            MibGroup.UDP, "RcvbufErrors", "Datagrams dropped because the receive buffer was full"),
    SNDBUFERRORS(
            MibGroup.UDP, "SndbufErrors", "Datagrams not sent because the send buffer was full"),
    CSUMERRORS(MibGroup.UDP, "InCsumErrors", "Datagrams with a wrong checksum"),
    IGNOREDMULTI(MibGroup.UDP, "IgnoredMulti", "Multicast datagrams that no socket wanted"),
    MEMERRORS(MibGroup.UDP, "MemErrors", "Datagrams dropped because UDP's memory was used up");

    private final int index;
    private final MibGroup group;
    private final String text;
    private final String meaning;

    UdpMib(MibGroup group, String text, String meaning) {
        this.index = MibLayout.UDP + ordinal();
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
