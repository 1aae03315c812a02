package dev.linnet.uapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Every constant has the value that Linux's C headers give to its name, and none is left out.
class ConstantsTest {
    private static final Class<?>[] CLASSES = {
        Af.class, SocketType.class, IpProto.class, Sol.class, So.class, IpOpt.class,
        Ipv6Opt.class, TcpOpt.class, UdpOpt.class, Msg.class, Shut.class, PollEvents.class,
        Epoll.class, Fcntl.class, Ioctl.class, IcmpType.class, Icmp6Type.class,
    };

    @Test
    void namesAndValuesAreThoseOfLinux() throws Exception {
        Map<String, Integer> expected = new TreeMap<>();
        for (String[] row : Golden.rows("constants.txt")) {
            expected.put(row[0], (int) Long.parseLong(row[1]));
        }
        Map<String, Integer> actual = new TreeMap<>();
        for (Class<?> type : CLASSES) {
            for (Field field : type.getFields()) {
                assertThat(Modifier.isFinal(field.getModifiers())).as(field.getName()).isTrue();
                actual.put(type.getSimpleName() + "." + field.getName(), field.getInt(null));
            }
        }
        Map<String, Integer> wrong = new TreeMap<>(actual);
        wrong.entrySet().removeAll(expected.entrySet());
        assertThat(wrong).as("constants with another value, or unknown to the recording").isEmpty();
        assertThat(actual).containsOnlyKeys(expected.keySet());
    }

    @Test
    void errnosHaveTheNamesNumbersAndTextsOfTheLibrary() throws IOException {
        int rows = 0;
        for (String[] row : Golden.rows("errno.txt")) {
            int errno = Integer.parseInt(row[1]);
            assertThat(Errno.parse(row[0])).as(row[0]).isEqualTo(errno);
            assertThat(Errno.message(errno)).isEqualTo(row[2]);
            assertThat(Errno.message(-errno)).isEqualTo(row[2]);
            assertThat(Errno.parse(Errno.name(-errno))).isEqualTo(errno);
            rows++;
        }
        assertThat(rows).isEqualTo(134);
    }

    @Test
    void unknownErrnosArePrintedAsNumbers() {
        assertThat(Errno.name(-11)).isEqualTo("EAGAIN");
        assertThat(Errno.name(0)).isEqualTo("0");
        assertThat(Errno.message(0)).isEqualTo("Success");
        assertThat(Errno.name(41)).isEqualTo("E41");
        assertThat(Errno.message(4095)).isEqualTo("Unknown error 4095");
        assertThat(Errno.name(Integer.MIN_VALUE)).startsWith("E");
        assertThat(Errno.parse("EBOGUS")).isEqualTo(-1);
    }

    @Test
    void tcpStatesHaveLinuxNumbers() {
        assertThat(TcpState.TCP_ESTABLISHED.value()).isEqualTo(1);
        assertThat(TcpState.TCP_NEW_SYN_RECV.mask()).isEqualTo(1 << 12);
        assertThat(TcpState.TCP_CLOSING.ssName()).isEqualTo("CLOSING");
        assertThat(TcpState.TCP_FIN_WAIT2.ssName()).isEqualTo("FIN-WAIT-2");
        for (TcpState state : TcpState.values()) {
            assertThat(TcpState.of(state.value())).isEqualTo(state);
            assertThat(state.value()).isEqualTo(state.ordinal() + 1);
        }
        assertThat(TcpCaState.of(4)).isEqualTo(TcpCaState.LOSS);
        assertThat(TcpCaState.CWR.in(TcpCaState.OPEN.mask() | TcpCaState.CWR.mask())).isTrue();
    }
}
