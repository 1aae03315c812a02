package dev.linnet.kernel.mib;

/// Counters of TCP (`TCP_MIB_…`): the line `Tcp` of `/proc/net/snmp` (RFC 4022).
public enum TcpMib implements Mib {
    RTOALGORITHM(MibGroup.TCP, "RtoAlgorithm", "1: \"other\" algorithm for the timeout (RFC 4022)"),
    RTOMIN(MibGroup.TCP, "RtoMin", "Smallest retransmission timeout, ms"),
    RTOMAX(MibGroup.TCP, "RtoMax", "Largest retransmission timeout, ms"),
    MAXCONN(MibGroup.TCP, "MaxConn", "-1: no fixed limit of connections"),
    ACTIVEOPENS(MibGroup.TCP, "ActiveOpens", "Connections opened from here"),
    PASSIVEOPENS(MibGroup.TCP, "PassiveOpens", "Connections opened by a peer"),
    ATTEMPTFAILS(MibGroup.TCP, "AttemptFails", "Connections that failed before they were open"),
    ESTABRESETS(MibGroup.TCP, "EstabResets", "Open connections that were reset"),
    CURRESTAB(MibGroup.TCP, "CurrEstab", "Connections open now (ESTABLISHED or CLOSE-WAIT)"),
    INSEGS(MibGroup.TCP, "InSegs", "Segments received, also those with errors"),
    OUTSEGS(MibGroup.TCP, "OutSegs", "Segments sent, without retransmissions"),
    RETRANSSEGS(MibGroup.TCP, "RetransSegs", "Segments sent again"),
    INERRS(MibGroup.TCP, "InErrs", "Segments received with errors"),
    OUTRSTS(MibGroup.TCP, "OutRsts", "Resets sent"),
    CSUMERRORS(MibGroup.TCP, "InCsumErrors", "Segments with a wrong checksum");

    private final int index;
    private final MibGroup group;
    private final String text;
    private final String meaning;

    TcpMib(MibGroup group, String text, String meaning) {
        this.index = MibLayout.TCP + ordinal();
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
