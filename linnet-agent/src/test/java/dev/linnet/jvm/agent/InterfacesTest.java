package dev.linnet.jvm.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.linnet.host.HostCapabilities;
import dev.linnet.jvm.agent.AgentJvm.Ran;
import dev.linnet.jvm.agent.programs.ListInterfaces;
import org.junit.jupiter.api.Test;

class InterfacesTest {
    /// A cable whose other end is in another namespace; the hardware address is Linnet's first.
    private static final String CABLE =
            """
            ip link set lo up
            unshare -n sleep 60 & other=$!
            sleep 0.2
            ip link add eth0 index 2 type veth peer name eth9 netns $other
            ip link set eth0 address 02:4c:4e:00:00:01
            nsenter -t $other -n ip link set eth9 up
            ip link set eth0 up
            ip addr add 10.0.0.1/24 brd + dev eth0
            ip addr add 10.0.0.7/24 brd + dev eth0
            ip addr add 10.1.0.1/16 brd + dev eth0
            ip addr add fd00::1/64 dev eth0 nodad
            for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
                ip -6 addr show dev eth0 tentative | grep -q . || break
                sleep 0.2
            done
            "$@"
            status=$?
            kill $other
            exit $status
            """;

    private static final String[] ASKED = {"10.1.0.1", "fd00::1", "::1", "10.0.0.2"};

    @Test
    void theyAreShownAsTheJdkShowsThoseOfTheKernel() throws Exception {
        assumeTrue(HostCapabilities.canUseNamespaces(), HostCapabilities.namespaces().reason());
        Ran kernel =
                AgentJvm.jvm()
                        .withoutAgent()
                        .in("unshare", "-n", "sh", "-c", CABLE, "sh")
                        .run(ListInterfaces.class, ASKED);
        Ran linnet =
                AgentJvm.jvm()
                        .options(
                                "address=10.0.0.1/24;address=10.0.0.7/24;address=10.1.0.1/16;address=fd00::1/64")
                        .run(ListInterfaces.class, ASKED);
        assertThat(kernel.lines()).as(kernel.err()).hasSizeGreaterThan(10);
        assertThat(linnet.lines()).as(linnet.err()).isEqualTo(kernel.lines());
    }
}
