package dev.linnet.kernel.mib;

/// Counters of UDP-Lite over IPv6 (`UDP_MIB_…`): `UdpLite6` of `/proc/net/snmp6`.
public enum UdpLite6Mib implements Mib {
    INDATAGRAMS(MibGroup.UDP_LITE6, "InDatagrams", "Datagrams delivered to a socket"),
    NOPORTS(MibGroup.UDP_LITE6, "NoPorts", "Datagrams to a port without a socket"),
    INERRORS(
            MibGroup.UDP_LITE6,
            "InErrors",
            "Datagrams that could not be delivered for another reason"),
    OUTDATAGRAMS(MibGroup.UDP_LITE6, "OutDatagrams", "Datagrams sent"),
    RCVBUFERRORS(
            MibGroup.UDP_LITE6,
            "RcvbufErrors",
            "Datagrams dropped because the receive buffer was full"),
    SNDBUFERRORS(
            MibGroup.UDP_LITE6,
            "SndbufErrors",
            "Datagrams not sent because the send buffer was full"),
    CSUMERRORS(MibGroup.UDP_LITE6, "InCsumErrors", "Datagrams with a wrong checksum"),
    MEMERRORS(
            MibGroup.UDP_LITE6, "MemErrors", "Datagrams dropped because UDP's memory was used up");

    private final int index;
    private final MibGroup group;
    private final String text;
    private final String meaning;

    UdpLite6Mib(MibGroup group, String text, String meaning) {
        this.index = MibLayout.UDP_LITE6 + ordinal();
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
