package dev.linnet.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.CmsgHdr;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.uapi.SockAddrIn6;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.Sol;
import dev.linnet.uapi.UdpOpt;
import dev.linnet.uapi.UserMsgHdr;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// One write that becomes many datagrams, as recorded from Linux 6.18 over its loopback.
class UdpSegmentTest {
    private static final int SIZE = 1000;

    @ParameterizedTest
    @ValueSource(ints = {Af.AF_INET, Af.AF_INET6})
    void theReceiverGetsTheDatagrams(int family) {
        assertThat(received(family, false)).containsExactly("1000", "1000", "1000", "500", "500");
    }

    @ParameterizedTest
    @ValueSource(ints = {Af.AF_INET, Af.AF_INET6})
    void withUdpGroItGetsThemAtOnce(int family) {
        assertThat(received(family, true)).containsExactly("3500 of 1000", "500");
    }

    private static List<String> received(int family, boolean gro) {
        try (Stack stack = Stack.virtual(1)) {
            Task task = stack.newHost("one").newTask("task");
            SockAddr address =
                    family == Af.AF_INET
                            ? new SockAddrIn(5000, 0x7f000001)
                            : new SockAddrIn6(5000, 0, 1);
            int in = task.socket(family, SocketType.SOCK_DGRAM, 0);
            assertThat(task.bind(in, address)).isZero();
            assertThat(task.setsockopt(in, Sol.SOL_UDP, UdpOpt.UDP_GRO, gro ? 1 : 0)).isZero();
            int out = task.socket(family, SocketType.SOCK_DGRAM, 0);
            assertThat(task.connect(out, address)).isZero();
            assertThat(task.setsockopt(out, Sol.SOL_UDP, UdpOpt.UDP_SEGMENT, SIZE)).isZero();
            byte[] data = new byte[3500];
            for (int i = 0; i < data.length; i++) {
                data[i] = (byte) (i / 7);
            }
            assertThat(task.write(out, ByteBuffer.wrap(data))).isEqualTo(3500);
            assertThat(task.write(out, ByteBuffer.wrap(data, 0, 500))).isEqualTo(500);
            return readAll(task, in, data);
        }
    }

    private static List<String> readAll(Task task, int fd, byte[] sent) {
        List<String> got = new ArrayList<>();
        int at = 0;
        while (true) {
            ByteBuffer buffer = ByteBuffer.allocate(65_536);
            UserMsgHdr msg = new UserMsgHdr();
            msg.iov = new ByteBuffer[] {buffer};
            msg.control = new byte[64];
            int n = task.recvmsg(fd, msg, Msg.MSG_DONTWAIT);
            if (n == -Errno.EAGAIN) {
                return got;
            }
            assertThat(n).isPositive();
            int from = at < sent.length ? at : 0;
            assertThat(Arrays.copyOf(buffer.array(), n))
                    .isEqualTo(Arrays.copyOfRange(sent, from, from + n));
            at += n;
            got.add(n + (msg.controlLen == 0 ? "" : " of " + pieces(msg.control)));
        }
    }

    private static int pieces(byte[] control) {
        assertThat(Abi.getInt(control, 8)).isEqualTo(Sol.SOL_UDP);
        assertThat(Abi.getInt(control, 12)).isEqualTo(UdpOpt.UDP_GRO);
        return Abi.getInt(control, CmsgHdr.SIZE);
    }
}
