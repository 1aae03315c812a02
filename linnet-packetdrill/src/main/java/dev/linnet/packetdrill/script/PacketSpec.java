package dev.linnet.packetdrill.script;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A packet as a script writes it: what is absent is not checked, or is filled in.
public sealed interface PacketSpec {
    /// Where the packet begins.
    Source at();

    /// Headers around it, the outermost first.
    List<Encapsulation> outer();

    /// What the script says of the IP header next to the transport.
    IpInfo ip();

    /// `S. 0:0(0) ack 1 win 100 <mss 1460>`.
    ///
    /// @param ports   null: those of the socket under test
    /// @param ack     0 where the script names none
    /// @param window  empty: not checked
    /// @param options null: `<...>`, not checked
    record Tcp(
            Source at,
            List<Encapsulation> outer,
            IpInfo ip,
            @Nullable Ports ports,
            Flags flags,
            long seq,
            int payload,
            long ack,
            OptionalInt window,
            int urgentPointer,
            @Nullable List<TcpOption> options)
            implements PacketSpec {}

    /// `udp (100)`.
    record Udp(Source at, List<Encapsulation> outer, IpInfo ip, @Nullable Ports ports, int payload)
            implements PacketSpec {}

    /// `icmp unreachable frag_needed mtu 1400 [1:1001(1000)]`.
    record Icmp(
            Source at,
            List<Encapsulation> outer,
            IpInfo ip,
            String type,
            @Nullable String code,
            OptionalLong mtu,
            int echoId,
            Echoed echoed)
            implements PacketSpec {}

    /// The start of the packet that an ICMP message quotes.
    sealed interface Echoed {
        /// A TCP segment.
        record OfTcp(long seq, int payload) implements Echoed {}

        /// A UDP datagram.
        record OfUdp(int payload) implements Echoed {}

        /// No packet: the message has `length` bytes in all, zeroes after its header.
        record Raw(int length) implements Echoed {}
    }

    /// Port numbers that differ from those of the socket under test.
    record Ports(int source, int destination) {}

    /// The flags of a TCP header.
    ///
    /// @param letters of `FSRPEWAU` those that are set, and `.` for ACK
    /// @param ace     the three AccECN bits as a number, where the script writes them so
    record Flags(String letters, OptionalInt ace) {
        /// True if the letter is among them.
        public boolean has(char letter) {
            return letters.indexOf(letter) >= 0;
        }
    }

    /// Fields of the IP header that a script may name.
    ///
    /// @param tos       the value that `check` speaks of
    /// @param flowLabel 0: not named
    /// @param ttl       0: not named
    record IpInfo(TosCheck check, int tos, int flowLabel, Optional<Integer> ttl) {
        /// Nothing named.
        public static final IpInfo NONE = new IpInfo(TosCheck.NONE, 0, 0, Optional.empty());
    }

    /// How much of the byte that holds DSCP and ECN is checked in a packet that the kernel sends.
    enum TosCheck {
        NONE,
        ECN,
        ECN_ECT0_OR_ECT1,
        WHOLE_BYTE
    }

    /// A header around the packet.
    sealed interface Encapsulation {}

    /// IP in IP.
    record OuterIp(boolean v6, String source, String destination, IpInfo info)
            implements Encapsulation {}

    /// A GRE header (RFC 2784, RFC 2890): flags as on the wire, and the fields that they announce.
    record Gre(int flags, int sum, int off, long key, long seq) implements Encapsulation {
        /// The checksum field and the one beside it are present.
        public static final int CHECKSUM = 0x8000;

        /// The key is present.
        public static final int KEY = 0x2000;

        /// The sequence number is present.
        public static final int SEQUENCE = 0x1000;
    }

    /// A stack of MPLS labels (RFC 3032).
    record Mpls(List<MplsEntry> stack) implements Encapsulation {}

    /// One label: 20 bits, 3 bits of traffic class, 8 bits of TTL.
    record MplsEntry(int label, int trafficClass, boolean bottom, int ttl) {}
}
