package dev.linnet.wire.pcapng;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.linnet.wire.LinkType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The reader on files that our writer does not make. They are put together here by hand.
class PcapngReaderTest {

    /// A file under construction in one byte order.
    private static final class Builder {

        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private ByteOrder order;

        Builder(ByteOrder order) {
            this.order = order;
        }

        ByteBuffer body(int bytes) {
            return ByteBuffer.allocate(bytes).order(order);
        }

        private static byte[] content(ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.capacity()];
            buffer.get(0, bytes);
            return bytes;
        }

        Builder block(int type, ByteBuffer body) {
            int length = body.capacity() + 12;
            out.writeBytes(content(body(8).putInt(type).putInt(length)));
            out.writeBytes(content(body));
            out.writeBytes(content(body(4).putInt(length)));
            return this;
        }

        Builder section() {
            ByteBuffer body = body(16).putInt(0x1a2b3c4d).putShort((short) 1).putShort((short) 0);
            return block(0x0a0d0d0a, body.putLong(-1));
        }

        Builder iface(int linkType, int snaplen, ByteBuffer options) {
            ByteBuffer body = body(8 + options.capacity());
            body.putShort((short) linkType).putShort((short) 0).putInt(snaplen);
            return block(1, body.put(content(options)));
        }

        Builder packet(int iface, long ticks, int captured, int original, byte[] rest) {
            ByteBuffer body = body(20 + rest.length).putInt(iface);
            body.putInt((int) (ticks >>> 32)).putInt((int) ticks).putInt(captured).putInt(original);
            return block(6, body.put(rest));
        }

