package dev.linnet.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.net.core.dev.Fq;
import dev.linnet.net.core.dev.FqConfig;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.CmsgHdr;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.So;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.Sol;
import dev.linnet.uapi.TcpInfo;
import dev.linnet.uapi.TcpOpt;
import dev.linnet.uapi.UserMsgHdr;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Packets that leave later than they are sent: `TCP_TX_DELAY` and `SCM_TXTIME` over a device with the
/// `fq` queueing discipline.
class DepartureTest {
    private static final int LOOPBACK = 0x7f000001;
    private static final long DELAY_NS = 40_000_000;

    private final Stack stack = Stack.virtual(1);
    private final Host host = stack.newHost("host");
    private final Task task = host.newTask("task");

    @BeforeEach
    void fq() {
        NetDevice lo = host.device("lo");
        lo.qdisc = new Fq(lo, FqConfig.defaults(lo));
    }

    @AfterEach
    void nothingIsLeft() {
        stack.close();
        assertThat(stack.buffersInUse()).isZero();
    }

    @Test
    void aConnectionSendsWithADelay() {
        int listener = task.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        assertThat(task.bind(listener, new SockAddrIn(80, LOOPBACK))).isZero();
        assertThat(task.listen(listener, 1)).isZero();
        int client = task.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        assertThat(task.connect(client, new SockAddrIn(80, LOOPBACK))).isZero();
        int server = task.accept(listener);
        int micros = (int) (DELAY_NS / 1000);
        assertThat(task.setsockopt(client, Sol.SOL_TCP, TcpOpt.TCP_TX_DELAY, micros)).isZero();

        assertThat(rttUs(client)).as("the estimate knows at once").isBetween(micros, micros + 5000);
        long sent = stack.nowNs();
        assertThat(task.send(client, ByteBuffer.allocate(5), 0)).isEqualTo(5);
        assertThat(task.recv(server, ByteBuffer.allocate(9), 0)).isEqualTo(5);
        assertThat(stack.nowNs() - sent).isBetween(DELAY_NS, DELAY_NS + 2_000_000);
        assertThat(task.setsockopt(client, Sol.SOL_TCP, TcpOpt.TCP_TX_DELAY, 0)).isZero();
        assertThat(rttUs(client)).isLessThan(5000);
        for (int fd : new int[] {client, server, listener}) {
            task.close(fd);
        }
    }

    private int rttUs(int fd) {
        byte[] raw = new byte[TcpInfo.SIZE];
        assertThat(task.getsockopt(fd, Sol.SOL_TCP, TcpOpt.TCP_INFO, raw)).isPositive();
        return Abi.getInt(raw, 68);
    }

    @Test
    void aDatagramLeavesAtItsTime() {
        int receiver = task.socket(Af.AF_INET, SocketType.SOCK_DGRAM, 0);
        assertThat(task.bind(receiver, new SockAddrIn(9, LOOPBACK))).isZero();
        int sender = task.socket(Af.AF_INET, SocketType.SOCK_DGRAM, 0);
        byte[] txtime = new byte[8];
        Abi.putInt(txtime, 0, 1); // CLOCK_MONOTONIC
        assertThat(task.setsockopt(sender, Sol.SOL_SOCKET, So.SO_TXTIME, txtime)).isZero();

        long at = stack.nowNs() + DELAY_NS;
        UserMsgHdr msg = new UserMsgHdr();
        msg.name = new SockAddrIn(9, LOOPBACK);
        msg.iov = new ByteBuffer[] {ByteBuffer.allocate(5)};
        msg.control = new byte[CmsgHdr.space(8)];
        msg.controlLen = msg.control.length;
        CmsgHdr.put(msg.control, 0, Sol.SOL_SOCKET, So.SCM_TXTIME, 8);
        Abi.putLong(msg.control, CmsgHdr.SIZE, at);
        assertThat(task.sendmsg(sender, msg, 0)).isEqualTo(5);
        assertThat(task.recv(receiver, ByteBuffer.allocate(9), Msg.MSG_DONTWAIT)).isNegative();
        assertThat(task.recv(receiver, ByteBuffer.allocate(9), 0)).isEqualTo(5);
        assertThat(stack.nowNs()).isBetween(at, at + 2_000_000);
        task.close(sender);
        task.close(receiver);
    }
}
