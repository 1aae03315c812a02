package dev.linnet.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HostCapabilitiesTest {
    @Test
    void aReasonIsGivenExactlyWhenSomethingIsMissing() {
        HostCapability tun = HostCapabilities.tun();
        HostCapability namespaces = HostCapabilities.namespaces();
        assertThat(tun.reason().isEmpty()).isEqualTo(tun.available());
        assertThat(namespaces.reason().isEmpty()).isEqualTo(namespaces.available());
        assertThat(HostCapabilities.canUseTun()).isEqualTo(tun.available());
        assertThat(HostCapabilities.canUseNamespaces()).isEqualTo(namespaces.available());
    }

    @Test
    @RequiresTun
    void withoutRightsTheReasonSaysWhatToDo() throws Exception {
        HostCapability tun = Privileges.callWithoutAdmin(HostCapabilities::tryTun);
        assertThat(tun.available()).isFalse();
        assertThat(tun.reason()).contains("EPERM").contains("run as root");
        assertThat(Privileges.callWithoutAdmin(HostCapabilities::tryNamespace).reason())
                .contains("needs CAP_SYS_ADMIN");
    }
}
