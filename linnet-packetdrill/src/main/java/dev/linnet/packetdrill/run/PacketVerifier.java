package dev.linnet.packetdrill.run;

import dev.linnet.packetdrill.packet.Packet;
import dev.linnet.packetdrill.packet.Packet.Header;
import dev.linnet.packetdrill.packet.ScriptPacket;
import dev.linnet.packetdrill.packet.TcpOptions;
import dev.linnet.packetdrill.script.PacketSpec.TosCheck;
import dev.linnet.packetdrill.state.EventFailure;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.Ecn;
import dev.linnet.wire.Icmp;
import dev.linnet.wire.Ipv4;
import dev.linnet.wire.Ipv6;
import dev.linnet.wire.Tcp;
import dev.linnet.wire.Udp;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Compares a packet that the kernel sent, in the script's numbers, with the one that the script
/// expects.
///
/// Strict: every field of every header is compared, unless the script leaves it open. Not strict,
/// for the segments of which one expected packet may be made up: what may differ from segment to
/// segment (length, PSH, FIN, CWR) may differ, and each must begin where the one before it ends.
final class PacketVerifier {
    private final Packet actual;
    private final Packet expected;
    private final ScriptPacket script;
    private final boolean strict;

    private PacketVerifier(Packet actual, ScriptPacket script, boolean strict) {
        this.actual = actual;
        this.expected = script.packet();
        this.script = script;
        this.strict = strict;
    }

    /// Compares headers.
    ///
    /// @throws EventFailure at the first difference
    static void headers(Packet actual, ScriptPacket script) {
        new PacketVerifier(actual, script, true).headers();
    }

    /// Checks that a segment continues the one before it.
    ///
    /// @throws EventFailure if it does not
    static void continues(Packet actual, Packet before) {
        int ttl =
                before.isV6()
                        ? Ipv6.hopLimit(before.bytes(), before.ipOffset())
                        : Ipv4.ttl(before.bytes(), before.ipOffset());
        ScriptPacket like =
                new ScriptPacket(before, true, true, false, TosCheck.NONE, Optional.of(ttl));
        new PacketVerifier(actual, like, false).headers();
    }

    private void headers() {
        List<Header> have = actual.headers();
        List<Header> want = expected.headers();
        if (have.size() != want.size()) {
            throw new EventFailure(
                    (strict ? "live" : "aggregate candidate")
                            + " packet header layers: expected: "
                            + want.size()
                            + " headers vs actual: "
                            + have.size()
                            + " headers");
        }
        for (int i = 0; i < want.size(); i++) {
            header(i, have.get(i), want.get(i));
        }
    }

    private void header(int layer, Header have, Header want) {
        if (have.kind() != want.kind()) {
            throw new EventFailure(
                    "live packet header layer "
                            + layer
                            + ": expected: "
                            + want.kind()
                            + " header vs actual: "
                            + have.kind()
                            + " header");
        }
        switch (want.kind()) {
            case IPV4 -> ipv4(have.offset(), want.offset());
            case IPV6 -> ipv6(have.offset(), want.offset());
            case TCP -> tcp(have.offset(), want.offset());
            case UDP -> udp(have.offset(), want.offset());
            case ICMPV4, ICMPV6 -> icmp(have.offset(), want.offset());
            case GRE, MPLS -> bytes(have, want);
        }
    }

    /// How much longer the packet may be than the script says: by the options that it leaves open.
    private int optionsAllowance() {
        return script.optionsChecked() || !actual.isTcp()
                ? 0
                : actual.transport().bytes() - Tcp.HEADER_BYTES;
    }

    private void ipv4(int at, int want) {
        byte[] a = actual.bytes();
        byte[] e = expected.bytes();
        check("ipv4_version", Ipv4.version(e, want), Ipv4.version(a, at));
        check("ipv4_protocol", Ipv4.protocol(e, want), Ipv4.protocol(a, at));
        check("ipv4_header_length", Ipv4.headerBytes(e, want) / 4, Ipv4.headerBytes(a, at) / 4);
        if (strict) {
            int length = Ipv4.totLen(e, want) + optionsAllowance();
            check("ipv4_total_length", length, Ipv4.totLen(a, at));
        }
        tos(Ipv4.tos(e, want), Ipv4.tos(a, at));
        ttl(Ipv4.ttl(a, at));
    }

    private void ipv6(int at, int want) {
        byte[] a = actual.bytes();
        byte[] e = expected.bytes();
        check("ipv6_version", Ipv6.version(e, want), Ipv6.version(a, at));
        if (strict) {
            int length = Ipv6.payloadLen(e, want) + optionsAllowance();
            check("ipv6_payload_len", length, Ipv6.payloadLen(a, at));
        }
        check("ipv6_next_header", Ipv6.nexthdr(e, want), Ipv6.nexthdr(a, at));
        tos(Ipv6.trafficClass(e, want), Ipv6.trafficClass(a, at));
        ttl(Ipv6.hopLimit(a, at));
    }

    private void tos(int want, int have) {
        switch (script.tosCheck()) {
            case NONE -> {}
            case ECN -> check("ip_ecn", Ecn.of(want), Ecn.of(have));
            case WHOLE_BYTE -> check("tos", want, have);
            case ECN_ECT0_OR_ECT1 -> {
                if (Ecn.of(have) != Ecn.ECT_0 && Ecn.of(have) != Ecn.ECT_1) {
                    throw new EventFailure(
                            "live packet field ip_ecn: expected: 0x1 or 0x2 vs actual: 0x"
                                    + Ecn.of(have));
                }
            }
        }
    }

