package dev.linnet.stack;

import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.wire.LinkType;
import dev.linnet.wire.pcapng.Direction;
import dev.linnet.wire.pcapng.PcapngInterface;
import dev.linnet.wire.pcapng.PcapngWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes the packets of interfaces to a pcapng file, which Wireshark opens: as the interface sees
/// them, so segments that are not cut yet are larger than its MTU and their checksums are not
/// filled in. Times are the stack's wall clock. Thread-safe.
public final class Capture implements AutoCloseable {
    private record Tapped(NetDevice dev, NetDevice.Tap tap) {}

    private final PcapngWriter writer;
    private final List<Tapped> tapped = new ArrayList<>();
    private byte[] scratch = new byte[2048];
    private @Nullable IOException failure;
    private long packets;

    private Capture(PcapngWriter writer) {
        this.writer = writer;
    }

    /// Starts a new file.
    public static Capture open(Path file) throws IOException {
        return new Capture(new PcapngWriter(Files.newOutputStream(file)));
    }

    /// Captures an interface from now on, both directions.
    public synchronized Capture add(Host host, String device) throws IOException {
        NetDevice dev = host.device(device);
        int linkType = dev.hardHeaderLen > 0 ? LinkType.ETHERNET : LinkType.RAW;
        int id =
                writer.addInterface(new PcapngInterface(host.name() + "/" + dev.name, linkType, 0));
        NetDevice.Tap tap = (d, skb, outgoing) -> packet(id, d, skb, outgoing);
        dev.addTap(tap);
        tapped.add(new Tapped(dev, tap));
        return this;
    }

    private synchronized void packet(int id, NetDevice dev, SkBuff skb, boolean outgoing) {
        int link = outgoing ? 0 : dev.hardHeaderLen;
        int len = skb.len + link;
        if (scratch.length < len) {
            scratch = new byte[Math.max(len, scratch.length * 2)];
        }
        System.arraycopy(skb.buf, skb.data - link, scratch, 0, link);
        SkbOps.copyBits(skb, 0, scratch, link, skb.len);
        Direction direction = outgoing ? Direction.OUTBOUND : Direction.INBOUND;
        try {
            writer.write(id, dev.net.clock.realNs(), direction, scratch, 0, len, null);
            packets++;
        } catch (IOException e) {
            failure = failure == null ? e : failure;
        }
    }

    /// Packets written.
    public synchronized long packets() {
        return packets;
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
