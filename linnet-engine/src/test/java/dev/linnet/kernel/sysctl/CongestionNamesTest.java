package dev.linnet.kernel.sysctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.uapi.Errno;
import org.junit.jupiter.api.Test;

/// Choosing and allowing congestion controls.
class CongestionNamesTest {
    private static final String DEFAULT = "net.ipv4.tcp_congestion_control";
    private static final String ALLOWED = "net.ipv4.tcp_allowed_congestion_control";
    private static final String AVAILABLE = "net.ipv4.tcp_available_congestion_control";

    private final SysctlValues first = SysctlValues.initial(Machine.ofMemory(1L << 30));

    @Test
    void onlyRegisteredNamesAreTaken() {
        assertThat(first.write(DEFAULT, "bbr")).isEqualTo(-Errno.ENOENT);
        first.congestionNames().register("bbr");
        assertThat(first.read(AVAILABLE)).isEqualTo("reno cubic bbr");
        assertThat(first.write(DEFAULT, "bbr\n")).isZero();
        assertThat(first.get(TcpSysctls.CONGESTION_CONTROL)).isEqualTo("bbr");
        for (String bad :
                new String[] {"\n", " bbr", "bbr cubic", "bb", "bbrr", "averyveryverylongname"}) {
            assertThat(first.write(DEFAULT, bad)).as(bad).isEqualTo(-Errno.ENOENT);
        }
        assertThat(first.write(DEFAULT, "")).isZero();
        assertThat(first.read(DEFAULT)).isEqualTo("bbr");
    }

    @Test
    void anotherNamespaceMayOnlyTakeWhatIsAllowed() {
        first.congestionNames().register("bbr");
        SysctlValues second = first.newNamespace();
        assertThat(second.write(DEFAULT, "bbr")).isEqualTo(-Errno.EPERM);
        assertThat(second.write(ALLOWED, "bbr")).isEqualTo(-Errno.EACCES);
        assertThat(first.write(ALLOWED, "reno bbr")).isZero();
        assertThat(second.read(ALLOWED)).isEqualTo("reno bbr");
        assertThat(second.write(DEFAULT, "bbr")).isZero();
        assertThat(first.read(DEFAULT)).isEqualTo("cubic");
        assertThat(second.write(DEFAULT, "cubic")).isEqualTo(-Errno.EPERM);
    }

    @Test
    void makingItTheDefaultAllowsIt() {
        first.congestionNames().register("bbr");
        assertThat(first.read(ALLOWED)).isEqualTo("reno cubic");
        assertThat(first.write(DEFAULT, "bbr")).isZero();
        assertThat(first.read(ALLOWED)).isEqualTo("reno cubic bbr");
        assertThat(first.newNamespace().read(DEFAULT)).isEqualTo("bbr");
    }

    @Test
    void aListWithAnUnknownNameChangesNothing() {
        assertThat(first.write(ALLOWED, "reno bbr")).isEqualTo(-Errno.ENOENT);
        assertThat(first.read(ALLOWED)).isEqualTo("reno cubic");
        assertThat(first.write(ALLOWED, "cubic  bbr")).isZero();
        assertThat(first.read(ALLOWED)).isEqualTo("cubic");
    }

    @Test
    void queueingDisciplinesAreTakenByName() {
        assertThat(first.write("net.core.default_qdisc", "fq")).isEqualTo(-Errno.ENOENT);
        first.qdiscNames().register("fq");
        assertThat(first.write("net.core.default_qdisc", "fq\n")).isZero();
        assertThat(first.get(NetCoreSysctls.DEFAULT_QDISC)).isEqualTo("fq");
    }
}
