package dev.linnet.packetdrill.run;

import dev.linnet.packetdrill.Config;
import dev.linnet.packetdrill.packet.Packet;
import dev.linnet.packetdrill.packet.TcpOptions;
import dev.linnet.packetdrill.packet.Tuple;
import dev.linnet.packetdrill.state.ScriptSocket;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.IpProto;
import dev.linnet.wire.Tcp;

/// Translates packets between the numbers of the script and those of the kernel.
final class PacketMapper {
    private final Config config;

    PacketMapper(Config config) {
        this.config = config;
    }

    /// Turns a packet of the script into one that the kernel takes for the socket's.
    void toLive(ScriptSocket socket, Packet packet) {
        packet.setTuple(withPortsOf(packet, socket.inbound()));
        if (packet.isTcp()) {
            segmentToLive(socket, packet);
        } else if (packet.isIcmp()) {
            byte[] b = packet.bytes();
            int quoted = packet.quotedTransportOffset(IpProto.TCP);
            if (quoted >= 0) {
                Tcp.seq(b, quoted, Tcp.seq(b, quoted) + socket.localSeqOffset(false));
            }
        }
    }

    /// The tuple, but with the ports that the script wrote into the packet, if it did.
    private static Tuple withPortsOf(Packet packet, Tuple tuple) {
        Tuple written = packet.tuple();
        return new Tuple(
                tuple.source(),
                written.sourcePort() != 0 ? written.sourcePort() : tuple.sourcePort(),
                tuple.destination(),
                written.destinationPort() != 0
                        ? written.destinationPort()
                        : tuple.destinationPort());
    }

    private void segmentToLive(ScriptSocket socket, Packet packet) {
        boolean syn = packet.hasFlags(Tcp.SYN);
        int ackOffset = socket.localSeqOffset(syn);
        shift(packet, socket.remoteSeqOffset(syn), ackOffset);
        if (packet.hasFlags(Tcp.ACK)) {
            for (TcpOptions.Raw option : TcpOptions.in(packet)) {
                if (option.kind() == TcpOptions.TIMESTAMPS) {
                    echoToLive(socket, packet.bytes(), option.offset() + 6);
                }
            }
        }
    }

    private void echoToLive(ScriptSocket socket, byte[] b, int at) {
        Bytes.u32(b, at, socket.liveTimestamp(Bytes.u32(b, at), config.tsEcrScaled()));
    }

    /// Turns the sequence numbers of a segment that the kernel sent into the script's.
    void toScript(ScriptSocket socket, Packet packet) {
        boolean syn = packet.hasFlags(Tcp.SYN);
        shift(packet, -socket.localSeqOffset(syn), -socket.remoteSeqOffset(syn));
    }

    /// Adds to the sequence number, and to the acknowledgement and the SACK blocks.
    private static void shift(Packet packet, int seqOffset, int ackOffset) {
        byte[] b = packet.bytes();
        int at = packet.transportOffset();
        Tcp.seq(b, at, Tcp.seq(b, at) + seqOffset);
        if (packet.hasFlags(Tcp.ACK)) {
            Tcp.ackSeq(b, at, Tcp.ackSeq(b, at) + ackOffset);
        }
        for (TcpOptions.Raw option : TcpOptions.in(packet)) {
            if (option.kind() == TcpOptions.SACK) {
                int end = option.offset() + option.length();
                for (int edge = option.offset() + 2; edge + 4 <= end; edge += 4) {
                    Bytes.u32(b, edge, Bytes.u32(b, edge) + ackOffset);
                }
            }
        }
    }

    /// Remembers which timestamp of the script is which of the kernel's, and turns the kernel's
    /// into the script's.
    void timestampToScript(ScriptSocket socket, Packet script, Packet actual) {
        int expected = timestampOffset(script);
        int sent = timestampOffset(actual);
        if (expected < 0 || sent < 0) {
            return;
        }
        int live = Bytes.u32(actual.bytes(), sent);
        socket.timestampSeen(Bytes.u32(script.bytes(), expected), live);
        Bytes.u32(actual.bytes(), sent, socket.timestampInScript(live));
    }

    /// Where the packet's TCP timestamp value is, or -1.
    private static int timestampOffset(Packet packet) {
        if (packet.isTcp()) {
            for (TcpOptions.Raw option : TcpOptions.in(packet)) {
                if (option.kind() == TcpOptions.TIMESTAMPS) {
                    return option.offset() + 2;
                }
            }
        }
        return -1;
    }
}
