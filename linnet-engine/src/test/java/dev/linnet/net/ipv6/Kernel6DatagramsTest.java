package dev.linnet.net.ipv6;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.stack.Host;
import dev.linnet.stack.Stack;
import dev.linnet.stack.Task;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.CmsgHdr;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.SockAddrIn6;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.UserMsgHdr;
import dev.linnet.wire.In6Addr;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Control messages, extension headers and the error queue of UDP sockets: a script of calls over
/// loopback, against what Linux said to it.
class Kernel6DatagramsTest {
    private static final HexFormat HEX = HexFormat.of();

    private final Map<String, Integer> fds = new HashMap<>();
    private Task task;

    @Test
    void answersAsLinuxDoes() throws IOException {
        try (Stack stack = Stack.virtual(1)) {
            Host host = stack.newHost("host");
            assertThat(host.setSysctl("net.ipv6.auto_flowlabels", "0")).isZero();
            task = host.newTask("test");
            List<String> expected = new ArrayList<>();
            List<String> got = new ArrayList<>();
            for (String line : read()) {
                String[] f = line.split("\t", -1);
                expected.add(line);
                f[5] = call(f);
                got.add(String.join("\t", f));
            }
            assertThat(got).hasSizeGreaterThan(250).isEqualTo(expected);
            task.close();
            assertThat(stack.buffersInUse()).isZero();
        }
    }

    private static List<String> read() throws IOException {
        try (BufferedReader in =
                new BufferedReader(
                        new InputStreamReader(
                                Objects.requireNonNull(
                                        Kernel6DatagramsTest.class.getResourceAsStream(
                                                "datagrams-6.18.tsv")),
                                StandardCharsets.UTF_8))) {
            return in.lines().filter(l -> !l.startsWith("#")).toList();
        }
    }

    private static String answer(int result) {
        return result < 0 ? "-" + Errno.name(-result) : Integer.toString(result);
    }

    private String call(String[] f) {
        if (f[0].equals("sock")) {
            fds.put(f[1], task.socket(Af.AF_INET6, SocketType.SOCK_DGRAM, 0));
            return "0";
        }
        int fd = fds.get(f[1]);
        return switch (f[0]) {
            case "bind" -> answer(task.bind(fd, address(f[2], f[3])));
            case "connect" -> answer(task.connect(fd, address(f[2], f[3])));
            case "set" -> answer(task.setsockopt(fd, level(f[2]), name(f[2]), HEX.parseHex(f[3])));
            case "get" -> get(fd, f);
            case "send" -> send(fd, f);
            case "recv" -> recv(fd, f);
            default -> answer(task.close(fd));
        };
    }

    private static int level(String option) {
        return Integer.parseInt(option.split("/")[0]);
    }

    private static int name(String option) {
        return Integer.parseInt(option.split("/")[1]);
    }

    private static SockAddrIn6 address(String text, String port) {
        In6Addr a = In6Addr.parse(text);
        int scope = text.startsWith("fe80") && port.endsWith("%") ? 1 : 0;
        return new SockAddrIn6(Integer.parseInt(port.replace("%", "")), 0, a.hi(), a.lo(), scope);
    }

    private String get(int fd, String[] f) {
        byte[] value = new byte[Integer.parseInt(f[3])];
        int n = task.getsockopt(fd, level(f[2]), name(f[2]), value);
        if (n < 0) {
            return answer(n);
        }
        return n == 0 ? "empty" : HEX.formatHex(Arrays.copyOf(value, n));
    }

    private String send(int fd, String[] f) {
        String[] parts = f[4].split("/", -1);
        byte[] data = new byte[Integer.parseInt(parts[0])];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) i;
        }
        UserMsgHdr msg = new UserMsgHdr();
        msg.name = f[2].isEmpty() ? null : address(f[2], f[3]);
        msg.iov = new ByteBuffer[] {ByteBuffer.wrap(data)};
        byte[] control = HEX.parseHex(parts[1]);
        msg.control = control.length == 0 ? null : control;
        msg.controlLen = control.length;
        return answer(task.sendmsg(fd, msg, 0));
    }

    private String recv(int fd, String[] f) {
        UserMsgHdr msg = new UserMsgHdr();
        byte[] data = new byte[Integer.parseInt(f[3])];
        msg.iov = new ByteBuffer[] {ByteBuffer.wrap(data)};
        int room = Integer.parseInt(f[4]);
        msg.control = room == 0 ? null : new byte[room];
        msg.controlLen = room;
        int n = task.recvmsg(fd, msg, Integer.parseInt(f[2]) | Msg.MSG_DONTWAIT);
        if (n < 0) {
            return answer(n);
        }
        StringBuilder sb = new StringBuilder();
        sb.append(n).append(' ').append(Integer.toHexString(msg.flags)).append(' ');
        if (msg.name instanceof SockAddrIn6 from) {
            sb.append(In6Addr.format(from.hi(), from.lo())).append('/').append(from.port());
        }
        return (sb + " " + controls(msg)).strip();
    }

    private static String controls(UserMsgHdr msg) {
        List<String> out = new ArrayList<>();
        byte[] c = msg.control;
        int end = msg.controlLen;
        for (int at = c != null && end >= CmsgHdr.SIZE ? 0 : -1; at >= 0; ) {
            int from = at + CmsgHdr.SIZE;
            int to = Math.min(end, from + CmsgHdr.dataLen(c, at));
            int level = CmsgHdr.level(c, at);
            if (level != 1) {
                String data = HEX.formatHex(Arrays.copyOfRange(c, from, to));
                out.add(level + ":" + CmsgHdr.type(c, at) + ":" + data);
            }
            at = CmsgHdr.next(c, at, end);
        }
        return String.join(" ", out);
    }
}
