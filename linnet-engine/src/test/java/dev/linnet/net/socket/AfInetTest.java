package dev.linnet.net.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.stack.Host;
import dev.linnet.stack.Stack;
import dev.linnet.stack.Task;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.IpOpt;
import dev.linnet.uapi.IpProto;
import dev.linnet.uapi.Ipv6Opt;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.Sol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How a new socket depends on the knobs of its namespace.
class AfInetTest {
    private final Stack stack = Stack.virtual(1);
    private final Host host = stack.newHost("a");
    private final Task task = host.newTask("t");

    @AfterEach
    void close() {
        stack.close();
    }

    private int ping(int family) {
        int icmp = family == Af.AF_INET ? IpProto.IPPROTO_ICMP : IpProto.IPPROTO_ICMPV6;
        return task.socket(family, SocketType.SOCK_DGRAM, icmp);
    }

    private int number(int fd, int level, int name) {
        byte[] value = new byte[4];
        assertThat(task.getsockopt(fd, level, name, value)).isEqualTo(4);
        return Abi.getInt(value, 0);
    }

    /// Not even for the superuser.
    @Test
    void nobodyMayPingUnlessTheRangeSaysSo() {
        assertThat(ping(Af.AF_INET)).isEqualTo(-Errno.EACCES);
        assertThat(ping(Af.AF_INET6)).isEqualTo(-Errno.EACCES);
    }

    @ParameterizedTest
    @CsvSource({"0 0, true", "0 2147483647, true", "0 4294967294, true", "5 9, false"})
    void groupsOfTheRangeMayPing(String range, boolean may) {
        host.setSysctl("net.ipv4.ping_group_range", range);
        assertThat(ping(Af.AF_INET) >= 0).isEqualTo(may);
        assertThat(ping(Af.AF_INET6) >= 0).isEqualTo(may);
    }

    @Test
    void theProtocolIsLookedAtBeforeTheRange() {
        assertThat(task.socket(Af.AF_INET6, SocketType.SOCK_DGRAM, IpProto.IPPROTO_ICMP))
                .isEqualTo(-Errno.EPROTONOSUPPORT);
    }

    @ParameterizedTest
    @CsvSource({"1", "0"})
    void socketsAreForIpv6OnlyIfTheKnobSaysSo(int knob) {
        host.setSysctl("net.ipv6.bindv6only", "" + knob);
        int tcp = task.socket(Af.AF_INET6, SocketType.SOCK_STREAM, 0);
        int raw = task.socket(Af.AF_INET6, SocketType.SOCK_RAW, IpProto.IPPROTO_ICMPV6);
        assertThat(number(tcp, Sol.SOL_IPV6, Ipv6Opt.IPV6_V6ONLY)).isEqualTo(knob);
        assertThat(number(raw, Sol.SOL_IPV6, Ipv6Opt.IPV6_V6ONLY)).isEqualTo(knob);
    }

    @Test
    void onlyIpv4SocketsHearAllMulticastFromTheStart() {
        int v4 = task.socket(Af.AF_INET, SocketType.SOCK_DGRAM, 0);
        int v6 = task.socket(Af.AF_INET6, SocketType.SOCK_DGRAM, 0);
        assertThat(number(v4, Sol.SOL_IP, IpOpt.IP_MULTICAST_ALL)).isOne();
        assertThat(number(v6, Sol.SOL_IP, IpOpt.IP_MULTICAST_ALL)).isZero();
    }
}
