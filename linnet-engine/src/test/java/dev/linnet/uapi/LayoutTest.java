package dev.linnet.uapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/// The small C structures, with the bytes that a C compiler lays out for them on x86-64.
class LayoutTest {
    private final byte[] buf = new byte[64];

    private String hex(int length) {
        return HexFormat.of().formatHex(buf, 0, length);
    }

    @Test
    void linger() {
        assertThat(new Linger(1, 5).encode(buf, 0)).isEqualTo(8);
        assertThat(hex(8)).isEqualTo("0100000005000000");
        assertThat(Linger.decode(buf, 0)).isEqualTo(new Linger(1, 5));
    }

    @Test
    void timeVal() {
        TimeVal half = TimeVal.ofNanos(1_500_000_999L);
        assertThat(half.encode(buf, 0)).isEqualTo(16);
        assertThat(hex(16)).isEqualTo("010000000000000020a1070000000000");
        assertThat(TimeVal.decode(buf, 0)).isEqualTo(half);
        assertThat(half.toNanos()).isEqualTo(1_500_000_000L);
        assertThat(TimeVal.ofNanos(-1)).isEqualTo(new TimeVal(-1, 999_999));
        assertThat(new TimeVal(Long.MAX_VALUE, 0).toNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(new TimeVal(Long.MIN_VALUE, 0).toNanos()).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void epollEventIsPacked() {
        EpollEvent event = new EpollEvent(Epoll.EPOLLIN | Epoll.EPOLLET, 0x0102030405060708L);
        assertThat(event.encode(buf, 0)).isEqualTo(12);
        assertThat(hex(12)).isEqualTo("010000800807060504030201");
        assertThat(EpollEvent.decode(buf, 0)).isEqualTo(event);
    }

    @Test
    void sockExtendedErr() {
        SockExtendedErr err =
                new SockExtendedErr(
                        Errno.EMSGSIZE, SockExtendedErr.SO_EE_ORIGIN_ICMP, 3, 4, 1400, -1);
        buf[7] = 9;
        assertThat(err.encode(buf, 0)).isEqualTo(16);
        assertThat(hex(16)).isEqualTo("5a0000000203040078050000ffffffff");
        assertThat(SockExtendedErr.decode(buf, 0)).isEqualTo(err);
    }

    @Test
    void controlMessagesFollowEachOther() {
        CmsgHdr.put(buf, 0, Sol.SOL_IP, IpOpt.IP_TTL, 4);
        assertThat(hex(16)).isEqualTo("14000000000000000000000002000000");
        assertThat(CmsgHdr.space(4)).isEqualTo(24);
        assertThat(CmsgHdr.ok(buf, 0, 20)).isTrue();
        assertThat(CmsgHdr.ok(buf, 0, 19)).isFalse();
        assertThat(CmsgHdr.ok(buf, 0, 15)).isFalse();
        assertThat(CmsgHdr.dataLen(buf, 0)).isEqualTo(4);
        assertThat(CmsgHdr.next(buf, 0, 40)).isEqualTo(24);
        assertThat(CmsgHdr.next(buf, 0, 39)).isEqualTo(-1);
        CmsgHdr.put(buf, 24, Sol.SOL_SOCKET, So.SCM_TIMESTAMP, 16);
        assertThat(CmsgHdr.level(buf, 24)).isEqualTo(Sol.SOL_SOCKET);
        assertThat(CmsgHdr.type(buf, 24)).isEqualTo(So.SCM_TIMESTAMP);
        Abi.putLong(buf, 0, -1);
        assertThat(CmsgHdr.ok(buf, 0, 64)).isFalse();
        assertThat(CmsgHdr.next(buf, 0, 64)).isEqualTo(-1);
        Abi.putLong(buf, 0, Long.MAX_VALUE);
        assertThat(CmsgHdr.ok(buf, 0, 64)).isFalse();
        assertThat(CmsgHdr.next(buf, 0, 64)).isEqualTo(-1);
    }
}
