package dev.linnet.kernel.mib;

/// Counters of IPv6 (`IPSTATS_MIB_…` with `IP6_INC_STATS`): the `Ip6` lines of `/proc/net/snmp6`.
public enum Ip6Mib implements Mib {
    INPKTS(MibGroup.IP6, "InReceives", "Packets received, also those with errors"),
    INHDRERRORS(MibGroup.IP6, "InHdrErrors", "Packets dropped because of their header"),
    INTOOBIGERRORS(MibGroup.IP6, "InTooBigErrors", "Packets too large to be forwarded"),
    INNOROUTES(MibGroup.IP6, "InNoRoutes", "Received packets without a route"),
    INADDRERRORS(
            MibGroup.IP6, "InAddrErrors", "Packets dropped because of their destination address"),
    INUNKNOWNPROTOS(MibGroup.IP6, "InUnknownProtos", "Packets of a protocol that nobody handles"),
    INTRUNCATEDPKTS(MibGroup.IP6, "InTruncatedPkts", "Packets shorter than their header says"),
    INDISCARDS(MibGroup.IP6, "InDiscards", "Good packets dropped for want of resources"),
    INDELIVERS(MibGroup.IP6, "InDelivers", "Packets delivered to a protocol"),
    OUTFORWDATAGRAMS(MibGroup.IP6, "OutForwDatagrams", "Packets forwarded"),
    OUTREQUESTS(MibGroup.IP6, "OutRequests", "Packets that protocols handed down"),
    OUTDISCARDS(MibGroup.IP6, "OutDiscards", "Good packets not sent for want of resources"),
    OUTNOROUTES(MibGroup.IP6, "OutNoRoutes", "Packets without a route"),
    REASMTIMEOUT(MibGroup.IP6, "ReasmTimeout", "Fragments given up after a time"),
    REASMREQDS(MibGroup.IP6, "ReasmReqds", "Fragments received"),
    REASMOKS(MibGroup.IP6, "ReasmOKs", "Packets reassembled"),
    REASMFAILS(MibGroup.IP6, "ReasmFails", "Failed reassemblies"),
    FRAGOKS(MibGroup.IP6, "FragOKs", "Packets fragmented"),
    FRAGFAILS(MibGroup.IP6, "FragFails", "Packets that could not be fragmented"),
    FRAGCREATES(MibGroup.IP6, "FragCreates", "Fragments made"),
    INMCASTPKTS(MibGroup.IP6, "InMcastPkts", "Multicast packets received"),
    OUTMCASTPKTS(MibGroup.IP6, "OutMcastPkts", "Multicast packets sent"),
    INOCTETS(MibGroup.IP6, "InOctets", "Bytes received"),
    OUTOCTETS(MibGroup.IP6, "OutOctets", "Bytes sent"),
    INMCASTOCTETS(MibGroup.IP6, "InMcastOctets", "Multicast bytes received"),
    OUTMCASTOCTETS(MibGroup.IP6, "OutMcastOctets", "Multicast bytes sent"),
    INBCASTOCTETS(MibGroup.IP6, "InBcastOctets", "Always 0, IPv6 has no broadcast"),
    OUTBCASTOCTETS(MibGroup.IP6, "OutBcastOctets", "Always 0, IPv6 has no broadcast"),
    NOECTPKTS(MibGroup.IP6, "InNoECTPkts", "Packets received without ECN"),
    ECT1PKTS(MibGroup.IP6, "InECT1Pkts", "Packets received as ECT(1)"),
    ECT0PKTS(MibGroup.IP6, "InECT0Pkts", "Packets received as ECT(0)"),
    CEPKTS(MibGroup.IP6, "InCEPkts", "Packets received with a congestion mark"),
    OUTPKTS(
            MibGroup.IP6,
            "OutTransmits",
            "Packets given to a device, fragments and forwarded ones included");

    private final int index;
    private final MibGroup group;
    private final String text;
    private final String meaning;

    Ip6Mib(MibGroup group, String text, String meaning) {
        this.index = MibLayout.IP6 + ordinal();
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
