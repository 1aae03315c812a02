package dev.linnet.host;

import static dev.linnet.host.Packets.IP;
import static dev.linnet.host.Packets.IP_BYTES;
import static dev.linnet.host.Packets.L4;
import static dev.linnet.host.Packets.TCP;

import java.io.ByteArrayOutputStream;

/// The far side of one TCP connection from the host, played by hand over a TUN device: answers a
/// handshake, takes data and acknowledges it, sends data in one long segment. Nothing is lost on a
/// TUN device whose queue is long enough, so nothing is ever sent twice.
final class HandTcp {
    private static final int FIN = 1;
    private static final int SYN = 2;
    private static final int PSH = 8;
    private static final int ACK = 16;
    private static final int HEADER = 20;
    private static final int CHECKSUM = 16;
    private static final int MSS = 1460;

    /// The peer's window is 65,535 shifted by this.
    private static final int WINDOW_SHIFT = 7;

    private static final long PATIENCE_NS = 5_000_000_000L;

    private final TunQueue queue;
    private final byte[] in = new byte[TunQueue.PACKET_BYTES_MAX];
    private int local;
    private int remote;
    private int localPort;
    private int remotePort;
    private int sndNxt = 1_000;
    private int sndUna;
    private int remoteWindowShift;
    private int rcvNxt;

    /// The longest IP packet that came in.
    int longestBytes;

    /// The types of offload that came in, a set of bits `1 << gsoType`.
    int gsoTypes;

    HandTcp(TunQueue queue) {
        this.queue = queue;
    }

    /// Waits for a SYN and completes the handshake.
    void accept() {
        awaitSegment(SYN);
        local = Packets.getInt(in, IP + 16);
        remote = Packets.getInt(in, IP + 12);
        remotePort = Packets.getShort(in, L4);
        localPort = Packets.getShort(in, L4 + 2);
        rcvNxt = Packets.getInt(in, L4 + 4) + 1;
        remoteWindowShift = windowShift();
        send(
                SYN | ACK,
                new byte[] {2, 4, MSS >> 8, (byte) MSS, 1, 3, 3, WINDOW_SHIFT},
                new byte[0]);
        sndNxt++;
        awaitSegment(ACK);
    }

    /// Takes everything up to the FIN.
    byte[] receiveAll() {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        while (true) {
            awaitSegment(ACK);
            int header = (in[L4 + 12] >> 4 & 15) * 4;
            int length = Packets.ipv4Bytes(in) - IP_BYTES - header;
            if (Packets.getInt(in, L4 + 4) != rcvNxt) {
                throw new AssertionError("a segment is missing");
            }
            note();
            data.write(in, L4 + header, length);
            rcvNxt += length;
            boolean fin = (in[L4 + 13] & FIN) != 0;
            rcvNxt += fin ? 1 : 0;
            send(ACK, new byte[0], new byte[0]);
            if (fin) {
                return data.toByteArray();
            }
        }
    }

    /// Sends data as one segment for the host to cut, its checksum for the host to complete.
    ///
    /// @return what the write returned
    int sendLong(byte[] data) {
        int result = send(ACK | PSH, new byte[0], data);
        sndNxt += data.length;
        return result;
    }

    /// Sends as much as the host's window takes, one long segment after the other, until this many
    /// bytes are acknowledged.
    void stream(long bytes) {
        byte[] data = new byte[64_000];
        long acknowledged = 0;
        sndUna = sndNxt;
        int windowEnd = sndNxt + 64_000;
        while (acknowledged < bytes) {
            while (windowEnd - sndNxt >= data.length && sndNxt - sndUna + acknowledged < bytes) {
                sendLong(data);
            }
            awaitSegment(ACK);
            acknowledged += Packets.getInt(in, L4 + 8) - sndUna;
            sndUna = Packets.getInt(in, L4 + 8);
            windowEnd = sndUna + (Packets.getShort(in, L4 + 14) << remoteWindowShift);
        }
    }

    /// The window scale option of the SYN in [#in]; 0 if it has none.
    private int windowShift() {
        int end = L4 + (in[L4 + 12] >> 4 & 15) * 4;
        int at = L4 + HEADER;
        while (at < end && in[at] != 0) {
            if (in[at] == 3) {
                return in[at + 2];
            }
            at += in[at] == 1 ? 1 : in[at + 1];
        }
        return 0;
    }

    private void note() {
        longestBytes = Math.max(longestBytes, Packets.ipv4Bytes(in));
        gsoTypes |= 1 << VnetHeader.gsoType(in, 0);
    }

    private int send(int flags, byte[] options, byte[] data) {
        byte[] b = new byte[L4 + HEADER + options.length];
        int l4Bytes = HEADER + options.length + data.length;
        boolean isLong = data.length > MSS;
        VnetHeader.put(
                b,
                0,
                VnetHeader.F_NEEDS_CSUM,
                isLong ? VnetHeader.GSO_TCPV4 : VnetHeader.GSO_NONE,
                IP_BYTES + HEADER + options.length,
                isLong ? MSS : 0,
                IP_BYTES,
                CHECKSUM);
        Packets.putIpv4(b, TCP, local, remote, l4Bytes);
        Packets.putShort(b, L4, localPort);
        Packets.putShort(b, L4 + 2, remotePort);
        Packets.putInt(b, L4 + 4, sndNxt);
        Packets.putInt(b, L4 + 8, rcvNxt);
        b[L4 + 12] = (byte) ((HEADER + options.length) / 4 << 4);
        b[L4 + 13] = (byte) flags;
        Packets.putShort(b, L4 + 14, 65535);
        Packets.putShort(b, L4 + CHECKSUM, Packets.pseudoSum(TCP, local, remote, l4Bytes));
        System.arraycopy(options, 0, b, L4 + HEADER, options.length);
        return queue.write(b, 0, b.length, data, 0, data.length);
    }

    /// Reads until a TCP segment with these flags is in [#in].
    private void awaitSegment(int flags) {
        long deadline = System.nanoTime() + PATIENCE_NS;
        while (System.nanoTime() - deadline < 0) {
            int length = queue.read(in, 0, in.length);
            if (length < 0) {
                queue.awaitReadable(deadline - System.nanoTime());
            } else if (Packets.isIpv4(in, TCP) && (in[L4 + 13] & flags) == flags) {
                return;
            }
        }
        throw new AssertionError("no segment with flags " + flags);
    }
}
