package dev.linnet.kernel.sysctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.uapi.Errno;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Reading by type, writing by name, observers, namespaces and devices.
class SysctlValuesTest {
    private final SysctlValues first = SysctlValues.initial(Machine.ofMemory(8L << 30));

    @Test
    void typedReadingFollowsWriting() {
        assertThat(first.get(TcpSysctls.SACK)).isTrue();
        assertThat(first.write("net.ipv4.tcp_sack", "0\n")).isZero();
        assertThat(first.get(TcpSysctls.SACK)).isFalse();
        assertThat(first.write("net.ipv4.tcp_rmem", "4096\t87380 6291456")).isZero();
        assertThat(first.get(TcpSysctls.RMEM, 2)).isEqualTo(6291456);
        assertThat(first.get(TcpSysctls.NOTSENT_LOWAT)).isEqualTo(0xffff_ffffL);
        assertThat(first.get(IpSysctls.IPFRAG_HIGH_THRESH)).isEqualTo(4 << 20);
        assertThat(first.get(TcpSysctls.CONGESTION_CONTROL)).isEqualTo("cubic");
        assertThat(first.write("net.ipv4.ip_local_reserved_ports", "8080,9000-9010")).isZero();
        assertThat(first.get(IpSysctls.LOCAL_RESERVED_PORTS, 9010)).isTrue();
        assertThat(first.get(IpSysctls.LOCAL_RESERVED_PORTS, 9011)).isFalse();
        assertThat(first.get(IpSysctls.LOCAL_RESERVED_PORTS, 1 << 20)).isFalse();
        assertThat(first.get(IpSysctls.LOCAL_RESERVED_PORTS, -1)).isFalse();
    }

    @Test
    void timesAreHeldInJiffies() {
        assertThat(first.get(TcpSysctls.FIN_TIMEOUT)).isEqualTo(60_000);
        assertThat(first.get(IpSysctls.ICMP_RATELIMIT)).isEqualTo(1000);
        DevConf neigh = first.addIpv4("eth0", false).neigh();
        assertThat(neigh.get(NeighSysctls.IPV4.retransTime)).isEqualTo(1000);
        assertThat(first.write("net.ipv4.neigh.eth0.retrans_time", "50")).isZero();
        assertThat(neigh.get(NeighSysctls.IPV4.retransTime)).isEqualTo(500);
        assertThat(first.read("net.ipv4.neigh.eth0.retrans_time_ms")).isEqualTo("500");
        assertThat(first.read("net.ipv4.neigh.eth0.base_reachable_time")).isEqualTo("30");
    }

    @Test
    void namesAreDottedOrPaths() {
        first.addIpv4("eth0.7", false);
        assertThat(first.names()).contains("net.ipv4.conf.eth0/7.rp_filter", "fs.file-max");
        assertThat(first.write("net.ipv4.conf.eth0/7.rp_filter", "1")).isZero();
        assertThat(first.read("net/ipv4/conf/eth0.7/rp_filter")).isEqualTo("1");
        assertThat(first.names()).allMatch(name -> first.mode(name) != 0).doesNotHaveDuplicates();
        for (String name :
                List.of("", ".", "net", "net.ipv4.conf", "net.ipv4.conf.eth1.tag", "x.y", "/")) {
            assertThat(first.write(name, "1")).as(name).isEqualTo(-Errno.ENOENT);
            assertThat(first.read(name)).as(name).isNull();
            assertThat(first.mode(name)).as(name).isEqualTo(-Errno.ENOENT);
        }
    }

    @Test
    void filesHavePermissions() {
        assertThat(first.write("net.ipv4.tcp_ehash_entries", "1")).isEqualTo(-Errno.EACCES);
        assertThat(first.read("net.ipv4.route.flush", new StringBuilder()))
                .isEqualTo(-Errno.EACCES);
        SysctlValues second = first.newNamespace();
        assertThat(second.write("net.core.rmem_max", "65536")).isEqualTo(-Errno.EACCES);
        assertThat(second.write("net.core.netdev_max_backlog", "5")).isEqualTo(-Errno.ENOENT);
        assertThat(second.names()).doesNotContain("net.core.netdev_max_backlog");
        assertThat(second.mode("net.core.rmem_max")).isEqualTo(0444);
    }