        byte[] file() {
            return out.toByteArray();
        }
    }

    private static Builder started(ByteOrder order) {
        Builder b = new Builder(order);
        return b.section().iface(1, 0, b.body(0));
    }

    private static List<CapturedPacket> read(byte[] file) throws IOException {
        return new PcapngReader(new ByteArrayInputStream(file)).readAll();
    }

    private static PcapngException failure(byte[] file) {
        Throwable thrown = catchThrowable(() -> read(file));
        assertThat(thrown).isInstanceOf(PcapngException.class);
        return (PcapngException) thrown;
    }

    private static final byte[] FOUR = {1, 2, 3, 4};

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readsBothByteOrdersAndSkipsWhatItDoesNotKnow(boolean big) throws IOException {
        ByteOrder order = big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        Builder b = new Builder(order);
        ByteBuffer options = b.body(8 + 8 + 8 + 4);
        options.putShort((short) 2).putShort((short) 3).put(new byte[] {'a', 'b', 'c', 0});
        options.putShort((short) 0x8001).putShort((short) 4).putInt(-1); // a private option
        options.putShort((short) 9).putShort((short) 1).put(new byte[] {3, 0, 0, 0});
        b.section().iface(101, 96, options);
        b.block(5, b.body(12)).block(0xbad, b.body(0)); // statistics, and something unheard of
        b.packet(0, 1234, 4, 60, FOUR);

        List<CapturedPacket> packets = read(b.file());
        assertThat(packets).hasSize(1);
        CapturedPacket packet = packets.getFirst();
        assertThat(packet.iface()).isEqualTo(new PcapngInterface("abc", LinkType.RAW, 96));
        assertThat(packet.timestampNs()).isEqualTo(1_234_000_000L); // if_tsresol 3: milliseconds
        assertThat(packet.data()).isEqualTo(FOUR);
        assertThat(packet.originalBytes()).isEqualTo(60);
        assertThat(packet.direction()).isEqualTo(Direction.UNKNOWN);
        assertThat(packet.comment()).isNull();
    }

    @Test
    void withoutAResolutionTimeIsInMicroseconds() throws IOException {
        Builder b = started(ByteOrder.LITTLE_ENDIAN).packet(0, 1_700_000_000_123_456L, 4, 4, FOUR);
        assertThat(read(b.file()).getFirst().timestampNs()).isEqualTo(1_700_000_000_123_456_000L);
    }

    @Test
    void binaryResolutionAndOffset() {
        assertThat(new Timebase(0x80 | 10, 0).toNs(1536)).isEqualTo(1_500_000_000);
        assertThat(new Timebase(0x80 | 63, 0).toNs(Long.MIN_VALUE)).isEqualTo(1_000_000_000);
        assertThat(new Timebase(12, 0).toNs(-1)).isEqualTo(18_446_744_073_709_551L);
        assertThat(new Timebase(0, -3).toNs(5)).isEqualTo(2_000_000_000);
        assertThat(new Timebase(9, 2).toNs(7)).isEqualTo(2_000_000_007);
        assertThat(new Timebase(9, 0).toNs(7)).isEqualTo(7);
    }

    @Test
    void simplePacketsAreCutAtTheSnaplenOfInterfaceZero() throws IOException {
        Builder b = new Builder(ByteOrder.BIG_ENDIAN).section();
        b.iface(1, 6, b.body(0));
        b.block(3, b.body(4 + 8).putInt(9).put(FOUR).put(FOUR));
        b.block(3, b.body(4 + 4).putInt(3).put(FOUR));
        List<CapturedPacket> packets = read(b.file());
        assertThat(packets.get(0).data()).containsExactly(1, 2, 3, 4, 1, 2);
        assertThat(packets.get(0).originalBytes()).isEqualTo(9);
        assertThat(packets.get(1).data()).containsExactly(1, 2, 3);
    }

    @Test
    void aNewSectionHasItsOwnOrderAndInterfaces() throws IOException {
        Builder b = started(ByteOrder.LITTLE_ENDIAN).packet(0, 0, 4, 4, FOUR);
        b.order = ByteOrder.BIG_ENDIAN;
        b.section().iface(101, 0, b.body(0)).packet(0, 0, 4, 5, FOUR);
        PcapngReader reader = new PcapngReader(new ByteArrayInputStream(b.file()));
        assertThat(reader.readAll()).extracting(p -> p.iface().linkType()).containsExactly(1, 101);
        assertThat(reader.interfaces()).containsExactly(new PcapngInterface("", 101, 0));
        assertThat(reader.next()).isNull();
    }

    @Test
    void anEmptyFileHasNoPackets() throws IOException {
        assertThat(read(new byte[0])).isEmpty();
    }

    @Test
    void somethingElseIsNotPcapng() {
        byte[] pcap = new byte[24];
        Arrays.fill(pcap, (byte) 0xa1);
        assertThat(failure(pcap))
                .hasMessage("pcapng: no section header: not a pcapng file (at byte 0)");
        byte[] noMagic = new Builder(ByteOrder.BIG_ENDIAN).section().file();
        noMagic[8] = 0;
        assertThat(failure(noMagic).offset()).isEqualTo(8);
    }

    @Test
    void brokenLengthsAreFoundWhereTheyAre() {
        byte[] good = started(ByteOrder.LITTLE_ENDIAN).packet(0, 0, 4, 4, FOUR).file();
        int packet = 28 + 20;
        for (int length : new int[] {0, 8, 35, 37, 38, -4, 1 << 30}) {
            byte[] broken = good.clone();
            ByteBuffer.wrap(broken).order(ByteOrder.LITTLE_ENDIAN).putInt(packet + 4, length);
            assertThat(failure(broken))
                    .hasMessageContaining("impossible block length")
                    .extracting(PcapngException::offset)
                    .isEqualTo(packet + 4L);
        }
        byte[] differ = good.clone();
        differ[good.length - 4] ^= 4;
        assertThat(failure(differ))
                .hasMessageContaining("two lengths differ (at byte " + (good.length - 4) + ")");

        byte[] captured = good.clone();
        captured[packet + 20] = 5;
        assertThat(failure(captured))
                .hasMessageContaining(
                        "5 bytes wanted, the block has 4 left (at byte " + (packet + 28) + ")");
    }

    @Test
    void brokenContentsAreFoundToo() {
        Builder b = started(ByteOrder.BIG_ENDIAN);
        int packet = b.file().length;
        assertThat(failure(started(ByteOrder.BIG_ENDIAN).packet(1, 0, 4, 4, FOUR).file()))
                .hasMessage("pcapng: packet of interface 1 of 1 (at byte " + packet + ")");
        assertThat(failure(started(ByteOrder.BIG_ENDIAN).packet(-1, 0, 4, 4, FOUR).file()))
                .hasMessageContaining("packet of interface -1 of 1");
        byte[] flags = {1, 2, 3, 4, 0, 2, 0, 2, 0, 0, 0, 0};
        assertThat(failure(started(ByteOrder.BIG_ENDIAN).packet(0, 0, 4, 4, flags).file()))
                .hasMessageContaining("option 2 of 2 bytes, not 4")
                .extracting(PcapngException::offset)
                .isEqualTo(packet + 32L);
        byte[] beyond = {1, 2, 3, 4, 0, 1, 0, 9, 0, 0, 0, 0};
        assertThat(failure(started(ByteOrder.BIG_ENDIAN).packet(0, 0, 4, 4, beyond).file()))
                .hasMessageContaining("9 bytes wanted, the block has 4 left");
        assertThat(failure(b.block(6, b.body(16)).file())).hasMessageContaining("20 bytes wanted");
    }

    @Test
    void aFileCutAnywhereIsWholeOrSaysSo() throws IOException {
        byte[] good = started(ByteOrder.LITTLE_ENDIAN).packet(0, 0, 4, 4, FOUR).file();
        for (int len = 0; len < good.length; len++) {
            byte[] cut = Arrays.copyOf(good, len);
            if (len == 0 || len == 28 || len == 48) {
                assertThat(read(cut)).isEmpty();
            } else {
                assertThat(failure(cut))
                        .hasMessageContaining("file ends inside a block (at byte " + len + ")");
            }
        }
    }

    /// Whatever the bytes behind a good start, the reader returns or throws its own exception.
    @Property(tries = 3000)
    void neverFailsInAnotherWay(
            @ForAll @Size(max = 80) byte[] tail,
            @ForAll @IntRange(max = 90) int at,
            @ForAll byte value) {
        Builder b =
                started(ByteOrder.LITTLE_ENDIAN)
                        .packet(0, 0, 4, 4, new byte[] {1, 2, 3, 4, 1, 0, 1, 0, 'x', 0, 0, 0});
        b.out.writeBytes(tail);
        byte[] file = b.file();
        file[Math.min(at, file.length - 1)] = value;
        Throwable thrown = catchThrowable(() -> read(file));
        assertThat(thrown == null || thrown instanceof PcapngException).as("%s", thrown).isTrue();
    }

    @Test
    void closesItsStream() throws IOException {
        var in =
                new ByteArrayInputStream(new byte[0]) {
                    boolean closed;

                    @Override
                    public void close() {
                        closed = true;
                    }
                };
        new PcapngReader(in).close();
        assertThat(in.closed).isTrue();
        assertThatThrownBy(() -> new PcapngReader(failing()).next()).hasMessage("disk");
    }

    private static java.io.InputStream failing() {
        return new java.io.InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("disk");
            }
        };
    }
}