    private void ttl(int have) {
        script.ttl().ifPresent(want -> check("ttl", want, have));
    }

    private void tcp(int at, int want) {
        byte[] a = actual.bytes();
        byte[] e = expected.bytes();
        int offset = (Tcp.headerBytes(e, want) + optionsAllowance()) / 4;
        check("tcp_data_offset", offset, Tcp.headerBytes(a, at) / 4);
        tcpFlags(Tcp.flags(a, at), Tcp.flags(e, want));
        check("tcp_reserved_bits", Tcp.reserved(e, want), Tcp.reserved(a, at));
        int seq = Tcp.seq(e, want) + (strict ? 0 : expected.payloadLength());
        check("tcp_seq", seq, Tcp.seq(a, at));
        check("tcp_ack_seq", Tcp.ackSeq(e, want), Tcp.ackSeq(a, at));
        if (script.windowChecked()) {
            check("tcp_window", Tcp.window(e, want), Tcp.window(a, at));
        }
        check("tcp_urg_ptr", Tcp.urgPtr(e, want), Tcp.urgPtr(a, at));
    }

    private void tcpFlags(int have, int want) {
        if (strict) {
            flag("tcp_fin", want, have, Tcp.FIN);
            flag("tcp_psh", want, have, Tcp.PSH);
        }
        flag("tcp_syn", want, have, Tcp.SYN);
        flag("tcp_rst", want, have, Tcp.RST);
        flag("tcp_ack", want, have, Tcp.ACK);
        flag("tcp_urg", want, have, Tcp.URG);
        if (script.aceNumber()) {
            int shift = Integer.numberOfTrailingZeros(Tcp.ECE);
            check("tcp_ace", (want & Tcp.ACE_MASK) >> shift, (have & Tcp.ACE_MASK) >> shift);
            return;
        }
        flag("tcp_ece", want, have, Tcp.ECE);
        if (strict) {
            flag("tcp_cwr", want, have, Tcp.CWR);
        }
        flag("tcp_ae", want, have, Tcp.AE);
    }

    private static void flag(String name, int want, int have, int mask) {
        check(name, (want & mask) != 0 ? 1 : 0, (have & mask) != 0 ? 1 : 0);
    }

    private void udp(int at, int want) {
        if (strict) {
            check("udp_len", Udp.len(expected.bytes(), want), Udp.len(actual.bytes(), at));
        }
    }

    private void icmp(int at, int want) {
        byte[] a = actual.bytes();
        byte[] e = expected.bytes();
        check("icmp_type", Icmp.type(e, want), Icmp.type(a, at));
        check("icmp_code", Icmp.code(e, want), Icmp.code(a, at));
    }

    private void bytes(Header have, Header want) {
        boolean same =
                Arrays.equals(
                        actual.bytes(),
                        have.offset(),
                        have.offset() + have.bytes(),
                        expected.bytes(),
                        want.offset(),
                        want.offset() + want.bytes());
        if (!same) {
            throw new EventFailure("mismatch in " + want.kind() + " header");
        }
    }

    private static void check(String name, int want, int have) {
        if (want != have) {
            throw new EventFailure(
                    String.format(
                            Locale.ROOT,
                            "live packet field %s: expected: %s (0x%x) vs actual: %s (0x%x)",
                            name,
                            Integer.toUnsignedString(want),
                            want,
                            Integer.toUnsignedString(have),
                            have));
        }
    }

    /// Compares TCP options one by one, in order; of a timestamp only the value, and only if its
    /// tick is known.
    ///
    /// @param tickUsecs what one step of the timestamp stands for; 0: not compared
    /// @param toleranceUsecs how far the timestamp may be from the script's
    /// @throws EventFailure at the first difference
    static void options(Packet actual, Packet script, int tickUsecs, long toleranceUsecs) {
        List<TcpOptions.Raw> have = TcpOptions.in(actual);
        List<TcpOptions.Raw> want = TcpOptions.in(script);
        for (int i = 0; i < Math.max(have.size(), want.size()); i++) {
            if (i >= have.size() || i >= want.size() || have.get(i).kind() != want.get(i).kind()) {
                throw new EventFailure("bad outbound TCP options");
            }
            TcpOptions.Raw h = have.get(i);
            TcpOptions.Raw w = want.get(i);
            if (h.kind() == TcpOptions.TIMESTAMPS) {
                int steps =
                        Bytes.u32(actual.bytes(), h.offset() + 2)
                                - Bytes.u32(script.bytes(), w.offset() + 2);
                if (Math.abs((long) steps) * tickUsecs > toleranceUsecs) {
                    throw new EventFailure(
                            "bad outbound TCP timestamp value, tolerance " + toleranceUsecs);
                }
            } else if (!TcpOptions.same(actual.bytes(), h, script.bytes(), w)) {
                throw new EventFailure(
                        "bad value in outbound TCP option (kind="
                                + w.kind()
                                + "): expected: "
                                + TcpOptions.text(script.bytes(), w)
                                + " actual: "
                                + TcpOptions.text(actual.bytes(), h));
            }
        }
    }

    /// Compares what follows the headers.
    ///
    /// @throws EventFailure if it differs
    static void payload(Packet actual, Packet script) {
        boolean same =
                Arrays.equals(
                        actual.bytes(),
                        actual.payloadOffset(),
                        actual.bytes().length,
                        script.bytes(),
                        script.payloadOffset(),
                        script.bytes().length);
        if (!same) {
            throw new EventFailure("incorrect outbound data payload");
        }
    }
}
