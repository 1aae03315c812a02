package dev.linnet.packetdrill.syscall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.linnet.packetdrill.packet.IpAddress;
import dev.linnet.packetdrill.script.Event;
import dev.linnet.packetdrill.script.Event.SyscallEvent;
import dev.linnet.packetdrill.script.Expression;
import dev.linnet.packetdrill.script.ScriptException;
import dev.linnet.packetdrill.script.ScriptParser;
import dev.linnet.packetdrill.state.EventFailure;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The structures of Linux on x86-64, byte by byte.
class StructsTest {
    private static SyscallEvent event(String argument) {
        return (SyscallEvent)
                new ScriptParser("t")
                        .parse("0 f(" + argument + ") = 0", Map.of())
                        .events()
                        .getFirst();
    }

    private static Expression expression(String text) {
        return event(text).call().args().getFirst();
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void socketAddresses() {
        assertThat(hex(Structs.sockaddr(IpAddress.parse("192.0.2.1"), 0x1f90)))
                .isEqualTo("02001f90c00002010000000000000000");
        byte[] v6 = Structs.sockaddr(IpAddress.parse("2001:db8::7"), 80);
        assertThat(hex(v6))
                .isEqualTo("0a00005000000000" + "20010db8000000000000000000000007" + "00000000");
        assertThat(Structs.ip(v6)).isEqualTo(IpAddress.parse("2001:db8::7"));
        assertThat(Structs.port(v6)).isEqualTo(80);
        assertThat(Structs.family(v6)).isEqualTo(Structs.AF_INET6);
    }

    @Test
    void socketAddressInTheScript() {
        Expression.Struct struct =
                (Expression.Struct)
                        expression(
                                "{sa_family = AF_INET, sin_port = htons(53),"
                                        + " sin_addr = inet_addr(\"10.1.2.3\")}");
        assertThat(hex(Structs.sockaddr(struct))).isEqualTo("020000350a0102030000000000000000");
    }

    @Test
    void controlMessages() {
        ControlMessage ttl =
                ControlMessage.of(
                        expression("{cmsg_level=SOL_IP, cmsg_type=IP_TTL, cmsg_data=77}"));
        assertThat(hex(ControlMessage.encode(List.of(ttl, ttl))))
                .isEqualTo(
                        ("1400000000000000" + "00000000" + "02000000" + "4d000000" + "00000000")
                                .repeat(2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "4294967295 | -1",
                "-1 | -1",
                "0x10 | 16",
                "SO_DEBUG | 1",
                "htons(80) | 20480",
            })
    void numbers(String text, int value) {
        assertThat(Evaluator.int32(expression(text))).isEqualTo(value);
    }

    @Test
    void bits() {
        assertThat(Evaluator.int32(expression("POLLIN | POLLOUT | 0x10"))).isEqualTo(0x15);
    }

    @Test
    void numbersOutOfRange() {
        assertThatExceptionOfType(EventFailure.class)
                .isThrownBy(() -> Evaluator.int32(expression("4294967296")));
        assertThatExceptionOfType(EventFailure.class)
                .isThrownBy(() -> Evaluator.int8(expression("256")));
        assertThatExceptionOfType(EventFailure.class)
                .isThrownBy(() -> Evaluator.int32(expression("\"text\"")));
    }

    @Test
    void unknownNamesAreFoundBeforeTheRun() {
        assertThatExceptionOfType(ScriptException.class)
                .isThrownBy(() -> Evaluator.checkNames("t.pkt", event("3")))
                .withMessageStartingWith("t.pkt:1:3")
                .withMessageContaining("Unknown system call: 'f'");
        Event call =
                new ScriptParser("t")
                        .parse("0 close(SO_NO_SUCH_THING) = 0", Map.of())
                        .events()
                        .getFirst();
        assertThatExceptionOfType(ScriptException.class)
                .isThrownBy(() -> Evaluator.checkNames("t.pkt", call))
                .withMessageStartingWith("t.pkt:1:9")
                .withMessageContaining("SO_NO_SUCH_THING");
    }
}
