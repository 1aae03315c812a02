package dev.linnet.kernel.mib;

/// Counters of IPv4 (`IPSTATS_MIB_…` with `IP_INC_STATS`): the line `Ip` of `/proc/net/snmp` and
/// `IpExt` of `/proc/net/netstat`. Names keep the stem of Linux's constants.
public enum IpMib implements Mib {
    INPKTS(MibGroup.IP, "InReceives", "Packets received, also those with errors"),
    INHDRERRORS(MibGroup.IP, "InHdrErrors", "Packets dropped because of their header"),
    INADDRERRORS(
            MibGroup.IP, "InAddrErrors", "Packets dropped because of their destination address"),
    OUTFORWDATAGRAMS(MibGroup.IP, "ForwDatagrams", "Packets forwarded"),
    INUNKNOWNPROTOS(MibGroup.IP, "InUnknownProtos", "Packets of a protocol that nobody handles"),
    INDISCARDS(MibGroup.IP, "InDiscards", "Good packets dropped for want of resources"),
    INDELIVERS(MibGroup.IP, "InDelivers", "Packets delivered to a protocol"),
    OUTREQUESTS(MibGroup.IP, "OutRequests", "Packets that protocols handed down"),
    OUTDISCARDS(MibGroup.IP, "OutDiscards", "Good packets not sent for want of resources"),
    OUTNOROUTES(MibGroup.IP, "OutNoRoutes", "Packets without a route"),
    REASMTIMEOUT(MibGroup.IP, "ReasmTimeout", "Fragments given up after a time"),
    REASMREQDS(MibGroup.IP, "ReasmReqds", "Fragments received"),
    REASMOKS(MibGroup.IP, "ReasmOKs", "Packets reassembled"),
    REASMFAILS(MibGroup.IP, "ReasmFails", "Failed reassemblies"),
    FRAGOKS(MibGroup.IP, "FragOKs", "Packets fragmented"),
    FRAGFAILS(MibGroup.IP, "FragFails", "Packets that could not be fragmented"),
    FRAGCREATES(MibGroup.IP, "FragCreates", "Fragments made"),
    OUTPKTS(
            MibGroup.IP,
            "OutTransmits",
            "Packets given to a device, fragments and forwarded ones included"),
    INNOROUTES(MibGroup.IP_EXT, "InNoRoutes", "Received packets without a route"),
    INTRUNCATEDPKTS(MibGroup.IP_EXT, "InTruncatedPkts", "Packets shorter than their header says"),
    INMCASTPKTS(MibGroup.IP_EXT, "InMcastPkts", "Multicast packets received"),
    OUTMCASTPKTS(MibGroup.IP_EXT, "OutMcastPkts", "Multicast packets sent"),
    INBCASTPKTS(MibGroup.IP_EXT, "InBcastPkts", "Broadcast packets received"),
    OUTBCASTPKTS(MibGroup.IP_EXT, "OutBcastPkts", "Broadcast packets sent"),
    INOCTETS(MibGroup.IP_EXT, "InOctets", "Bytes received"),
    OUTOCTETS(MibGroup.IP_EXT, "OutOctets", "Bytes sent"),
    INMCASTOCTETS(MibGroup.IP_EXT, "InMcastOctets", "Multicast bytes received"),
    OUTMCASTOCTETS(MibGroup.IP_EXT, "OutMcastOctets", "Multicast bytes sent"),
    INBCASTOCTETS(MibGroup.IP_EXT, "InBcastOctets", "Broadcast bytes received"),
    OUTBCASTOCTETS(MibGroup.IP_EXT, "OutBcastOctets", "Broadcast bytes sent"),
    CSUMERRORS(MibGroup.IP_EXT, "InCsumErrors", "Headers with a wrong checksum"),
    NOECTPKTS(MibGroup.IP_EXT, "InNoECTPkts", "Packets received without ECN"),
    ECT1PKTS(MibGroup.IP_EXT, "InECT1Pkts", "Packets received as ECT(1)"),
    ECT0PKTS(MibGroup.IP_EXT, "InECT0Pkts", "Packets received as ECT(0)"),
    CEPKTS(MibGroup.IP_EXT, "InCEPkts", "Packets received with a congestion mark"),
    REASM_OVERLAPS(MibGroup.IP_EXT, "ReasmOverlaps", "Fragments dropped because they overlap");

    private final int index;
    private final MibGroup group;
    private final String text;
    private final String meaning;

    IpMib(MibGroup group, String text, String meaning) {
        this.index = MibLayout.IP + ordinal();
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
