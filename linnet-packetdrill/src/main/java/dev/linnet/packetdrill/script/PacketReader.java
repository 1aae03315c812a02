package dev.linnet.packetdrill.script;

import dev.linnet.packetdrill.grammar.PacketdrillParser.AccEcnContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.EncapsulationContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.EolContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.FastOpenContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.FastOpenExperimentalContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.FlagsContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.GreFieldsContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.GreFlagContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.GreHeaderContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.HexBlobContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.IcmpContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.IcmpEchoedContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.IpFieldContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.IpInfoContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.Ipv4HeaderContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.Ipv6HeaderContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.Md5Context;
import dev.linnet.packetdrill.grammar.PacketdrillParser.MplsEntryContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.MplsHeaderContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.MssContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.NopContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.PacketContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.PortsContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.SackContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.SackPermittedContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.SequenceContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.TcpContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.TcpOptionContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.TcpOptionsContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.TimestampsContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.UdpContext;
import dev.linnet.packetdrill.grammar.PacketdrillParser.WindowScaleContext;
import dev.linnet.packetdrill.script.Event.Direction;
import dev.linnet.packetdrill.script.Event.PacketEvent;
import dev.linnet.packetdrill.script.PacketSpec.IpInfo;
import dev.linnet.packetdrill.script.PacketSpec.TosCheck;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.antlr.v4.runtime.Token;
import org.jspecify.annotations.Nullable;

/// Makes packets from the parse tree.
final class PacketReader {
    private static final long U8 = 0xff;
    private static final long U16 = 0xffff;
    private static final long U20 = 0xf_ffff;
    private static final long U24 = 0xff_ffff;
    private static final long U32 = 0xffff_ffffL;

    private final EventReader events;

    PacketReader(EventReader events) {
        this.events = events;
    }

    PacketEvent packet(PacketContext tree, Source at, EventTime time) {
        Direction direction =
                tree.direction.getText().equals("<") ? Direction.INBOUND : Direction.OUTBOUND;
        List<PacketSpec.Encapsulation> outer =
                tree.encapsulation().stream().map(this::encapsulation).toList();
        IpInfo ip = ipInfo(tree.ipInfo());
        PacketSpec packet =
                switch (tree.transport()) {
                    case TcpContext t -> tcp(t, outer, ip);
                    case UdpContext t -> udp(t, outer, ip);
                    case IcmpContext t -> icmp(t, outer, ip);
                    default -> throw new IllegalStateException(tree.getText());
                };
        if (direction == Direction.INBOUND) {
            checkInbound(packet);
        }
        return new PacketEvent(at, time, direction, packet);
    }

    /// What is left open can only be left open for packets that the kernel sends.
    private void checkInbound(PacketSpec packet) {
        if (packet.ip().check() == TosCheck.ECN_ECT0_OR_ECT1) {
            throw events.error(packet.at(), "[ect01] can only be used with outbound packets");
        }
        if (packet instanceof PacketSpec.Tcp tcp) {
            if (tcp.options() == null) {
                throw events.error(
                        tcp.at(), "<...> for TCP options can only be used with outbound packets");
            }
            if (tcp.window().isEmpty()) {
                throw events.error(tcp.at(), "window must be specified for inbound packets");
            }
        }
    }

    private PacketSpec.Tcp tcp(TcpContext t, List<PacketSpec.Encapsulation> outer, IpInfo ip) {
        SequenceRange sequence = sequence(t.sequence());
        return new PacketSpec.Tcp(
                events.at(t),
                outer,
                ip,
                ports(t.ports()),
                flags(t.flags()),
                sequence.start,
                sequence.length,
                t.ack == null ? 0 : number(t.ack, U32, "TCP ack sequence number"),
                t.win == null
                        ? OptionalInt.empty()
                        : OptionalInt.of(number16(t.win, "TCP window value")),
                t.urg == null ? 0 : number16(t.urg, "urg_ptr value"),
                t.tcpOptions() == null ? List.of() : options(t.tcpOptions()));
    }

    private PacketSpec.Udp udp(UdpContext t, List<PacketSpec.Encapsulation> outer, IpInfo ip) {
        return new PacketSpec.Udp(
                events.at(t), outer, ip, ports(t.ports()), number16(t.length, "UDP payload size"));
    }

    private PacketSpec.Icmp icmp(IcmpContext t, List<PacketSpec.Encapsulation> outer, IpInfo ip) {
        return new PacketSpec.Icmp(
                events.at(t),
                outer,
                ip,
                t.type.getText(),
                t.code_ == null ? null : t.code_.getText(),
                t.mtu == null
                        ? OptionalLong.empty()
                        : OptionalLong.of(number(t.mtu, U32, "ICMP MTU")),
                t.id == null ? 0 : number16(t.id, "echo id"),
                t.icmpEchoed() == null
                        ? new PacketSpec.Echoed.OfTcp(0, 0)
                        : echoed(t.icmpEchoed()));
    }

