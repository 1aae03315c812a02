package dev.linnet.packetdrill;

import dev.linnet.wire.LinkType;
import dev.linnet.wire.pcapng.Direction;
import dev.linnet.wire.pcapng.PcapngInterface;
import dev.linnet.wire.pcapng.PcapngWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Writes the packets of each run to a capture file of its own, named after script and mode.
public final class PcapDirectory implements PacketLog {
    private final Path directory;

    /// Makes the directory if it is not there.
    public PcapDirectory(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
    }

    /// The file for a run: `tcp/ack/late.pkt` over IPv6 is in `tcp_ack_late.ipv6.pcapng`.
    public Path file(Path script, IpMode mode) {
        String name = script.normalize().toString().replaceFirst("\\.pkt$", "");
        String flat = name.replaceFirst("^[./]+", "").replace('/', '_');
        return directory.resolve(flat + "." + mode.label() + ".pcapng");
    }

    @Override
    public Session begin(Path script, IpMode mode) {
        try {
            return new Capture(new PcapngWriter(Files.newOutputStream(file(script, mode))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Capture implements Session {
        private final PcapngWriter writer;
        private final int device;

        Capture(PcapngWriter writer) throws IOException {
            this.writer = writer;
            this.device = writer.addInterface(new PcapngInterface("tun0", LinkType.RAW, 0));
        }

        @Override
        public void packet(boolean inbound, byte[] datagram, long scriptUsecs) {
            Direction direction = inbound ? Direction.INBOUND : Direction.OUTBOUND;
            long nanos = Math.max(scriptUsecs, 0) * 1000;
            try {
                writer.write(device, nanos, direction, datagram, 0, datagram.length, null);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            try {
                writer.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
