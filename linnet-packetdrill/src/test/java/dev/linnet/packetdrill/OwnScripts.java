package dev.linnet.packetdrill;

import dev.linnet.packetdrill.RunResult.Verdict;
import dev.linnet.packetdrill.script.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The scripts in the repository, and changes that must make them fail.
final class OwnScripts {
    static final Path DIRECTORY = Path.of("src/test/packetdrill");

    private OwnScripts() {}

    /// All scripts in all modes.
    static List<Suite.Job> jobs() throws IOException {
        return Suite.jobs(List.of(DIRECTORY), List.of(IpMode.values()));
    }

    /// One change of one script: `from` occurs once, and the event at its line must fail.
    record Mutation(String what, String script, String from, String to) {
        Path path() {
            return DIRECTORY.resolve(script);
        }

        /// The script with the change.
        String text() throws IOException {
            String text = Files.readString(path());
            int at = text.indexOf(from);
            if (at < 0 || text.indexOf(from, at + 1) >= 0) {
                throw new IllegalStateException("not once in the script: " + this);
            }
            return text.replace(from, to);
        }

        /// The line of the event that is changed.
        private int line() throws IOException {
            String text = Files.readString(path());
            return 1
                    + (int)
                            text.substring(0, text.indexOf(from))
                                    .chars()
                                    .filter(c -> c == '\n')
                                    .count();
        }

        /// True if the script failed, and because of the change.
        boolean isWhyItFailed(RunResult result) throws IOException {
            if (result.verdict() != Verdict.FAIL) {
                return false;
            }
            Source at = result.failure().orElseThrow().at();
            int lines = at == null ? 0 : at.text().split("\n", -1).length;
            return at != null && at.line() <= line() && line() < at.line() + lines;
        }

        @Override
        public String toString() {
            return what + ": " + from.strip() + " -> " + to.strip();
        }
    }

    static final List<Mutation> MUTATIONS =
            List.of(
                    server("sequence number", "> P. 1:5001(5000)", "> P. 2:5002(5000)"),
                    server("payload length", "> P. 1:5001(5000)", "> P. 1:5002(5001)"),
                    server("sequence of a retransmission", "> . 1001:2001", "> . 1002:2002"),
                    server(
                            "acknowledgement",
                            "> . 5001:5001(0) ack 501\n",
                            "> . 5001:5001(0) ack 502\n"),
                    server("window of a SYN", "ack 1 win 64240", "ack 1 win 64241"),
                    server("scaled window", "ack 1 win 502", "ack 1 win 503"),
                    server("MSS option", "mss 1460", "mss 1461"),
                    server("window scale option", "wscale 7>\n+.1", "wscale 8>\n+.1"),
                    server("order of options", "nop,nop,sackOK", "nop,sackOK,nop"),
                    server(
                            "missing option",
                            "<mss 1460,nop,nop,sackOK,nop,wscale 7>",
                            "<mss 1460>"),
                    server("flag too many", "> S. 0:0(0)", "> SE. 0:0(0)"),
                    server("flag missing", "> F. 5001:5001(0)", "> . 5001:5001(0)"),
                    server("ECN mark", "> P. 1:5001(5000)", "> [ect0] P. 1:5001(5000)"),
                    server("too early", "+.04 > .", "+.05 > ."),
                    server("too late", "+.04 > .", "+.03 > ."),
                    server("range of times", "+0~+.05 > .", "+0~+.02 > ."),
                    server("end of a blocking call", "+0...0.05 read", "+0...0.06 read"),
                    server("a call that blocks too short", "+0...0.05 read", "+0...0.04 read"),
                    server("result", "write(4, ..., 5000) = 5000", "write(4, ..., 5000) = 4999"),
                    server("bytes read", "read(4, ..., 1000) = 20", "read(4, ..., 1000) = 21"),
                    server("errno", "-1 EAGAIN", "-1 EINVAL"),
                    server("success for failure", "= -1 EAGAIN (Resource", "= 5 // (Resource"),
                    server("option value", "TCP_MAXSEG, [1000]", "TCP_MAXSEG, [1001]"),
                    server("option length", "[1000], [4])", "[1000], [3])"),
                    server("ioctl value", "FIONREAD, [500]", "FIONREAD, [501]"),
                    server("poll events", "revents=POLLIN | POLLOUT", "revents=POLLIN"),
                    server("tcp_info field", "tcpi_sacked == 3", "tcpi_sacked == 2"),
                    server(
                            "second line of code",
                            "tcpi_total_retrans == 1",
                            "tcpi_total_retrans == 2"),
                    client("timestamp value", "TS val 150 ecr 700", "TS val 160 ecr 700"),
                    client("errno in progress", "-1 EALREADY", "-1 EISCONN"),
                    client("socket error", "SO_ERROR, [0]", "SO_ERROR, [1]"),
                    client("flags of a descriptor", "F_GETFL) = 0x2", "F_GETFL) = 0x802"),
                    new Mutation("datagram length", "datagrams.pkt", "> udp (700)", "> udp (701)"),
                    new Mutation(
                            "length of the real datagram",
                            "datagrams.pkt",
                            "..., ...) = 33\n\n",
                            "..., ...) = 32\n\n"),
                    new Mutation(
                            "edge",
                            "events.pkt",
                            "{events=EPOLLOUT, fd=4}, 1, 0) = 1",
                            "{events=EPOLLOUT, fd=4}, 1, 0) = 0"),
                    new Mutation(
                            "epoll events",
                            "events.pkt",
                            "EPOLLIN | EPOLLOUT, fd=4}",
                            "EPOLLIN, fd=4}"),
                    new Mutation(
                            "origin of a queued error",
                            "messages.pkt",
                            "SO_EE_ORIGIN_ZEROCOPY",
                            "SO_EE_ORIGIN_LOCAL"),
                    new Mutation(
                            "number of a queued error", "messages.pkt", "ee_info=0", "ee_info=1"),
                    new Mutation(
                            "control message", "messages.pkt", "cmsg_data=200", "cmsg_data=201"),
                    new Mutation(
                            "control message too many",
                            "messages.pkt",
                            "TCP_CM_INQ, cmsg_data=200}]",
                            "TCP_CM_INQ, cmsg_data=200}, {cmsg_level=SOL_TCP, cmsg_type=TCP_CM_INQ, cmsg_data=200}]"),
                    new Mutation(
                            "message flags",
                            "messages.pkt",
                            "msg_flags=MSG_ERRQUEUE,",
                            "msg_flags=0,"),
                    new Mutation("splice", "messages.pkt", "150, 0) = 150", "150, 0) = 149"));

    private static Mutation server(String what, String from, String to) {
        return new Mutation(what, "server.pkt", from, to);
    }

    private static Mutation client(String what, String from, String to) {
        return new Mutation(what, "client.pkt", from, to);
    }
}
