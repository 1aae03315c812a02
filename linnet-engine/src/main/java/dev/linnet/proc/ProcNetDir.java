package dev.linnet.proc;

import dev.linnet.fs.proc.ProcNode;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.ProcNet;
import dev.linnet.kernel.sysctl.ConfSysctls;
import dev.linnet.kernel.sysctl.IpSysctls;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.unix.UnixProc;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// `/proc/net`: the tables of one network namespace.
public final class ProcNetDir implements ProcNode.OpenDir {
    private final Map<String, ProcNode> files = new TreeMap<>();

    @Kernel("proc_create_net_data")
    public ProcNetDir(NetNamespace net) {
        add("arp", () -> ProcNetIp.arp(net));
        add("dev", () -> ProcNetDev.text(net));
        add("icmp", () -> ProcNetDgram.icmp(net, false));
        add("icmp6", () -> ProcNetDgram.icmp(net, true));
        add("if_inet6", () -> ProcNetIp.ifInet6(net));
        add("ipv6_route", () -> ProcNetRoute.v6(net));
        add("netstat", () -> ProcNet.netstat(net.mib));
        add("raw", () -> ProcNetDgram.raw(net, false));
        add("raw6", () -> ProcNetDgram.raw(net, true));
        add("route", () -> ProcNetRoute.v4(net));
        add("snmp", () -> snmp(net));
        add("snmp6", () -> ProcNet.snmp6(net.mib));
        add("sockstat", () -> ProcNetSockstat.v4(net));
        add("sockstat6", () -> ProcNetSockstat.v6(net));
        add("tcp", () -> ProcNetTcp.text(net, false));
        add("tcp6", () -> ProcNetTcp.text(net, true));
        add("udp", () -> ProcNetDgram.udp(net, false));
        add("udp6", () -> ProcNetDgram.udp(net, true));
        add("unix", () -> unix(net));
    }

    private void add(String name, Supplier<String> content) {
        files.put(name, new Text(content));
    }

    private static String unix(NetNamespace net) {
        StringBuilder out = new StringBuilder();
        UnixProc.show(net, out);
        return out.toString();
    }

    private static String snmp(NetNamespace net) {
        boolean forwards = net.sysctl.ipv4All().get(ConfSysctls.FORWARDING) != 0;
        return ProcNet.snmp(net.mib, forwards, net.sysctl.get(IpSysctls.DEFAULT_TTL));
    }

    @Override
    public @Nullable ProcNode find(String name) {
        return files.get(name);
    }

    @Override
    public List<String> names() {
        return List.copyOf(files.keySet());
    }
}
