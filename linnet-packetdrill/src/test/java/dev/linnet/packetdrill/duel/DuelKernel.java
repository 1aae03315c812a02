package dev.linnet.packetdrill.duel;

import dev.linnet.packetdrill.packet.IpAddress;
import dev.linnet.packetdrill.target.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One of the two that fight. The first notes when it did what, and the second does the same things
/// at the same times.
final class DuelKernel {
    private static final int BUFFER_BYTES = 200_000;
    private static final int SCRATCH_BYTES = 512;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;

    final Target target;
    private final boolean onHost;
    private final List<Long> times;
    private final boolean again;
    private int at;
    private long start;
    final long buffer;
    private final long scratch;
    private final long length;

    DuelKernel(Target target, boolean onHost, List<Long> times, boolean again) {
        this.target = target;
        this.onHost = onHost;
        this.times = times;
        this.again = again;
        buffer = target.memory().allocate(BUFFER_BYTES);
        scratch = target.memory().allocate(SCRATCH_BYTES);
        length = target.memory().allocate(8);
    }

    long begin() {
        start = target.awaitStart();
        target.sleepUntil(start);
        return start;
    }

    long start() {
        return start;
    }

    /// The moment of the next action, in microseconds since the start.
    void mark() {
        if (again) {
            if (at < times.size()) {
                target.sleepUntil(start + times.get(at++));
            }
        } else {
            times.add(target.nowUsecs() - start);
        }
    }

    /// When to stop listening: `us` after the start, or when the other one did.
    long until(long us) {
        return again && at < times.size() ? start + times.get(at++) : start + us;
    }

    /// Notes when it stopped listening; microseconds since the start.
    long noted(long deadline) {
        long now = again ? deadline : Math.max(deadline, target.nowUsecs());
        if (!again) {
            times.add(now - start);
        }
        return now - start;
    }

    Target.@Nullable Captured capture(long deadline) {
        return target.capture(deadline);
    }

    void inject(byte[] packet) {
        mark();
        target.inject(packet, 0);
    }

    long call(int nr, long a, long b, long c, long d) {
        return target.syscall(nr, a, b, c, d, 0, 0);
    }

    long timed(int nr, long a, long b, long c, long d) {
        mark();
        return call(nr, a, b, c, d);
    }

    long address(IpAddress ip, int port) {
        ByteBuffer b = ByteBuffer.allocate(28).order(ByteOrder.LITTLE_ENDIAN);
        b.putShort((short) (ip.v6() ? AF_INET6 : AF_INET)).order(ByteOrder.BIG_ENDIAN);
        b.putShort((short) port);
        if (ip.v6()) {
            b.putInt(0);
        }
        b.put(ip.bytes());
        return target.memory().allocate(b.array());
    }

    long option(int fd, int level, int name, int... values) {
        ByteBuffer b = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(values).forEach(b::putInt);
        target.memory().write(scratch, b.array());
        return target.syscall(54, fd, level, name, scratch, b.capacity(), 0);
    }

    ByteBuffer read(int fd, int level, int name, int bytes) {
        ByteBuffer len = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(0, bytes);
        target.memory().write(length, len.array());
        long r = target.syscall(55, fd, level, name, scratch, length, 0);
        byte[] value = r < 0 ? new byte[bytes] : target.memory().read(scratch, bytes);
        return ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// What `poll` says of a descriptor.
    int poll(int fd) {
        ByteBuffer p = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        p.putInt(fd).putShort((short) 0x2017).putShort((short) 0);
        target.memory().write(scratch, p.array());
        call(7, scratch, 1, 0, 0);
        byte[] answer = target.memory().read(scratch, 8);
        return ByteBuffer.wrap(answer).order(ByteOrder.LITTLE_ENDIAN).getShort(6);
    }

    /// What an `ioctl` that reads a number says, or `-errno`.
    long number(int fd, int request) {
        long r = call(16, fd, request, scratch, 0);
        byte[] answer = target.memory().read(scratch, 4);
        return r < 0 ? r : ByteBuffer.wrap(answer).order(ByteOrder.LITTLE_ENDIAN).getInt();
    }

    /// TCP's counters that are not 0.
    List<String> counters() {
        List<String> lines = new ArrayList<>();
        if (onHost) {
            hostCounters(lines);
        } else {
            target.shell("nstat -as", text -> text.lines().forEach(l -> counter(l, lines)));
        }
        lines.removeIf(line -> line.matches("Tcp(Rto.*|MaxConn|CurrEstab)=.*"));
        lines.sort(null);
        return lines;
    }

    private static void counter(String line, List<String> lines) {
        String[] w = line.trim().split("\\s+", -1);
        if (w.length > 1 && w[0].startsWith("Tcp")) {
            lines.add(w[0] + "=" + w[1]);
        }
    }

    /// Without another process, which would take time. This thread has the namespace.
    private static void hostCounters(List<String> lines) {
        for (String file : new String[] {"snmp", "netstat"}) {
            List<String> text;
            try {
                text = Files.readAllLines(Path.of("/proc/thread-self/net", file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            for (int i = 0; i + 1 < text.size(); i += 2) {
                String[] names = text.get(i).split(" ", -1);
                String[] values = text.get(i + 1).split(" ", -1);
                String prefix = names[0].replace(":", "");
                for (int j = 1; j < names.length && prefix.startsWith("Tcp"); j++) {
                    if (!values[j].equals("0")) {
                        lines.add(prefix + names[j] + "=" + values[j]);
                    }
                }
            }
        }
    }
}