    @Test
    void namespacesAreSeparateExceptForWhatIsShared() {
        SysctlValues second = first.newNamespace();
        first.write("net.ipv4.tcp_sack", "0");
        assertThat(second.get(TcpSysctls.SACK)).isTrue();
        first.write("net.core.rmem_max", "65536");
        assertThat(second.get(NetCoreSysctls.RMEM_MAX)).isEqualTo(65536);
        first.write("net.ipv4.tcp_wmem", "4096 4097 4098");
        assertThat(second.get(TcpSysctls.WMEM, 1)).isEqualTo(16384);
        assertThat(first.newNamespace().get(TcpSysctls.WMEM, 1)).isEqualTo(4097);
        assertThat(second.newNamespace().get(TcpSysctls.WMEM, 1)).isEqualTo(4097);
    }

    @Test
    void observersSeeEachSuccessfulWrite() {
        List<String> seen = new ArrayList<>();
        first.observe(
                NetCoreSysctls.SOMAXCONN,
                () -> seen.add("somaxconn " + first.get(NetCoreSysctls.SOMAXCONN)));
        first.observe(RouteSysctls.FLUSH, () -> seen.add("flush"));
        first.write("net.core.somaxconn", "7");
        first.write("net.core.somaxconn", "-1");
        first.write("net.core.somaxconn", "7");
        first.set(NetCoreSysctls.SOMAXCONN, 9);
        first.write("net.ipv4.route.flush", "1");
        assertThat(seen).containsExactly("somaxconn 7", "somaxconn 7", "somaxconn 9", "flush");
    }

    @Test
    void observersOfDevicesSeeWhatAnotherKnobChanged() {
        first.addIpv4("a", false);
        first.addIpv4("b", false);
        List<String> seen = new ArrayList<>();
        first.observe(
                ConfSysctls.FORWARDING,
                conf -> seen.add(conf.name() + conf.get(ConfSysctls.FORWARDING)));
        first.write("net.ipv4.ip_forward", "1");
        assertThat(seen).containsExactly("all1", "default1", "a1", "b1");
        seen.clear();
        first.removeIpv4("a");
        first.renameDevice("b", "c");
        first.write("net.ipv4.conf.c.forwarding", "0");
        assertThat(seen).containsExactly("c0");
    }

    @Test
    void valuesOfDeviceAndAllCombine() {
        DevConf conf = first.addIpv4("eth0", false).conf();
        first.write("net.ipv4.conf.all.rp_filter", "1");
        first.write("net.ipv4.conf.eth0.rp_filter", "2");
        assertThat(conf.effective(ConfSysctls.RP_FILTER)).isEqualTo(2);
        assertThat(conf.on(ConfSysctls.ACCEPT_SOURCE_ROUTE)).isFalse();
        assertThat(conf.on(ConfSysctls.SEND_REDIRECTS)).isTrue();
        first.write("net.ipv4.conf.all.send_redirects", "0");
        assertThat(conf.on(ConfSysctls.SEND_REDIRECTS)).isTrue();
        first.write("net.ipv4.conf.eth0.send_redirects", "0");
        assertThat(conf.on(ConfSysctls.SEND_REDIRECTS)).isFalse();
        first.write("net.ipv4.conf.all.accept_redirects", "0");
        assertThat(ConfSysctls.acceptsRedirects(conf, first.ipv4All())).isTrue();
        first.write("net.ipv4.conf.eth0.forwarding", "1");
        assertThat(ConfSysctls.acceptsRedirects(conf, first.ipv4All())).isFalse();
    }

    @Test
    void theMtuOfIpv6StaysWithinTheDevice() {
        DevConf conf = first.addIpv6("eth0", 1500, false, false).conf();
        assertThat(conf.get(Conf6Sysctls.MTU)).isEqualTo(1500);
        assertThat(first.write("net.ipv6.conf.eth0.mtu", "1501")).isEqualTo(-Errno.EINVAL);
        assertThat(first.write("net.ipv6.conf.eth0.mtu", "1279")).isEqualTo(-Errno.EINVAL);
        assertThat(first.write("net.ipv6.conf.eth0.mtu", "1280")).isZero();
        assertThat(first.write("net.ipv6.conf.all.mtu", "70000")).isZero();
    }
}
