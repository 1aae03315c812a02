package dev.linnet.kernel.mib;

/// The line of a `/proc/net` file, or the prefix in `/proc/net/snmp6`, that counters belong to.
public enum MibGroup {
    IP("Ip", "snmp"),
    ICMP("Icmp", "snmp"),
    TCP("Tcp", "snmp"),
    UDP("Udp", "snmp"),
    UDP_LITE("UdpLite", "snmp"),
    TCP_EXT("TcpExt", "netstat"),
    IP_EXT("IpExt", "netstat"),
    IP6("Ip6", "snmp6"),
    ICMP6("Icmp6", "snmp6"),
    UDP6("Udp6", "snmp6"),
    UDP_LITE6("UdpLite6", "snmp6");

    private final String prefix;
    private final String file;

    MibGroup(String prefix, String file) {
        this.prefix = prefix;
        this.file = file;
    }

    /// The name of the line, such as `TcpExt`.
    public String prefix() {
        return prefix;
    }

    /// The file under `/proc/net`.
    public String file() {
        return file;
    }
}
