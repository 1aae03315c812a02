package dev.linnet.packetdrill.duel;

import dev.linnet.packetdrill.packet.IpAddress;
import java.nio.ByteBuffer;

/// The bytes of the packets of a duel, over either version of IP.
final class DuelWire {
    static final int FIN = 1;
    static final int SYN = 2;
    static final int RST = 4;
    static final int PSH = 8;
    static final int ACK = 16;
    static final int URG = 32;
    static final int ECE = 64;
    static final int CWR = 128;

    private static final String FLAGS = "FSRPAUEC";
    private static final int TCP = 6;
    private static final int ICMP = 1;
    private static final int ICMPV6 = 58;

    /// How much of a packet an ICMP error quotes.
    private static final int QUOTED_TRANSPORT = 8;

    private final byte[] peer;
    private final byte[] kernel;
    private final int peerPort;
    private final int kernelPort;
    final boolean v6;
    private final int ipBytes;

    DuelWire(IpAddress peer, IpAddress kernel, int peerPort, int kernelPort) {
        this.peer = peer.bytes();
        this.kernel = kernel.bytes();
        this.peerPort = peerPort;
        this.kernelPort = kernelPort;
        v6 = peer.v6();
        ipBytes = v6 ? 40 : 20;
    }

    /// One segment of the peer's.
    ///
    /// @param tos the whole traffic class
    record Segment(
            int flags, int seq, int ack, int window, int urgent, byte[] options, int len, int tos) {
        Segment flags(int other) {
            return new Segment(other, seq, ack, window, urgent, options, len, tos);
        }

        Segment at(int otherSeq) {
            return new Segment(flags, otherSeq, ack, window, urgent, options, len, tos);
        }

        Segment acking(int otherAck) {
            return new Segment(flags, seq, otherAck, window, urgent, options, len, tos);
        }

        Segment bytes(int otherLen) {
            return new Segment(flags, seq, ack, window, urgent, options, otherLen, tos);
        }

        Segment urgent(int offset) {
            return new Segment(flags | URG, seq, ack, window, offset & 0xFFFF, options, len, tos);
        }

        Segment tos(int otherTos) {
            return new Segment(flags, seq, ack, window, urgent, options, len, otherTos);
        }

        Segment options(byte[] others) {
            return new Segment(flags, seq, ack, window, urgent, others, len, tos);
        }
    }

    byte[] segment(Segment s) {
        int header = 20 + s.options().length;
        ByteBuffer b = ip(TCP, header + s.len(), s.tos());
        b.putShort((short) peerPort).putShort((short) kernelPort);
        b.putInt(s.seq()).putInt(s.ack());
        b.putShort((short) (header / 4 << 12 | s.flags())).putShort((short) s.window());
        b.putShort((short) 0).putShort((short) s.urgent()).put(s.options());
        for (int i = 0; i < s.len(); i++) {
            b.put((byte) i);
        }
        return summed(b, TCP, 16);
    }

    /// An ICMP error that quotes a segment of the kernel's.
    ///
    /// @param info the next hop's MTU, or 0
    byte[] icmp(int type, int code, int info, int quotedSeq) {
        int protocol = v6 ? ICMPV6 : ICMP;
        ByteBuffer quoted = ByteBuffer.allocate(ipBytes + QUOTED_TRANSPORT);
        ipHeader(quoted, TCP, 1000, 0, kernel, peer);
        quoted.putShort((short) kernelPort).putShort((short) peerPort).putInt(quotedSeq);
        ByteBuffer b = ip(protocol, 8 + quoted.capacity(), 0);
        b.put((byte) type).put((byte) code).putShort((short) 0).putInt(info);
        b.put(quoted.array());
        return summed(b, protocol, 2);
    }

    private ByteBuffer ip(int protocol, int len, int tos) {
        ByteBuffer b = ByteBuffer.allocate(ipBytes + len);
        ipHeader(b, protocol, len, tos, peer, kernel);
        return b;
    }