    private PacketSpec.Echoed echoed(IcmpEchoedContext t) {
        if (t.sequence() != null) {
            SequenceRange sequence = sequence(t.sequence());
            return new PacketSpec.Echoed.OfTcp(sequence.start, sequence.length);
        }
        int length = number16(t.length, "length");
        return t.getStart().getText().equals("udp")
                ? new PacketSpec.Echoed.OfUdp(length)
                : new PacketSpec.Echoed.Raw(length);
    }

    private PacketSpec.Encapsulation encapsulation(EncapsulationContext tree) {
        return switch (tree) {
            case Ipv4HeaderContext t ->
                    new PacketSpec.OuterIp(
                            false, t.src.getText(), t.dst.getText(), ipInfo(t.ipInfo()));
            case Ipv6HeaderContext t ->
                    new PacketSpec.OuterIp(
                            true, t.src.getText(), t.dst.getText(), ipInfo(t.ipInfo()));
            case GreHeaderContext t ->
                    t.greFields() == null ? new PacketSpec.Gre(0, 0, 0, 0, 0) : gre(t.greFields());
            case MplsHeaderContext t ->
                    new PacketSpec.Mpls(t.mplsEntry().stream().map(this::mplsEntry).toList());
            default -> throw new IllegalStateException(tree.getText());
        };
    }

    PacketSpec.Gre gre(GreFieldsContext t) {
        int flags = 0;
        if (t.greFlags().number() != null) {
            flags = number16(t.greFlags().number().getStart(), "GRE flags");
        } else {
            for (GreFlagContext flag : t.greFlags().greFlag()) {
                flags |= greFlag(flag.getStart().getText());
            }
        }
        return new PacketSpec.Gre(
                flags,
                number16(t.sum.getStart(), "GRE sum"),
                number16(t.off.getStart(), "GRE off"),
                number(t.key.getStart(), U32, "GRE key"),
                number(t.seqNo.getStart(), U32, "GRE seq"));
    }

    private static int greFlag(String name) {
        return switch (name) {
            case "checksum" -> PacketSpec.Gre.CHECKSUM;
            case "key" -> PacketSpec.Gre.KEY;
            case "sequence#" -> PacketSpec.Gre.SEQUENCE;
            default -> 0;
        };
    }

    PacketSpec.MplsEntry mplsEntry(MplsEntryContext t) {
        if (t.bottom != null && !t.bottom.getText().equals("S")) {
            throw events.error(events.at(t.bottom), "expected [S] for MPLS label stack bottom");
        }
        return new PacketSpec.MplsEntry(
                (int) number(t.label, U20, "MPLS label"),
                (int) number(t.tc, 7, "MPLS traffic class"),
                t.bottom != null,
                (int) number(t.ttl, U8, "MPLS ttl"));
    }

    private IpInfo ipInfo(@Nullable IpInfoContext tree) {
        if (tree == null) {
            return IpInfo.NONE;
        }
        TosCheck check = TosCheck.NONE;
        int tos = 0;
        int flowLabel = 0;
        Optional<Integer> ttl = Optional.empty();
        for (IpFieldContext field : tree.ipField()) {
            if (field.ecn != null) {
                boolean either = field.ecn.getText().equals("ect01");
                check = either ? TosCheck.ECN_ECT0_OR_ECT1 : TosCheck.ECN;
                tos = ecn(field.ecn.getText());
            } else if (field.tos != null) {
                check = TosCheck.WHOLE_BYTE;
                tos = (int) number(field.tos, U8, "tos");
            } else if (field.label != null) {
                flowLabel = (int) number(field.label, U20, "flowlabel");
            } else {
                ttl = Optional.of((int) number(field.ttl, U8, "ttl"));
            }
        }
        return new IpInfo(check, tos, flowLabel, ttl);
    }

    private static int ecn(String name) {
        return switch (name) {
            case "ect1" -> 1;
            case "ect0" -> 2;
            case "ce" -> 3;
            default -> 0;
        };
    }

    private PacketSpec.@Nullable Ports ports(@Nullable PortsContext t) {
        return t == null
                ? null
                : new PacketSpec.Ports(number16(t.src, "src port"), number16(t.dst, "dst port"));
    }

