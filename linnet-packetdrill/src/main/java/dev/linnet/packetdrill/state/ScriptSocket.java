package dev.linnet.packetdrill.state;

import dev.linnet.packetdrill.packet.IpAddress;
import dev.linnet.packetdrill.packet.Packet;
import dev.linnet.packetdrill.packet.Tuple;
import dev.linnet.wire.Tcp;
import java.util.HashMap;
import java.util.Map;

/// A socket as the script has it and as the kernel has it.
///
/// Both sides have initial sequence numbers of their own. In a SYN the script's sequence number is
/// absolute; in every other segment it counts from the initial one, so that the first byte after a
/// SYN is 1 whatever the SYN said.
public final class ScriptSocket {
    /// How far the socket has come, as far as the script shows it.
    public enum State {
        NEW,
        PASSIVE_LISTENING,
        PASSIVE_PACKET_RECEIVED,
        PASSIVE_SYNACK_SENT,
        PASSIVE_SYNACK_ACKED,
        ACTIVE_CONNECTING,
        ACTIVE_SYN_SENT,
        ACTIVE_SYN_ACKED
    }

    private final int type;
    private final int protocol;
    private State state;

    private IpAddress localIp = IpAddress.NONE;
    private int localPort;
    private IpAddress remoteIp = IpAddress.NONE;
    private int remotePort;

    private int scriptLocalIsn;
    private int scriptRemoteIsn;
    private int liveLocalIsn;
    private int liveRemoteIsn;

    private final Map<Integer, Integer> timestamps = new HashMap<>();
    private boolean firstTimestampSeen;
    private int firstScriptTimestamp;
    private int firstLiveTimestamp;

    private int scriptFlowLabel;
    private int liveFlowLabel;

    private final ResetPoint resetPoint = new ResetPoint();

    /// A socket of a type and a protocol (the numbers of Linux).
    public ScriptSocket(State state, int type, int protocol) {
        this.state = state;
        this.type = type;
        this.protocol = protocol;
    }

    public State state() {
        return state;
    }

    public void state(State next) {
        state = next;
    }

    public int type() {
        return type;
    }

    public int protocol() {
        return protocol;
    }

    /// Sets the kernel's end of the connection.
    public void local(IpAddress ip, int port) {
        localIp = ip;
        localPort = port;
    }

    /// Sets the script's end of the connection.
    public void remote(IpAddress ip, int port) {
        remoteIp = ip;
        remotePort = port;
    }

    public IpAddress localIp() {
        return localIp;
    }

    public int localPort() {
        return localPort;
    }

    /// True if a client has begun to connect and `accept` has not given it to the script yet.
    public boolean isHandshaken() {
        return state == State.PASSIVE_SYNACK_SENT || state == State.PASSIVE_SYNACK_ACKED;
    }

    /// True if the other end is this one.
    public boolean isPeer(IpAddress ip, int port) {
        return remotePort == port && remoteIp.equals(ip);
    }

    public IpAddress remoteIp() {
        return remoteIp;
    }

    public int remotePort() {
        return remotePort;
    }

    /// Addresses and ports of what the kernel sends.
    public Tuple outbound() {
        return new Tuple(localIp, localPort, remoteIp, remotePort);
    }

    /// Addresses and ports of what the kernel receives.
    public Tuple inbound() {
        return outbound().reversed();
    }

    public void scriptLocalIsn(int isn) {
        scriptLocalIsn = isn;
    }

    public void liveLocalIsn(int isn) {
        liveLocalIsn = isn;
    }

    /// The peer's initial sequence number, which the script chooses for both sides.
    public void remoteIsn(int isn) {
        scriptRemoteIsn = isn;
        liveRemoteIsn = isn;
    }

    /// What to add to one of the kernel's sequence numbers in the script to get the real one.
    public int localSeqOffset(boolean syn) {
        return syn ? liveLocalIsn - scriptLocalIsn : liveLocalIsn;
    }

