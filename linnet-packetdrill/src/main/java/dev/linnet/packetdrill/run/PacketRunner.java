package dev.linnet.packetdrill.run;

import dev.linnet.packetdrill.Config;
import dev.linnet.packetdrill.packet.Packet;
import dev.linnet.packetdrill.packet.PacketBuilder;
import dev.linnet.packetdrill.packet.PacketChecksums;
import dev.linnet.packetdrill.packet.PacketParser;
import dev.linnet.packetdrill.packet.PacketText;
import dev.linnet.packetdrill.packet.ScriptPacket;
import dev.linnet.packetdrill.packet.Tuple;
import dev.linnet.packetdrill.script.Event.Direction;
import dev.linnet.packetdrill.script.EventTime;
import dev.linnet.packetdrill.state.Descriptors.Descriptor;
import dev.linnet.packetdrill.state.EventFailure;
import dev.linnet.packetdrill.state.Moment;
import dev.linnet.packetdrill.state.RunState;
import dev.linnet.packetdrill.state.ScriptSocket;
import dev.linnet.packetdrill.state.ScriptSocket.State;
import dev.linnet.packetdrill.state.Timeline;
import dev.linnet.packetdrill.target.Target.Captured;
import dev.linnet.wire.IpProto;
import dev.linnet.wire.Ipv6;
import dev.linnet.wire.Tcp;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Injects the packets that a script injects, and verifies those that it expects.
///
/// All packets belong to the socket under test, the last that a call or a SYN has made; what the
/// kernel sends for others is passed over.
final class PacketRunner {
    /// How long after the last moment that is right a packet is waited for: it is wrong by then,
    /// but the report can say when it came.
    private static final long PATIENCE_USECS = 1_000_000;

    /// How long a packet is waited for that may come at any time.
    private static final long ANY_TIME_USECS = 60_000_000;

    /// The remote ports of connections that scripts open with a SYN.
    private static final int FIRST_REMOTE_PORT = 53055;

    private static final int SOCK_STREAM = 1;

    private final RunState state;
    private final Config config;
    private final Timeline timeline;
    private final PacketMapper mapper;
    private final PacketListener listener;
    private int nextRemotePort = FIRST_REMOTE_PORT;

    PacketRunner(RunState state, PacketListener listener) {
        this.state = state;
        this.config = state.config();
        this.timeline = state.timeline();
        this.mapper = new PacketMapper(config);
        this.listener = listener;
    }

    /// Carries out a packet event.
    ///
    /// @throws EventFailure if the kernel does not do its part
    void run(Direction direction, ScriptPacket script, Moment moment) {
        ScriptSocket socket = socketFor(script.packet(), direction);
        if (direction == Direction.INBOUND) {
            timeline.await(moment, "inbound packet");
            inject(socket, script.packet());
        } else {
            expect(socket, script, moment);
        }
    }

    // ------------------------------------------------------------ whose packet is it

    private ScriptSocket socketFor(Packet packet, Direction direction) {
        Descriptor underTest = state.descriptors().underTest();
        ScriptSocket socket = underTest == null ? null : underTest.socket();
        if (packet.isTcp() && direction == Direction.INBOUND) {
            if (socket == null || socket.state() == State.PASSIVE_LISTENING) {
                return connectionFor(packet);
            }
        }
        if (socket != null && isConnecting(socket, packet, direction)) {
            socket.state(State.ACTIVE_SYN_SENT);
            socket.scriptLocalIsn(Tcp.seq(packet.bytes(), packet.transportOffset()));
            return socket;
        }
        if (socket != null && (carries(socket, packet) || hasPorts(packet))) {
            return socket;
        }
        throw new EventFailure("no matching socket for script packet");
    }

    private static boolean isConnecting(ScriptSocket socket, Packet packet, Direction direction) {
        return direction == Direction.OUTBOUND
                && packet.hasFlags(Tcp.SYN)
                && !packet.hasFlags(Tcp.ACK)
                && socket.state() == State.ACTIVE_CONNECTING;
    }

    /// A connection that an injected segment opens on a listening socket, or on none.
    private ScriptSocket connectionFor(Packet packet) {
        ScriptSocket socket =
                new ScriptSocket(State.PASSIVE_PACKET_RECEIVED, SOCK_STREAM, IpProto.TCP);
        socket.remoteIsn(Tcp.seq(packet.bytes(), packet.transportOffset()));
        socket.remote(config.remoteIp(), nextRemotePort++);
        socket.local(config.localIp(), config.bindPort());
        state.descriptors().addConnection(socket);
        return socket;
    }

