package dev.linnet.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class Ipv4OptionsTest {

    private static final int OPTIONS = Ethernet.HEADER_BYTES + Ipv4.HEADER_BYTES;

    private static int only(byte[] frame, int kind) {
        int end = Ethernet.HEADER_BYTES + Ipv4.headerBytes(frame, Ethernet.HEADER_BYTES);
        int p = OptionList.first(frame, OPTIONS, end);
        assertThat(OptionList.kind(frame, p)).isEqualTo(kind);
        assertThat(OptionList.next(frame, p, end)).isEqualTo(OptionList.END);
        return p;
    }

    @Test
    void readsARecordedRoute() {
        byte[] b = LinuxFrames.PING_RECORD_ROUTE;
        int p = only(b, Ipv4Options.RR);
        assertThat(Ipv4Options.routeSlots(b, p)).isEqualTo(3);
        assertThat(Ipv4Options.pointer(b, p)).isEqualTo(16);
        assertThat(In4Addr.format(Ipv4Options.routeAddr(b, p, 0))).isEqualTo("192.0.2.1");
        assertThat(In4Addr.format(Ipv4Options.routeAddr(b, p, 1))).isEqualTo("192.0.2.2");
    }

    @Test
    void readsTimestamps() {
        byte[] b = LinuxFrames.PING_TIMESTAMP;
        int p = only(b, Ipv4Options.TIMESTAMP);
        assertThat(Ipv4Options.pointer(b, p)).isEqualTo(21);
        assertThat(Ipv4Options.timestampFlag(b, p)).isEqualTo(Ipv4Options.TS_TSANDADDR);
        assertThat(Ipv4Options.timestampOverflow(b, p)).isZero();
    }

    @Test
    void readsARouterAlert() {
        byte[] b = LinuxFrames.PING_ROUTER_ALERT;
        assertThat(Ipv4Options.routerAlert(b, only(b, Ipv4Options.ROUTER_ALERT))).isZero();
    }

    @Test
    void writesARouterAlert() {
        byte[] b = {1, 1, 1, 1, 1, 1};
        assertThat(Ipv4Options.putRouterAlert(b, 1)).isEqualTo(5);
        assertThat(b).containsExactly(1, (byte) 0x94, 4, 0, 0, 1);
    }

    @Test
    void writesARoute() {
        byte[] b = new byte[16];
        java.util.Arrays.fill(b, (byte) 1);
        assertThat(Ipv4Options.putRoute(b, 1, Ipv4Options.LSRR, 3)).isEqualTo(16);
        assertThat(b).containsExactly(1, (byte) 0x83, 15, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        assertThat(Ipv4Options.routeSlots(b, 1)).isEqualTo(3);
        Ipv4Options.routeAddr(b, 1, 2, 0x0a0b0c0d);
        assertThat(java.util.Arrays.copyOfRange(b, 12, 16)).containsExactly(10, 11, 12, 13);
        Ipv4Options.pointer(b, 1, 16);
        assertThat(b[3]).isEqualTo((byte) 16);
    }

    @Test
    void writesOverflowAndFlagOfATimestamp() {
        byte[] b = {68, 12, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        Ipv4Options.timestampOverflowFlag(b, 0, 15, Ipv4Options.TS_PRESPEC);
        assertThat(b[3]).isEqualTo((byte) 0xf3);
        assertThat(Ipv4Options.timestampOverflow(b, 0)).isEqualTo(15);
        assertThat(Ipv4Options.timestampFlag(b, 0)).isEqualTo(3);
    }

    @Test
    void aRouteTooShortForAnAddressHasNoSlots() {
        byte[] b = {7, 2, 0, 0};
        assertThat(Ipv4Options.routeSlots(b, 0)).isZero();
        b[1] = 6;
        assertThat(Ipv4Options.routeSlots(b, 0)).isZero();
    }

    @Test
    void sourceRoutesAndAlertsAreCopiedIntoFragments() {
        assertThat(Ipv4Options.isCopied(Ipv4Options.LSRR)).isTrue();
        assertThat(Ipv4Options.isCopied(Ipv4Options.SSRR)).isTrue();
        assertThat(Ipv4Options.isCopied(Ipv4Options.ROUTER_ALERT)).isTrue();
        assertThat(Ipv4Options.isCopied(Ipv4Options.RR)).isFalse();
        assertThat(Ipv4Options.isCopied(Ipv4Options.TIMESTAMP)).isFalse();
    }
}
