package dev.linnet.kernel.mib;

/// Counters of UDP-Lite over IPv4 (`UDP_MIB_…`): `UdpLite` of `/proc/net/snmp`.
public enum UdpLiteMib implements Mib {
    INDATAGRAMS(MibGroup.UDP_LITE, "InDatagrams", "Datagrams delivered to a socket"),
    NOPORTS(MibGroup.UDP_LITE, "NoPorts", "Datagrams to a port without a socket"),
    INERRORS(
            MibGroup.UDP_LITE,
            "InErrors",
            "Datagrams that could not be delivered for another reason"),
    OUTDATAGRAMS(MibGroup.UDP_LITE, "OutDatagrams", "Datagrams sent"),
    RCVBUFERRORS(
            MibGroup.UDP_LITE,
            "RcvbufErrors",
            "Datagrams dropped because the receive buffer was full"),
    SNDBUFERRORS(
            MibGroup.UDP_LITE,
            "SndbufErrors",
            "Datagrams not sent because the send buffer was full"),
    CSUMERRORS(MibGroup.UDP_LITE, "InCsumErrors", "Datagrams with a wrong checksum"),
    IGNOREDMULTI(MibGroup.UDP_LITE, "IgnoredMulti", "Multicast datagrams that no socket wanted"),
    MEMERRORS(MibGroup.UDP_LITE, "MemErrors", "Datagrams dropped because UDP's memory was used up");

    private final int index;
    private final MibGroup group;
    private final String text;
    private final String meaning;

    UdpLiteMib(MibGroup group, String text, String meaning) {
        this.index = MibLayout.UDP_LITE + ordinal();
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