    private static boolean carries(ScriptSocket socket, Packet packet) {
        return switch (socket.protocol()) {
            case IpProto.TCP -> packet.isTcp() || packet.isIcmp();
            case IpProto.UDP -> packet.isUdp() || packet.isIcmp();
            default -> packet.isIcmp();
        };
    }

    private static boolean hasPorts(Packet packet) {
        Tuple tuple = packet.tuple();
        return tuple.sourcePort() != 0 || tuple.destinationPort() != 0;
    }

    // ------------------------------------------------------------ injecting

    private void inject(ScriptSocket socket, Packet script) {
        if (socket.state() == State.PASSIVE_SYNACK_SENT && script.hasFlags(Tcp.ACK)) {
            socket.state(State.PASSIVE_SYNACK_ACKED);
        } else if (socket.state() == State.ACTIVE_SYN_SENT && script.hasFlags(Tcp.SYN | Tcp.ACK)) {
            socket.state(State.ACTIVE_SYN_ACKED);
            socket.remoteIsn(Tcp.seq(script.bytes(), script.transportOffset()));
        }
        if (!script.isTcp() && (config.anyIp() || socket.localPort() != 0)) {
            completeTuple(socket);
        }
        Packet live = script.copy();
        mapper.toLive(socket, live);
        PacketChecksums.fill(live);
        if (live.isTcp()) {
            socket.resetPoint().injected(live);
        }
        deliver(live, script);
    }

    /// A socket that is bound but not connected gets its first packet from the address that
    /// `connect(…, ...)` would go to. With addresses on no device nothing is sent before the first
    /// packet comes in, so even the kernel's end is not known yet.
    private void completeTuple(ScriptSocket socket) {
        int remotePort = socket.remotePort() == 0 ? config.connectPort() : socket.remotePort();
        int localPort = socket.localPort() == 0 ? config.bindPort() : socket.localPort();
        socket.remote(config.remoteIp(), remotePort);
        socket.local(config.localIp(), localPort);
    }

    private void deliver(Packet live, Packet script) {
        long now = timeline.now();
        state.trace().add(now, () -> "< " + PacketText.of(script));
        listener.packet(Direction.INBOUND, live.bytes(), now);
        state.target().inject(live.bytes(), live.isTcp() ? config.mss() : 0);
    }

    /// Injects resets for all connections, so that the kernel forgets them.
    void resetAll() {
        for (Descriptor descriptor : state.descriptors().all()) {
            ScriptSocket socket = descriptor.socket();
            if (socket != null
                    && socket.protocol() == IpProto.TCP
                    && socket.localPort() != 0
                    && socket.remotePort() != 0) {
                ScriptSocket.ResetPoint at = socket.resetPoint();
                boolean v6 = config.mode().packetsAreV6();
                Packet reset =
                        PacketBuilder.reset(
                                v6, socket.inbound(), at.seq(), at.ackSeq(), at.window());
                PacketChecksums.fill(reset);
                state.target().inject(reset.bytes(), 0);
            }
        }
    }

    // ------------------------------------------------------------ expecting

    private void expect(ScriptSocket socket, ScriptPacket script, Moment moment) {
        boolean synAck =
                socket.state() == State.PASSIVE_PACKET_RECEIVED
                        && script.packet().hasFlags(Tcp.SYN | Tcp.ACK);
        if (synAck) {
            socket.scriptLocalIsn(
                    Tcp.seq(script.packet().bytes(), script.packet().transportOffset()));
        }
        Aggregate aggregate = new Aggregate(script.packet().payloadLength());
        try {
            gather(socket, script, moment, aggregate, synAck);
            Packet actual = aggregate.packet();
            mapper.timestampToScript(socket, script.packet(), actual);
            verify(socket, script, actual, moment, aggregate.lastUsecs());
        } catch (EventFailure failure) {
            report(failure, script, moment, aggregate);
        }
    }

    /// Takes packets of the socket until they have the payload that the script expects.
    private void gather(
            ScriptSocket socket,
            ScriptPacket script,
            Moment moment,
            Aggregate aggregate,
            boolean synAck) {
        long deadline = deadline(moment);
        do {
            Sent sent = nextOf(socket, deadline);
            Packet packet = sent.packet;
            Tuple tuple = packet.tuple();
            if (synAck && aggregate.isEmpty() && packet.isTcp()) {
                socket.state(State.PASSIVE_SYNACK_SENT);
                socket.liveLocalIsn(Tcp.seq(packet.bytes(), packet.transportOffset()));
            }
            if (packet.isTcp()) {
                socket.resetPoint().sent(packet);
                mapper.toScript(socket, packet);
            }
            state.trace().add(sent.usecs, () -> "> " + PacketText.of(packet));
            aggregate.add(packet, tuple, sent.usecs);
        } while (!aggregate.isComplete() && !config.strictSegments());
        int expected = script.packet().payloadLength();
        if (aggregate.payload() != expected) {
            throw new EventFailure(
                    "live packet payload: expected "
                            + expected
                            + " bytes vs actual "
                            + aggregate.payload()
                            + " bytes");
        }
    }

