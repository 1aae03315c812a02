package dev.linnet.packetdrill.run;

import dev.linnet.packetdrill.packet.Packet;
import dev.linnet.packetdrill.packet.Tuple;
import dev.linnet.packetdrill.state.EventFailure;
import dev.linnet.wire.Ipv4;
import dev.linnet.wire.Ipv6;
import dev.linnet.wire.Tcp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The packets that the kernel sent for one packet of the script: usually one, but where segments
/// need not be exact several of equal length (the last may be shorter) that together are what the
/// script has.
final class Aggregate {
    private final int expectedPayload;
    private final List<Packet> packets = new ArrayList<>();
    private @Nullable Tuple tuple;
    private int payload;
    private long lastUsecs;

    Aggregate(int expectedPayload) {
        this.expectedPayload = expectedPayload;
    }

    /// Adds the next packet, in the script's numbers.
    ///
    /// @param liveTuple its real addresses and ports
    /// @throws EventFailure if it does not continue what is there
    void add(Packet packet, Tuple liveTuple, long usecs) {
        if (!liveTuple.equals(tuple)) {
            packets.clear();
            payload = 0;
            tuple = liveTuple;
        }
        if (!packets.isEmpty()) {
            Packet before = packets.getLast();
            PacketVerifier.continues(packet, before);
            boolean last = packet.payloadLength() >= expectedPayload - payload;
            if (!last && packet.payloadLength() != before.payloadLength()) {
                throw new EventFailure(
                        "fragment payload: expected "
                                + before.payloadLength()
                                + " bytes vs actual "
                                + packet.payloadLength()
                                + " bytes; total payload: expected "
                                + expectedPayload
                                + " bytes vs actual "
                                + (payload + packet.payloadLength())
                                + " bytes");
            }
        }
        packets.add(packet);
        payload += packet.payloadLength();
        lastUsecs = usecs;
    }

    boolean isEmpty() {
        return packets.isEmpty();
    }

    boolean isComplete() {
        return payload >= expectedPayload;
    }

    int payload() {
        return payload;
    }

    /// When the last of them was sent.
    long lastUsecs() {
        return lastUsecs;
    }

    /// One packet with all the payload: headers of the last, sequence number and CWR of the first.
    Packet packet() {
        Packet last = packets.getLast();
        if (packets.size() == 1) {
            return last;
        }
        int start = last.payloadOffset();
        byte[] bytes = Arrays.copyOf(last.bytes(), start + payload);
        int at = start;
        for (Packet packet : packets) {
            System.arraycopy(
                    packet.bytes(), packet.payloadOffset(), bytes, at, packet.payloadLength());
            at += packet.payloadLength();
        }
        Packet whole = new Packet(bytes, last.headers());
        lengthen(whole);
        if (whole.isTcp()) {
            fromFirst(whole);
        }
        return whole;
    }

    /// Makes the lengths in the IP headers those of the whole packet.
    private static void lengthen(Packet whole) {
        byte[] b = whole.bytes();
        for (Packet.Header header : whole.headers()) {
            int length = b.length - header.offset();
            switch (header.kind()) {
                case IPV4 -> Ipv4.totLen(b, header.offset(), length);
                case IPV6 -> Ipv6.payloadLen(b, header.offset(), length - Ipv6.HEADER_BYTES);
                default -> {}
            }
        }
    }

    private void fromFirst(Packet whole) {
        Packet first = packets.getFirst();
        byte[] b = whole.bytes();
        int at = whole.transportOffset();
        int cwr = Tcp.flags(first.bytes(), first.transportOffset()) & Tcp.CWR;
        Tcp.seq(b, at, Tcp.seq(first.bytes(), first.transportOffset()));
        Tcp.flags(b, at, Tcp.flags(b, at) & ~Tcp.CWR | cwr);
    }
}
