package dev.linnet.wire.pcapng;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the packets of a capture file: both byte orders, any number of sections, enhanced and
/// simple packet blocks. Blocks and options of other kinds are passed over.
///
/// A broken file ends in a [PcapngException] that says where; what was read before is good. Not for
/// use by several threads.
public final class PcapngReader implements Closeable {

    private record Interface(PcapngInterface description, Timebase timebase) {}

    private final InputStream in;
    private final BlockReader blocks;
    private final List<Interface> interfaces = new ArrayList<>();

    /// @param in is read as needed (give it a buffer), and closed by [#close]
    public PcapngReader(InputStream in) {
        this.in = in;
        this.blocks = new BlockReader(in);
    }

    /// The next packet, or null at the end of the file.
    ///
    /// @throws PcapngException if the file is broken
    public @Nullable CapturedPacket next() throws IOException {
        for (Block block = blocks.next(); block != null; block = blocks.next()) {
            switch (block.type()) {
                case Pcapng.SHB -> interfaces.clear();
                case Pcapng.IDB -> interfaces.add(readInterface(block));
                case Pcapng.EPB -> {
                    return readEnhancedPacket(block);
                }
                case Pcapng.SPB -> {
                    return readSimplePacket(block);
                }
                default -> {}
            }
        }
        return null;
    }

    /// All packets that are left.
    ///
    /// @throws PcapngException if the file is broken
    public List<CapturedPacket> readAll() throws IOException {
        List<CapturedPacket> packets = new ArrayList<>();
        for (CapturedPacket packet = next(); packet != null; packet = next()) {
            packets.add(packet);
        }
        return packets;
    }

    /// The interfaces that the current section has described so far, in the order of their ids.
    public List<PcapngInterface> interfaces() {
        return interfaces.stream().map(Interface::description).toList();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private static Interface readInterface(Block block) throws PcapngException {
        block.require(8);
        ByteBuffer body = block.body();
        int linkType = Short.toUnsignedInt(body.getShort());
        body.getShort(); // reserved
        int snaplen = body.getInt();
        String name = "";
        int tsresol = Pcapng.TSRESOL_DEFAULT;
        long offsetSec = 0;
        for (Block.Option option : block.options()) {
            switch (option.code()) {
                case Pcapng.IF_NAME -> name = option.text();
                case Pcapng.IF_TSRESOL -> tsresol = option.require(Byte.BYTES).get() & 0xff;
                case Pcapng.IF_TSOFFSET -> offsetSec = option.require(Long.BYTES).getLong();
                default -> {}
            }
        }
        // A snaplen beyond 2^31 limits nothing that an array can hold.
        PcapngInterface iface = new PcapngInterface(name, linkType, Math.max(snaplen, 0));
        return new Interface(iface, new Timebase(tsresol, offsetSec));
    }

    private CapturedPacket readEnhancedPacket(Block block) throws PcapngException {
        block.require(20);
        ByteBuffer body = block.body();
        int id = body.getInt();
        Interface iface = interfaceOf(block, id);
        long ticks = (long) body.getInt() << 32 | Integer.toUnsignedLong(body.getInt());
        int capturedBytes = body.getInt();
        int originalBytes = body.getInt();
        byte[] data = block.bytes(capturedBytes);
        Direction direction = Direction.UNKNOWN;
        String comment = null;
        for (Block.Option option : block.options()) {
            if (option.code() == Pcapng.EPB_FLAGS) {
                direction = Direction.ofFlags(option.require(Integer.BYTES).getInt());
            } else if (option.code() == Pcapng.OPT_COMMENT && comment == null) {
                comment = option.text();
            }
        }
        return new CapturedPacket(
                id,
                iface.description(),
                iface.timebase().toNs(ticks),
                direction,
                originalBytes,
                data,
                comment);
    }

    /// A simple packet says only how long it was; what is there follows from the snaplen.
    private CapturedPacket readSimplePacket(Block block) throws PcapngException {
        block.require(4);
        PcapngInterface iface = interfaceOf(block, 0).description();
        int originalBytes = block.body().getInt();
        byte[] data = block.bytes(iface.captured(originalBytes));
        return new CapturedPacket(0, iface, 0, Direction.UNKNOWN, originalBytes, data, null);
    }

    private Interface interfaceOf(Block block, int id) throws PcapngException {
        if (id < 0 || id >= interfaces.size()) {
            throw new PcapngException(
                    block.start(), "packet of interface " + id + " of " + interfaces.size());
        }
        return interfaces.get(id);
    }
}