    private PacketSpec.Flags flags(FlagsContext tree) {
        String written = tree.getText();
        String letters = written.equals("-") ? "" : written;
        OptionalInt ace = OptionalInt.empty();
        for (int i = 0; i < written.length() && !written.equals("-"); i++) {
            char c = written.charAt(i);
            boolean last =
                    i == written.length() - 1 || i == written.length() - 2 && written.endsWith(".");
            if (c >= '0' && c <= '7' && last) {
                ace = OptionalInt.of(c - '0');
                letters = written.substring(0, i) + written.substring(i + 1);
            } else if (".FSRPEWAU".indexOf(c) < 0) {
                throw events.error(events.at(tree), "Invalid TCP flag: '" + c + "'");
            }
        }
        if (ace.isPresent() && letters.matches(".*[EWA].*")) {
            throw events.error(
                    events.at(tree), "Conflicting TCP flags: an ACE number and E, W or A");
        }
        return new PacketSpec.Flags(letters, ace);
    }

    private record SequenceRange(long start, int length) {}

    private SequenceRange sequence(SequenceContext t) {
        long start = number(t.start, U32, "TCP start sequence number");
        long end = number(t.end, U32, "TCP end sequence number");
        int length = number16(t.length, "TCP payload size");
        if (end != start + length) {
            throw events.error(events.at(t), "inconsistent TCP sequence numbers and payload size");
        }
        return new SequenceRange(start, length);
    }

    private @Nullable List<TcpOption> options(TcpOptionsContext t) {
        return t.ELLIPSIS() != null ? null : t.tcpOption().stream().map(this::option).toList();
    }

    private TcpOption option(TcpOptionContext tree) {
        return switch (tree) {
            case NopContext _ -> new TcpOption.Nop();
            case EolContext _ -> new TcpOption.Eol();
            case MssContext t -> new TcpOption.Mss(number16(t.INTEGER().getSymbol(), "mss value"));
            case WindowScaleContext t ->
                    new TcpOption.WindowScale(
                            (int) number(t.INTEGER().getSymbol(), U8, "window scale shift count"));
            case SackPermittedContext _ -> new TcpOption.SackPermitted();
            case SackContext t ->
                    new TcpOption.Sack(
                            t.sackBlock().stream()
                                    .map(
                                            b ->
                                                    new TcpOption.Block(
                                                            number(b.left, U32, "SACK left edge"),
                                                            number(
                                                                    b.right,
                                                                    U32,
                                                                    "SACK right edge")))
                                    .toList());
            case TimestampsContext t ->
                    new TcpOption.Timestamps(
                            number(t.val, U32, "ts val"), number(t.ecr, U32, "ecr val"));
            case Md5Context t -> new TcpOption.Md5(hex(t.hexBlob(), 16, "TCP MD5 digest"));
            case FastOpenContext t -> fastOpen(t.hexBlob(), false);
            case FastOpenExperimentalContext t -> fastOpen(t.hexBlob(), true);
            case AccEcnContext t -> accEcn(t);
            default -> throw new IllegalStateException(tree.getText());
        };
    }

    private TcpOption fastOpen(@Nullable HexBlobContext cookie, boolean experimental) {
        byte[] bytes =
                cookie == null
                        ? new byte[0]
                        : hex(cookie, experimental ? 36 : 38, "TCP fast open cookie");
        return new TcpOption.FastOpen(bytes, experimental);
    }

    private TcpOption accEcn(AccEcnContext t) {
        List<TcpOption.Counter> counters =
                t.ecnCounter().stream()
                        .map(
                                c ->
                                        new TcpOption.Counter(
                                                c.which.getText(),
                                                (int)
                                                        number(
                                                                c.INTEGER().getSymbol(),
                                                                U24,
                                                                "ECN counter")))
                        .toList();
        List<String> names = counters.stream().map(TcpOption.Counter::name).toList();
        boolean known =
                names.equals(List.of("e0b", "ceb", "e1b").subList(0, Math.min(3, names.size())))
                        || names.equals(
                                List.of("e1b", "ceb", "e0b").subList(0, Math.min(3, names.size())));
        if (!known) {
            throw events.error(
                    events.at(t),
                    "ECN counters stand in the order e0b ceb e1b or e1b ceb e0b, from the left");
        }
        return new TcpOption.AccEcn(counters);
    }

    private byte[] hex(HexBlobContext tree, int max, String what) {
        String digits = tree.getText();
        Source at = events.at(tree);
        if ((digits.length() & 1) != 0) {
            throw events.error(at, what + " has an odd number of digits");
        }
        if (digits.length() / 2 > max) {
            throw events.error(
                    at,
                    what
                            + " of "
                            + digits.length() / 2
                            + " bytes exceeds the maximum of "
                            + max
                            + " bytes");
        }
        try {
            return HexFormat.of().parseHex(digits);
        } catch (IllegalArgumentException _) {
            throw events.error(at, what + " '" + digits + "' is not a valid hex string");
        }
    }

    private long number(Token token, long max, String what) {
        return events.number(token, 0, max, what);
    }

    private int number16(Token token, String what) {
        return (int) number(token, U16, what);
    }
}
