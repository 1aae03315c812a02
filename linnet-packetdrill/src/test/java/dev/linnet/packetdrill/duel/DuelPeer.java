package dev.linnet.packetdrill.duel;

import dev.linnet.packetdrill.duel.DuelWire.Seen;
import dev.linnet.packetdrill.duel.DuelWire.Segment;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The other end of the connection, which the duel plays: it remembers what it was sent, and
/// acknowledges it when the script says so. Sequence numbers of its own start at [#ISS].
final class DuelPeer {
    static final int ISS = 1000;

    private static final int TS_START = 10_000;

    final boolean timestamps;
    final boolean sack;
    final boolean wscale;
    final boolean ecn;

    /// What it announces.
    final int mss;

    /// The window field of what it sends next.
    int window;

    /// The next byte that it sends.
    int next = ISS + 1;

    /// Added to its timestamps.
    int tsSkew;

    /// Milliseconds since the start.
    int nowMs;

    boolean finSent;
    int kernelIss;

    /// The next byte that it waits for.
    int rcvNxt;

    private int tsRecent;
    private int lastBlock;
    private int[] dsack = {};
    private int echo;
    private final StringBuilder said = new StringBuilder();
    private final TreeMap<Integer, Integer> beyond = new TreeMap<>();
    private final ArrayDeque<int[]> arrivals = new ArrayDeque<>();

    DuelPeer(boolean timestamps, boolean sack, boolean wscale, boolean ecn, int mss) {
        this.timestamps = timestamps;
        this.sack = sack;
        this.wscale = wscale;
        this.ecn = ecn;
        this.mss = mss;
        this.window = fullWindow();
    }

    int fullWindow() {
        return wscale ? 1000 : 30_000;
    }

    /// Bytes of a full segment of the kernel's.
    int payload() {
        return timestamps ? mss - 12 : mss;
    }

    // ---- what it sends -------------------------------------------------------------------------

    Segment syn(boolean answer) {
        ByteBuffer o = ByteBuffer.allocate(40);
        o.put((byte) 2).put((byte) 4).putShort((short) mss);
        if (timestamps) {
            o.put((byte) (sack ? 4 : 1)).put((byte) (sack ? 2 : 1)).put((byte) 8).put((byte) 10);
            o.putInt(tsVal()).putInt(answer ? tsRecent : 0);
        } else if (sack) {
            o.put((byte) 1).put((byte) 1).put((byte) 4).put((byte) 2);
        }
        if (wscale) {
            o.put((byte) 1).put((byte) 3).put((byte) 3).put((byte) 7);
        }
        int flags = DuelWire.SYN | (answer ? DuelWire.ACK : 0);
        int ecnFlags = ecn ? DuelWire.ECE | (answer ? 0 : DuelWire.CWR) : 0;
        byte[] options = Arrays.copyOf(o.array(), o.position());
        return new Segment(flags | ecnFlags, ISS, answer ? rcvNxt : 0, 30_000, 0, options, 0, 0);
    }

    /// A bare ACK of everything in order, with what SACK has to say.
    Segment ack() {
        int flags = DuelWire.ACK | echo;
        return new Segment(flags, next, rcvNxt, window, 0, options(), 0, 0);
    }

    /// The next ACKs tell of congestion, or no longer.
    void echoCongestion(boolean on) {
        echo = ecn && on ? DuelWire.ECE : 0;
    }

    private int tsVal() {
        return TS_START + nowMs + tsSkew;
    }

    byte[] timestampOption() {
        ByteBuffer b = ByteBuffer.allocate(40);
        putTimestamp(b);
        return Arrays.copyOf(b.array(), b.position());
    }

    private void putTimestamp(ByteBuffer b) {
        if (timestamps) {
            b.put((byte) 1).put((byte) 1).put((byte) 8).put((byte) 10);
            b.putInt(tsVal()).putInt(tsRecent);
        }
    }

