package dev.linnet.stack;

import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.wire.LinkType;
import dev.linnet.wire.pcapng.Direction;
import dev.linnet.wire.pcapng.PcapngInterface;
import dev.linnet.wire.pcapng.PcapngWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes the packets of interfaces to a pcapng file, which Wireshark opens: as the interface sees
/// them, so segments that are not cut yet are larger than its MTU and their checksums are not
/// filled in. What a loopback device sends it receives at once; it is written once. Times are the stack's wall clock.
///
/// A capture goes to a file as it comes ([#open]), or the last of it is kept in memory until somebody wants it
/// ([#recent], [#save]). Thread-safe.
public final class Capture implements AutoCloseable {
    private record Tapped(NetDevice dev, NetDevice.Tap tap) {}

    /// What pcapng puts around a packet, bytes.
    private static final int FRAMING = 48;

    private final List<Tapped> tapped = new ArrayList<>();
    private final List<PcapngInterface> interfaces = new ArrayList<>();

    /// In memory: the half that is being written, and the one before it, each a whole section of pcapng; null for a
    /// capture that goes to a file.
    private @Nullable ByteArrayOutputStream half;

    private byte @Nullable [] olderHalf;

    /// Bytes of a half.
    private final int halfBytes;

    private int bytesInHalf;
    private long packetsInHalf;
    private long packetsInOlderHalf;
    private PcapngWriter writer;
    private byte[] scratch = new byte[2048];
    private @Nullable IOException failure;
    private long packets;

    private Capture(OutputStream out, int halfBytes) throws IOException {
        this.writer = new PcapngWriter(out);
        this.halfBytes = halfBytes;
        this.half = out instanceof ByteArrayOutputStream memory ? memory : null;
    }

    /// Starts a new file.
    public static Capture open(Path file) throws IOException {
        return new Capture(Files.newOutputStream(file), 0);
    }

    /// Keeps the last packets in memory, until [#save] writes them to a file.
    ///
    /// @param bytes how much is kept at most; when it is full the older half goes
    public static Capture recent(int bytes) {
        try {
            return new Capture(new ByteArrayOutputStream(), Math.max(bytes / 2, 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
    }

    /// Captures an interface from now on, both directions.
    public synchronized Capture add(Host host, String device) throws IOException {
        NetDevice dev = host.device(device);
        int linkType = dev.hardHeaderLen > 0 ? LinkType.ETHERNET : LinkType.RAW;
        PcapngInterface iface = new PcapngInterface(host.name() + "/" + dev.name, linkType, 0);
        int id = writer.addInterface(iface);
        interfaces.add(iface);
        NetDevice.Tap tap = (d, skb, outgoing) -> packet(id, d, skb, outgoing);
        dev.addTap(tap);
        tapped.add(new Tapped(dev, tap));
        return this;
    }

    private synchronized void packet(int id, NetDevice dev, SkBuff skb, boolean outgoing) {
        if (outgoing && dev.isLoopback()) {
            return;
        }
        int link = outgoing ? 0 : dev.hardHeaderLen;
        int len = skb.len + link;
        if (scratch.length < len) {
            scratch = new byte[Math.max(len, scratch.length * 2)];
        }
        System.arraycopy(skb.buf, skb.data - link, scratch, 0, link);
        SkbOps.copyBits(skb, 0, scratch, link, skb.len);
        Direction direction = outgoing ? Direction.OUTBOUND : Direction.INBOUND;
        try {
            makeRoom(len + FRAMING);
            writer.write(id, dev.net.clock.realNs(), direction, scratch, 0, len, null);
            packets++;
        } catch (IOException e) {
            failure = failure == null ? e : failure;
        }
    }

    /// In memory: begins a new half if this one is full; what was in the other is forgotten.
    private void makeRoom(int bytes) throws IOException {
        if (half == null) {
            return;
        }
        if (bytesInHalf + bytes > halfBytes && packetsInHalf > 0) {
            writer.close();
            olderHalf = half.toByteArray();
            packetsInOlderHalf = packetsInHalf;
            packetsInHalf = 0;
            bytesInHalf = 0;
            half = new ByteArrayOutputStream();
            writer = new PcapngWriter(half);
            for (PcapngInterface iface : interfaces) {
                writer.addInterface(iface);
            }
        }
        bytesInHalf += bytes;
        packetsInHalf++;
    }

    /// Packets that were captured.
    public synchronized long packets() {
        return packets;
    }

    /// Packets that [#save] would write.
    public synchronized long recentPackets() {
        return packetsInOlderHalf + packetsInHalf;
    }

    /// Writes what is in memory to a file; also after [#close].
    ///
    /// @throws IllegalStateException if this capture is not one of [#recent]
    public synchronized void save(Path file) throws IOException {
        if (half == null) {
            throw new IllegalStateException("this capture goes to a file as it comes");
        }
        writer.flush();
        try (OutputStream out = Files.newOutputStream(file)) {
            if (olderHalf != null) {
                out.write(olderHalf);
            }
            half.writeTo(out);
        }
    }

    /// Ends the capture and the file.
    ///
    /// @throws UncheckedIOException if anything could not be written
    @Override
    public synchronized void close() {
        tapped.forEach(t -> t.dev.removeTap(t.tap));
        tapped.clear();
        try {
            writer.close();
        } catch (IOException e) {
            failure = failure == null ? e : failure;
        }
        if (failure != null) {
            throw new UncheckedIOException("the capture is incomplete", failure);
        }
    }
}
