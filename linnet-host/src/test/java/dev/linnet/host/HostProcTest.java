package dev.linnet.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@RequiresNamespaces
class HostProcTest {
    @Test
    void readsSysctlsOfTheNamespace() throws Exception {
        Map<String, String> values = HostNamespace.run(() -> HostProc.sysctls("net.ipv4"));
        assertThat(values)
                .containsEntry("net.ipv4.tcp_syn_retries", "6")
                .containsEntry("net.ipv4.ip_local_port_range", "32768\t60999")
                .containsKey("net.ipv4.conf.all.rp_filter")
                .doesNotContainKey("net.ipv4.route.flush")
                .allSatisfy((name, value) -> assertThat(name).startsWith("net.ipv4."));
    }

    @Test
    void setsASysctlOfTheNamespaceOnly() throws Exception {
        String process = HostProc.sysctl("net.ipv4.tcp_fin_timeout");
        String changed =
                HostNamespace.run(
                        () -> {
                            HostProc.setSysctl("net.ipv4.tcp_fin_timeout", "17");
                            return HostProc.sysctl("net.ipv4.tcp_fin_timeout");
                        });
        assertThat(changed).isEqualTo("17");
        assertThat(HostProc.sysctl("net.ipv4.tcp_fin_timeout")).isEqualTo(process);
    }

    @Test
    void reportsWhatTheKernelRefuses() throws Exception {
        try (HostNamespace namespace = HostNamespace.create()) {
            assertThatThrownBy(
                            () ->
                                    namespace.call(
                                            () -> {
                                                HostProc.setSysctl("net.ipv4.tcp_sack", "no");
                                                return null;
                                            }))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("Invalid argument");
            assertThatThrownBy(() -> namespace.call(() -> HostProc.sysctl("net.ipv4.tcp_magic")))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void namesInterfacesWithDotsAsSysctlDoes() throws Exception {
        String value =
                HostNamespace.run(
                        () -> {
                            try (TunDevice tun = TunDevice.open(TunConfig.tun("t.7"))) {
                                assertThat(HostProc.sysctls("net.ipv4.conf"))
                                        .containsKey("net.ipv4.conf.t/7.forwarding");
                                return HostProc.sysctl(
                                        "net.ipv4.conf."
                                                + tun.name().replace('.', '/')
                                                + ".forwarding");
                            }
                        });
        assertThat(value).isEqualTo("0");
    }

    @Test
    void countsWhatHappensInTheNamespace() throws Exception {
        HostNamespace.run(
                () -> {
                    long opens = HostProc.snmp().get("Tcp.ActiveOpens");
                    long resets = HostProc.snmp().get("Tcp.OutRsts");
                    assertThatThrownBy(() -> new Socket(InetAddress.ofLiteral("127.0.0.1"), 9))
                            .isInstanceOf(IOException.class);
                    assertThat(HostProc.snmp())
                            .containsEntry("Tcp.ActiveOpens", opens + 1)
                            .containsEntry("Tcp.OutRsts", resets + 1)
                            .containsEntry("Tcp.MaxConn", -1L);
                    assertThat(HostProc.netstat())
                            .containsEntry("TcpExt.SyncookiesSent", 0L)
                            .containsKey("IpExt.InOctets");
                    assertThat(HostProc.snmp6()).containsEntry("Ip6InReceives", 0L);
                    return null;
                });
    }

    @Test
    void pairsNamesWithValues() {
        assertThat(
                        HostProc.pairedLines(
                                List.of(
                                        "Tcp: MaxConn InSegs",
                                        "Tcp: -1 7",
                                        "IpExt: InOctets",
                                        "IpExt: 18446744073709551615")))
                .containsExactly(
                        entry("Tcp.MaxConn", -1L),
                        entry("Tcp.InSegs", 7L),
                        entry("IpExt.InOctets", -1L));
    }
}
