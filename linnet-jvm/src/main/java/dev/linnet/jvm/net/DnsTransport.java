package dev.linnet.jvm.net;

import dev.linnet.jvm.JvmHost;
import dev.linnet.jvm.SocketAddresses;
import dev.linnet.jvm.SocketFd;
import dev.linnet.stack.Task;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.PollEvents;
import dev.linnet.uapi.So;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.Sol;
import dev.linnet.uapi.TimeVal;
import dev.linnet.wire.Bytes;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Carries questions to a name server over the host's own sockets: over UDP, and over TCP where the answer did not fit.
///
/// An interrupt of the thread does not end it, as it does not end the JDK's own look-ups; time-outs do.
final class DnsTransport {
    private static final int UDP_MAX = 4096;

    private final JvmHost host;

    DnsTransport(JvmHost host) {
        this.host = host;
    }

    private @Nullable SocketFd open(int family, int type) {
        int fd = host.task().socket(family, type | SocketType.SOCK_CLOEXEC, 0);
        return fd < 0 ? null : new SocketFd(host.task(), fd);
    }

    private static int familyOf(InetSocketAddress server) {
        return server.getAddress() instanceof java.net.Inet4Address ? Af.AF_INET : Af.AF_INET6;
    }

    /// Asks all questions at once.
    ///
    /// @return an answer for each question, null where none came in time
    @Nullable DnsMessage[] ask(InetSocketAddress server, byte[][] questions, long timeoutNs) {
        @Nullable DnsMessage[] answers = new DnsMessage[questions.length];
        int family = familyOf(server);
        SocketFd fd = open(family, SocketType.SOCK_DGRAM);
        if (fd == null) {
            return answers;
        }
        try {
            SockAddr to = SocketAddresses.toStack(family, server);
            if (fd.quick(() -> fd.task().connect(fd.fd(), to)) == 0) {
                askOn(fd, questions, answers, timeoutNs);
            }
        } finally {
            fd.close();
        }
        for (int i = 0; i < answers.length; i++) {
            DnsMessage answer = answers[i];
            if (answer != null && answer.truncated()) {
                answers[i] = askStream(server, questions[i], timeoutNs);
            }
        }
        return answers;
    }

    private void askOn(
            SocketFd fd, byte[][] questions, @Nullable DnsMessage[] answers, long timeoutNs) {
        for (byte[] question : questions) {
            ByteBuffer out = ByteBuffer.wrap(question);
            if (fd.send(out, 0, false) < 0) {
                return;
            }
        }
        long deadline = now() + timeoutNs;
        ByteBuffer in = ByteBuffer.allocate(UDP_MAX);
        int missing = questions.length;
        while (missing > 0) {
            int left = (int) TimeUnit.NANOSECONDS.toMillis(deadline - now() + 999_999);
            int ready =
                    left <= 0
                            ? 0
                            : fd.call(SocketFd.READ, false, () -> fd.poll(PollEvents.POLLIN, left));
            if (ready <= 0) {
                return;
            }
            int n = fd.recv(in, Msg.MSG_DONTWAIT, false);
            if (n < 0) {
                return; // nobody is there: ICMP says so
            }
            missing -= take(DnsMessage.parse(in.array(), n), questions, answers);
        }
    }

    /// Puts an answer to its question; how many it answers, which is none if it is not an answer to one of these.
    private static int take(
            @Nullable DnsMessage answer, byte[][] questions, @Nullable DnsMessage[] answers) {
        for (int i = 0; i < questions.length; i++) {
            if (answer != null && answers[i] == null && isFor(questions[i], answer)) {
                answers[i] = answer;
                return 1;
            }
        }
        return 0;
    }

    private static boolean isFor(byte[] question, DnsMessage answer) {
        byte[] same = DnsMessage.query(answer.id(), answer.question(), answer.type());
        return java.util.Arrays.equals(question, same);
    }

    private long now() {
        return host.host().stack().nowNs();
    }

    private @Nullable DnsMessage askStream(
            InetSocketAddress server, byte[] question, long timeoutNs) {
        int family = familyOf(server);
        SocketFd fd = open(family, SocketType.SOCK_STREAM);
        if (fd == null) {
            return null;
        }
        try {
            setTimeouts(fd, timeoutNs);
            SockAddr to = SocketAddresses.toStack(family, server);
            int err = fd.call(SocketFd.READ, false, () -> fd.task().connect(fd.fd(), to));
            ByteBuffer out = ByteBuffer.allocate(2 + question.length);
            out.putShort((short) question.length).put(question).flip();
            if (err < 0 || fd.send(out, 0, false) != out.remaining()) {
                return null;
            }
            return readAnswer(fd, question);
        } finally {
            fd.close();
        }
    }

    private static void setTimeouts(SocketFd fd, long timeoutNs) {
        byte[] raw = new byte[TimeVal.SIZE];
        TimeVal.ofNanos(timeoutNs).encode(raw, 0);
        Task task = fd.task();
        task.setsockopt(fd.fd(), Sol.SOL_SOCKET, So.SO_SNDTIMEO, raw);
        task.setsockopt(fd.fd(), Sol.SOL_SOCKET, So.SO_RCVTIMEO, raw);
    }

    private static @Nullable DnsMessage readAnswer(SocketFd fd, byte[] question) {
        byte[] length = new byte[2];
        if (!readFully(fd, length)) {
            return null;
        }
        byte[] raw = new byte[Bytes.u16(length, 0)];
        DnsMessage answer = readFully(fd, raw) ? DnsMessage.parse(raw, raw.length) : null;
        return answer != null && isFor(question, answer) ? answer : null;
    }

    private static boolean readFully(SocketFd fd, byte[] into) {
        ByteBuffer in = ByteBuffer.wrap(into);
        while (in.hasRemaining()) {
            int n = fd.recv(in, 0, false);
            if (n <= 0) {
                return false;
            }
            in.position(in.position() + n);
        }
        return true;
    }
}
