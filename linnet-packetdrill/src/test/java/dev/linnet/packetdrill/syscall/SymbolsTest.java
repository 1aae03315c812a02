package dev.linnet.packetdrill.syscall;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SymbolsTest {
    /// From the headers of the kernel.
    @ParameterizedTest
    @CsvSource({
        "AF_INET6, 10",
        "SOCK_NONBLOCK, 0x800",
        "IPPROTO_TCP, 6",
        "SOL_SOCKET, 1",
        "SO_ZEROCOPY, 60",
        "SO_TIMESTAMPING, 37",
        "TCP_INFO, 11",
        "TCP_NOTSENT_LOWAT, 25",
        "TCP_FASTOPEN_CONNECT, 30",
        "MSG_ZEROCOPY, 0x4000000",
        "MSG_FASTOPEN, 0x20000000",
        "EPOLLRDHUP, 0x2000",
        "POLLOUT, 4",
        "SHUT_RDWR, 2",
        "SIOCINQ, 0x541b",
        "F_SETFL, 4",
        "O_NONBLOCK, 0x800",
        "EWOULDBLOCK, 11",
        "ETIMEDOUT, 110",
        "SO_EE_ORIGIN_ZEROCOPY, 5",
        "SPLICE_F_NONBLOCK, 2",
    })
    void numbersOfLinux(String name, String value) {
        assertThat(Symbols.value(name)).hasValue(Long.decode(value));
    }

    @Test
    void namesOfErrors() {
        assertThat(Symbols.errno(11)).isEqualTo("EAGAIN");
        assertThat(Symbols.errno(110)).isEqualTo("ETIMEDOUT");
        assertThat(Symbols.errno(4000)).isEqualTo("errno 4000");
    }

    @Test
    void namesOfBits() {
        assertThat(Symbols.flags("POLL", 5)).isEqualTo("POLLIN|POLLOUT");
        assertThat(Symbols.value("SO_NO_SUCH_THING")).isEmpty();
    }
}