    private long deadline(Moment moment) {
        if (moment.kind() instanceof EventTime.Any) {
            return timeline.now() + ANY_TIME_USECS;
        }
        return Math.max(moment.last(), timeline.now())
                + timeline.tolerance(moment)
                + PATIENCE_USECS;
    }

    private record Sent(Packet packet, long usecs) {}

    /// The next packet of the socket; others are passed over.
    private Sent nextOf(ScriptSocket socket, long deadline) {
        while (true) {
            Captured captured = state.target().capture(timeline.toLive(deadline));
            if (captured == null) {
                throw new EventFailure("timed out waiting for packet");
            }
            long usecs = timeline.toScript(captured.usecs());
            listener.packet(Direction.OUTBOUND, captured.datagram(), usecs);
            Packet packet = parse(captured.datagram());
            if (packet != null && isOf(socket, packet)) {
                Optional<String> fault = PacketChecksums.fault(packet);
                if (fault.isPresent()) {
                    throw new EventFailure(fault.get(), null, PacketText.of(packet));
                }
                return new Sent(packet, usecs);
            }
            if (packet != null) {
                state.trace().add(usecs, () -> "  (not of this socket) > " + PacketText.of(packet));
            }
        }
    }

    private static @Nullable Packet parse(byte[] datagram) {
        try {
            return PacketParser.parse(datagram);
        } catch (IllegalArgumentException e) {
            throw new EventFailure("bad outbound packet: " + e.getMessage());
        }
    }

    private static boolean isOf(ScriptSocket socket, Packet packet) {
        Tuple tuple = packet.tuple();
        if (tuple.equals(socket.outbound())) {
            return true;
        }
        boolean connecting = socket.state() == State.ACTIVE_CONNECTING;
        return switch (socket.protocol()) {
            case IpProto.TCP -> {
                boolean syn = packet.hasFlags(Tcp.SYN) && !packet.hasFlags(Tcp.ACK);
                boolean ours =
                        syn
                                && socket.state() == State.ACTIVE_SYN_SENT
                                && tuple.destination().equals(socket.remoteIp())
                                && tuple.destinationPort() == socket.remotePort();
                if (ours) {
                    socket.local(tuple.source(), tuple.sourcePort());
                    socket.liveLocalIsn(Tcp.seq(packet.bytes(), packet.transportOffset()));
                }
                yield ours;
            }
            case IpProto.UDP -> {
                boolean ours =
                        connecting
                                && packet.isUdp()
                                && tuple.destination().equals(socket.remoteIp())
                                && tuple.destinationPort() == socket.remotePort();
                if (ours) {
                    socket.local(tuple.source(), tuple.sourcePort());
                }
                yield ours;
            }
            default -> packet.isIcmp() && tuple.destination().equals(socket.remoteIp());
        };
    }

    private void verify(
            ScriptSocket socket, ScriptPacket script, Packet actual, Moment moment, long usecs) {
        PacketVerifier.headers(actual, script);
        if (actual.isV6()) {
            socket.verifyFlowLabel(
                    Ipv6.flowLabel(script.packet().bytes(), script.packet().ipOffset()),
                    Ipv6.flowLabel(actual.bytes(), actual.ipOffset()));
        }
        if (actual.isTcp() && script.optionsChecked()) {
            PacketVerifier.options(
                    actual,
                    script.packet(),
                    config.tsTickUsecs(),
                    timeline.tolerance(moment.usecs()));
        }
        if (!actual.isIcmp()) {
            PacketVerifier.payload(actual, script.packet());
        }
        timeline.verify(moment, usecs, "outbound packet");
    }

    private void report(
            EventFailure failure, ScriptPacket script, Moment moment, Aggregate aggregate) {
        String expected = line(moment.usecs(), PacketText.of(script));
        String actual =
                aggregate.isEmpty()
                        ? failure.actual()
                        : line(aggregate.lastUsecs(), PacketText.of(aggregate.packet()));
        String message = "error handling packet: " + failure.message();
        if (!config.nonFatalPacket() || aggregate.isEmpty()) {
            throw new EventFailure(message, expected, actual);
        }
        state.trace().add("warning: " + message);
        state.trace().add("  script packet: " + expected);
        state.trace().add("  actual packet: " + actual);
    }

    private static String line(long usecs, String text) {
        return String.format(Locale.ROOT, "%9.6f %s", usecs / 1e6, text);
    }
}