    private void ipHeader(ByteBuffer b, int protocol, int len, int tos, byte[] from, byte[] to) {
        if (v6) {
            b.putInt(6 << 28 | tos << 20).putShort((short) len);
            b.put((byte) protocol).put((byte) 64).put(from).put(to);
            return;
        }
        b.put((byte) 0x45).put((byte) tos).putShort((short) (20 + len)).putInt(0);
        b.put((byte) 64).put((byte) protocol).putShort((short) 0).put(from).put(to);
        b.putShort(10, (short) ~sum(b, 0, 20, 0));
    }

    private byte[] summed(ByteBuffer b, int protocol, int checkAt) {
        int pseudo = 0;
        if (protocol != ICMP) {
            int at = v6 ? 8 : 12;
            pseudo = sum(b, at, ipBytes - at, protocol + b.capacity() - ipBytes);
        }
        b.putShort(ipBytes + checkAt, (short) ~sum(b, ipBytes, b.capacity() - ipBytes, pseudo));
        byte[] packet = new byte[b.capacity()];
        b.get(0, packet);
        return packet;
    }

    private static int sum(ByteBuffer b, int from, int len, int start) {
        int s = start;
        for (int i = 0; i < len; i++) {
            s += (b.get(from + i) & 0xFF) << (i % 2 == 0 ? 8 : 0);
            s = (s & 0xFFFF) + (s >>> 16);
        }
        return s;
    }

    /// A segment of the kernel's, read from a packet.
    ///
    /// @param sack edges of the SACK blocks
    record Seen(
            int flags,
            int seq,
            int ack,
            int window,
            int len,
            int ecn,
            int mss,
            boolean timestamp,
            int tsVal,
            int[] sack,
            String otherOptions) {
        String flagNames() {
            return names(flags);
        }
    }

    static String names(int flags) {
        StringBuilder s = new StringBuilder();
        for (int i = 0; i < FLAGS.length(); i++) {
            if ((flags >> i & 1) != 0) {
                s.append(FLAGS.charAt(i));
            }
        }
        return s.append((flags & 256) != 0 ? "a" : "").toString();
    }

    /// True for a packet of the connection that is fought over.
    boolean mine(byte[] p) {
        boolean tcp = v6 ? p[0] >>> 4 == 6 && p[6] == TCP : p[0] >>> 4 == 4 && p[9] == TCP;
        return tcp && (ByteBuffer.wrap(p).getShort(ipBytes) & 0xFFFF) == kernelPort;
    }

    Seen read(byte[] p) {
        ByteBuffer b = ByteBuffer.wrap(p);
        int word = b.getShort(ipBytes + 12) & 0xFFFF;
        int header = (word >> 12) * 4;
        int mss = 0;
        int tsVal = 0;
        boolean timestamp = false;
        int[] sack = {};
        StringBuilder others = new StringBuilder();
        int at = ipBytes + 20;
        while (at < ipBytes + header && p[at] != 0) {
            int kind = p[at];
            int len = kind == 1 ? 1 : p[at + 1];
            switch (kind) {
                case 1 -> {}
                case 2 -> mss = b.getShort(at + 2);
                case 5 -> {
                    sack = new int[(len - 2) / 4];
                    for (int i = 0; i < sack.length; i++) {
                        sack[i] = b.getInt(at + 2 + 4 * i);
                    }
                }
                case 8 -> {
                    timestamp = true;
                    tsVal = b.getInt(at + 2);
                }
                default -> others.append(" o").append(kind).append('+').append(len);
            }
            at += len;
        }
        int tos = v6 ? b.getInt(0) >> 20 & 0xFF : p[1];
        return new Seen(
                word & 0x1FF,
                b.getInt(ipBytes + 4),
                b.getInt(ipBytes + 8),
                b.getShort(ipBytes + 14) & 0xFFFF,
                p.length - ipBytes - header,
                tos & 3,
                mss,
                timestamp,
                tsVal,
                sack,
                others.toString());
    }
}
