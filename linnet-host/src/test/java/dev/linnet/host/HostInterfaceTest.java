package dev.linnet.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is set by ioctl here is read back by other ways: Java's `NetworkInterface` and `/proc`.
@RequiresTun
class HostInterfaceTest {
    private HostNamespace namespace;
    private TunDevice device;
    private HostInterface link;

    @BeforeEach
    void open() throws Exception {
        namespace = HostNamespace.create();
        device = namespace.call(() -> TunDevice.open(TunConfig.tap("tap7")));
        link = device.link();
    }

    @AfterEach
    void close() {
        device.close();
        namespace.close();
    }

    @Test
    void isFoundByName() throws Exception {
        link.addAddress(Cidr.parse("10.9.0.1/24"));
        assertThat(link.name()).isEqualTo("tap7");
        assertThat(link.index()).isEqualTo(seen(NetworkInterface::getIndex));
        assertThat(namespace.call(() -> HostInterface.open("lo").index())).isEqualTo(1);
    }

    @Test
    void goesUpAndDown() throws Exception {
        link.addAddress(Cidr.parse("10.9.0.1/24"));
        assertThat(link.isUp()).isFalse();
        link.up();
        assertThat(link.isUp()).isTrue();
        assertThat(seen(NetworkInterface::isUp)).isTrue();
        link.down();
        assertThat(link.isUp()).isFalse();
        assertThat(seen(NetworkInterface::isUp)).isFalse();
    }

    @Test
    void hasAnMtuAndAQueue() throws Exception {
        link.addAddress(Cidr.parse("10.9.0.1/24"));
        assertThat(link.mtu()).isEqualTo(1500);
        link.setMtu(9000);
        assertThat(link.mtu()).isEqualTo(9000);
        assertThat(seen(NetworkInterface::getMTU)).isEqualTo(9000);
        link.setTxQueueLength(2345);
        assertThat(link.txQueueLength()).isEqualTo(2345);
        refused(() -> link.setMtu(1), HostErrno.EINVAL);
    }

    @Test
    void aTapDeviceHasAnEthernetAddress() throws Exception {
        assertThat(link.hardwareAddress()).matches("([0-9a-f]{2}:){5}[0-9a-f]{2}");
        assertThat(link.hardwareAddress()).isNotEqualTo("00:00:00:00:00:00");
    }

    @Test
    void getsSeveralAddressesOfBothFamilies() throws Exception {
        skipDuplicateAddressDetection();
        link.up();
        link.addAddress(Cidr.parse("10.9.0.1/24"));
        link.addAddress(Cidr.parse("10.9.1.1/21"));
        link.addAddress(Cidr.parse("10.9.9.1/30"));
        link.addAddress(Cidr.parse("fd00:9::1/64"));
        link.addAddress(Cidr.parse("fd00:9::2/112"));

        assertThat(ipv4Addresses()).contains("10.9.0.1/24", "10.9.1.1/21", "10.9.9.1/30");
        assertThat(ipv6Addresses())
                .contains(
                        "fd000009000000000000000000000001/40",
                        "fd000009000000000000000000000002/70");

        link.removeIpv6Address(Cidr.parse("fd00:9::2/112"));
        assertThat(ipv6Addresses()).doesNotContain("fd000009000000000000000000000002/70");
        refused(() -> link.addAddress(Cidr.parse("fd00:9::1/64")), HostErrno.EEXIST);
        refused(() -> link.removeIpv6Address(Cidr.parse("fd00:9::7/64")), HostErrno.EADDRNOTAVAIL);
    }