    private byte[] options() {
        ByteBuffer b = ByteBuffer.allocate(40);
        putTimestamp(b);
        List<int[]> blocks = sack ? blocks() : List.of();
        said.setLength(0);
        if (!blocks.isEmpty()) {
            b.put((byte) 1).put((byte) 1).put((byte) 5).put((byte) (2 + 8 * blocks.size()));
            for (int[] block : blocks) {
                b.putInt(block[0]).putInt(block[1]);
                said.append(' ').append(block[0] - kernelIss);
                said.append('-').append(block[1] - kernelIss);
            }
        }
        return Arrays.copyOf(b.array(), b.position());
    }

    /// The SACK blocks of the last segment, for the report.
    String said() {
        return said.toString();
    }

    private List<int[]> blocks() {
        List<int[]> blocks = new ArrayList<>();
        if (dsack.length > 0) {
            blocks.add(dsack);
            dsack = new int[0];
        }
        List<int[]> held = new ArrayList<>();
        for (Map.Entry<Integer, Integer> e : beyond.entrySet()) {
            held.add(new int[] {e.getKey(), e.getValue()});
        }
        held.sort(
                Comparator.comparing((int[] x) -> x[0] <= lastBlock && lastBlock < x[1] ? 0 : 1)
                        .thenComparing(x -> -x[0]));
        blocks.addAll(held);
        return blocks.subList(0, Math.min(blocks.size(), timestamps ? 3 : 4));
    }

    // ---- what it is sent -----------------------------------------------------------------------

    /// Takes note of a segment, which has yet to arrive.
    void sent(Seen s) {
        if ((s.flags() & DuelWire.SYN) != 0) {
            kernelIss = s.seq();
            rcvNxt = s.seq() + 1;
        }
        if (s.timestamp() && (rcvNxt == 0 || s.seq() - rcvNxt <= 0)) {
            tsRecent = s.tsVal();
        }
        int seq = s.seq() + ((s.flags() & DuelWire.SYN) != 0 ? 1 : 0);
        int left = s.len();
        boolean fin = (s.flags() & DuelWire.FIN) != 0;
        while (left > 0 || fin) {
            int n = Math.min(left, payload());
            boolean last = fin && left == n;
            arrivals.add(new int[] {seq, seq + n + (last ? 1 : 0)});
            fin &= !last;
            seq += n;
            left -= n;
        }
    }

    int waiting() {
        return arrivals.size();
    }

    /// The sequence number of the first segment that has not arrived.
    int firstWaiting() {
        return arrivals.isEmpty() ? rcvNxt : arrivals.peek()[0];
    }

    /// Loses the next segment.
    void lose() {
        arrivals.poll();
    }

    /// Puts the next segment behind the one after it.
    void swap() {
        int[] first = arrivals.poll();
        int[] second = arrivals.poll();
        if (second != null) {
            arrivals.addFirst(second);
        }
        arrivals.add(first);
    }

    /// The next segment arrives, once more if `twice`.
    void arrive(boolean twice) {
        int[] a = arrivals.poll();
        if (a == null) {
            return;
        }
        if (twice) {
            arrivals.addFirst(a);
        }
        int from = a[0];
        int to = a[1];
        if (to - rcvNxt <= 0) {
            dsack = a;
        } else if (from - rcvNxt <= 0) {
            rcvNxt = to;
            while (!beyond.isEmpty() && beyond.firstKey() - rcvNxt <= 0) {
                rcvNxt = Math.max(rcvNxt, beyond.pollFirstEntry().getValue());
            }
        } else {
            keep(from, to);
        }
    }

    private void keep(int from, int to) {
        int start = from;
        int end = to;
        for (var it = beyond.entrySet().iterator(); it.hasNext(); ) {
            Map.Entry<Integer, Integer> e = it.next();
            if (e.getKey() <= start && end <= e.getValue()) {
                dsack = new int[] {from, to};
                lastBlock = from;
                return;
            }
            if (e.getKey() <= end && start <= e.getValue()) {
                start = Math.min(start, e.getKey());
                end = Math.max(end, e.getValue());
                it.remove();
            }
        }
        beyond.put(start, end);
        lastBlock = from;
    }

    /// Forgets what it has selectively acknowledged (RFC 2018 section 8 allows it).
    void renege() {
        beyond.clear();
    }
}