    /// What to add to one of the peer's sequence numbers in the script to get the real one.
    public int remoteSeqOffset(boolean syn) {
        return syn ? liveRemoteIsn - scriptRemoteIsn : liveRemoteIsn;
    }

    /// Remembers that the kernel sent `live` where the script has the timestamp `script`.
    public void timestampSeen(int script, int live) {
        timestamps.put(script, live);
        if (!firstTimestampSeen) {
            firstTimestampSeen = true;
            firstScriptTimestamp = script;
            firstLiveTimestamp = live;
        }
    }

    /// A timestamp that the kernel sent, counted as the script counts: from the first that both
    /// had.
    public int timestampInScript(int live) {
        return firstScriptTimestamp + (live - firstLiveTimestamp);
    }

    /// The real timestamp that the script echoes as `script`.
    ///
    /// @param interpolate whether one that the kernel did not send may be made up from the first
    /// @throws EventFailure if there is none
    public int liveTimestamp(int script, boolean interpolate) {
        Integer seen = timestamps.get(script);
        if (seen != null) {
            return seen;
        }
        if (interpolate && firstTimestampSeen) {
            return script - firstScriptTimestamp + firstLiveTimestamp;
        }
        throw new EventFailure(
                "unable to infer live TS ecr for script TS ecr "
                        + Integer.toUnsignedString(script)
                        + "; no matching or preceding outbound TS val");
    }

    /// Checks a flow label against those before: equal numbers in the script must be equal in
    /// packets, different ones different.
    public void verifyFlowLabel(int script, int live) {
        if (script == 0) {
            return;
        }
        if (live == 0) {
            throw new EventFailure("flowlabel unmarked in the live packet");
        }
        boolean first = scriptFlowLabel == 0;
        if (first || script != scriptFlowLabel) {
            if (!first && live == liveFlowLabel) {
                throw new EventFailure("expected a different flowlabel but got the same");
            }
            scriptFlowLabel = script;
            liveFlowLabel = live;
        } else if (live != liveFlowLabel) {
            throw new EventFailure(
                    "inconsistent flowlabels for this packet: expected: 0x"
                            + Integer.toHexString(liveFlowLabel)
                            + " vs actual: 0x"
                            + Integer.toHexString(live));
        }
    }

    /// Where a reset would have to be to be accepted.
    public ResetPoint resetPoint() {
        return resetPoint;
    }

    /// What the last segments of a connection say about the next one.
    public static final class ResetPoint {
        private int injectedSeq;
        private int injectedAck;
        private int injectedWindow;
        private boolean injected;
        private int sentSeq;
        private int sentAck;
        private boolean sentWithAck;

        /// Notes a segment that was injected.
        public void injected(Packet packet) {
            byte[] b = packet.bytes();
            int at = packet.transportOffset();
            injected = packet.hasFlags(Tcp.ACK);
            injectedSeq =
                    Tcp.seq(b, at)
                            + (packet.hasFlags(Tcp.SYN) ? 1 : 0)
                            + (packet.hasFlags(Tcp.FIN) ? 1 : 0)
                            + packet.payloadLength();
            injectedAck = Tcp.ackSeq(b, at);
            injectedWindow = Tcp.window(b, at);
        }

        /// Notes a segment that the kernel sent.
        public void sent(Packet packet) {
            sentSeq = Tcp.seq(packet.bytes(), packet.transportOffset());
            sentAck = Tcp.ackSeq(packet.bytes(), packet.transportOffset());
            sentWithAck = packet.hasFlags(Tcp.ACK);
        }

        /// The sequence number: right after the last segment injected, or what the kernel waits
        /// for.
        public int seq() {
            return injected ? injectedSeq : sentWithAck ? sentAck : 0;
        }

        /// The acknowledgement: the last one injected, or one for the kernel's SYN.
        public int ackSeq() {
            return injected ? injectedAck : sentWithAck ? sentSeq : sentSeq + 1;
        }

        /// The window last offered.
        public int window() {
            return injected ? injectedWindow : 0;
        }
    }
}