    @Test
    void getsRoutesOfBothFamilies() throws Exception {
        skipDuplicateAddressDetection();
        link.up();
        link.addAddress(Cidr.parse("10.9.0.1/24"));
        link.addAddress(Cidr.parse("fd00:9::1/64"));
        link.addRoute(Cidr.parse("10.77.0.0/16"));
        link.addRoute(Cidr.parse("0.0.0.0/0"), InetAddress.ofLiteral("10.9.0.2"));
        link.addRoute(Cidr.parse("fd00:77::/48"));
        link.addRoute(Cidr.parse("fd00:88::/48"), InetAddress.ofLiteral("fd00:9::2"));

        // /proc/net/route: interface, destination and gateway as little-endian hex, flags.
        assertThat(proc("route"))
                .anyMatch(line -> line.startsWith("tap7\t00004D0A\t00000000\t0001\t"))
                .anyMatch(line -> line.startsWith("tap7\t00000000\t0200090A\t0003\t"));
        assertThat(proc("ipv6_route"))
                .anyMatch(
                        line ->
                                line.startsWith("fd000077000000000000000000000000 30 ")
                                        && line.endsWith("tap7"))
                .anyMatch(
                        line ->
                                line.startsWith("fd000088000000000000000000000000 30 ")
                                        && line.contains(" fd000009000000000000000000000002 "));

        refused(() -> link.addRoute(Cidr.parse("10.77.0.0/16")), HostErrno.EEXIST);
        assertThatThrownBy(
                        () ->
                                link.addRoute(
                                        Cidr.parse("10.5.0.0/16"),
                                        InetAddress.ofLiteral("fd00:9::2")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void saysWhichInterfaceIsMissing() {
        assertThatThrownBy(() -> namespace.call(() -> HostInterface.open("nowhere0")))
                .isInstanceOf(HostException.class)
                .hasMessageContaining("'nowhere0'")
                .hasMessageContaining("ENODEV");
    }

    @Test
    void needsRightsToChangeButNotToRead() throws Exception {
        int mtu = Privileges.callWithoutAdmin(link::mtu);
        assertThat(mtu).isEqualTo(1500);
        refused(
                () ->
                        Privileges.callWithoutAdmin(
                                () -> {
                                    link.setMtu(1400);
                                    return null;
                                }),
                HostErrno.EPERM);
    }

    @Test
    void cannotBeUsedOnceClosed() {
        link.close();
        link.close();
        refused(link::up, HostErrno.EBADF);
    }

    @Test
    void leavesNoDescriptorBehind() throws Exception {
        Map<String, Integer> before = OpenFiles.count();
        for (int i = 0; i < 20; i++) {
            namespace.call(() -> HostInterface.open("lo")).close();
            assertThatThrownBy(() -> namespace.call(() -> HostInterface.open("nowhere0")))
                    .isInstanceOf(HostException.class);
        }
        assertThat(OpenFiles.count()).isEqualTo(before);
    }

    private static void refused(ThrowingCallable action, int errno) {
        assertThatThrownBy(action)
                .satisfies(
                        e -> {
                            Throwable cause = e.getCause() == null ? e : e.getCause();
                            assertThat(cause).isInstanceOf(HostException.class);
                            assertThat(((HostException) cause).errno()).isEqualTo(errno);
                        });
    }

    /// Else an IPv6 address is tentative, and of no use for routes, during the first second.
    private void skipDuplicateAddressDetection() throws Exception {
        namespace.call(
                () -> {
                    HostProc.setSysctl("net.ipv6.conf.tap7.accept_dad", "0");
                    return null;
                });
    }

    /// Asks Java about the interface, inside the namespace; it only sees those with an address.
    private <T> T seen(Query<T> query) throws Exception {
        Callable<T> task = () -> query.of(NetworkInterface.getByName("tap7"));
        return namespace.call(task);
    }

    private interface Query<T> {
        T of(NetworkInterface link) throws IOException;
    }

    private List<String> ipv4Addresses() throws Exception {
        return namespace.call(
                () ->
                        NetworkInterface.networkInterfaces()
                                .flatMap(HostInterfaceTest::withLabels)
                                .map(HostInterfaceTest::text)
                                .toList());
    }

    /// Java presents labels (`tap7:1`) as interfaces below their own.
    private static Stream<InterfaceAddress> withLabels(NetworkInterface link) {
        return Stream.concat(
                link.getInterfaceAddresses().stream(),
                link.subInterfaces().flatMap(i -> i.getInterfaceAddresses().stream()));
    }

    private static String text(InterfaceAddress address) {
        return address.getAddress().getHostAddress() + "/" + address.getNetworkPrefixLength();
    }

    /// Address and prefix length in hex, from `/proc/net/if_inet6`: address, interface, prefix
    /// length, scope, flags, name. (Java would read that of the process's first thread.)
    private List<String> ipv6Addresses() throws Exception {
        return proc("if_inet6").stream()
                .filter(line -> line.endsWith("tap7"))
                .map(line -> line.split(" ", -1))
                .map(words -> words[0] + "/" + words[2])
                .toList();
    }

    private List<String> proc(String table) throws Exception {
        return namespace.call(() -> Files.readAllLines(Path.of("/proc/thread-self/net", table)));
    }
}
