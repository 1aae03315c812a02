package dev.linnet.wire.pcapng;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.linnet.wire.LinkType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class PcapngTest {

    private static final PcapngInterface ETH0 = new PcapngInterface("eth0", LinkType.ETHERNET, 0);
    private static final PcapngInterface TUN0 = new PcapngInterface("tun0", LinkType.RAW, 10);

    private static byte[] bytes(int... values) {
        byte[] b = new byte[values.length];
        for (int i = 0; i < b.length; i++) {
            b[i] = (byte) values[i];
        }
        return b;
    }

    private static List<CapturedPacket> read(byte[] file) throws IOException {
        try (PcapngReader reader = new PcapngReader(new ByteArrayInputStream(file))) {
            return reader.readAll();
        }
    }

    @Test
    void writesExactlyTheseBytes() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PcapngWriter writer = new PcapngWriter(out)) {
            int id = writer.addInterface(new PcapngInterface("lo", LinkType.RAW, 65535));
            byte[] b = bytes(9, 1, 2, 3, 4, 5, 9);
            writer.write(id, 0x1122_3344_5566_7788L, Direction.OUTBOUND, b, 1, 5, "hi");
            writer.write(id, 1, Direction.UNKNOWN, b, 0, 0, null);
        }
        String shb = "0a0d0d0a" + "2c000000" + "4d3c2b1a" + "0100" + "0000" + "ffffffffffffffff";
        shb += "0400" + "0600" + "4c696e6e65740000" + "00000000" + "2c000000";
        String idb = "01000000" + "28000000" + "6500" + "0000" + "ffff0000";
        idb +=
                "0200"
                        + "0200"
                        + "6c6f0000"
                        + "0900"
                        + "0100"
                        + "09000000"
                        + "00000000"
                        + "28000000";
        String epb = "06000000" + "3c000000" + "00000000" + "44332211" + "88776655";
        epb += "05000000" + "05000000" + "0102030405000000" + "0100" + "0200" + "68690000";
        epb += "0200" + "0400" + "02000000" + "00000000" + "3c000000";
        String empty = "06000000" + "20000000" + "00000000" + "00000000" + "01000000";
        empty += "00000000" + "00000000" + "20000000";
        assertThat(HexFormat.of().formatHex(out.toByteArray())).isEqualTo(shb + idb + epb + empty);
    }

    @Property
    void readsWhatItWrote(
            @ForAll @LongRange(min = 0) long timestampNs,
            @ForAll Direction direction,
            @ForAll @Size(max = 50) byte[] data,
            @ForAll @StringLength(max = 30) String comment,
            @ForAll @IntRange(max = 1) int interfaceId)
            throws IOException {
        String text = new String(comment.getBytes("UTF-8"), "UTF-8"); // no lone surrogates
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PcapngWriter writer = new PcapngWriter(out)) {
            assertThat(writer.addInterface(ETH0)).isZero();
            assertThat(writer.addInterface(TUN0)).isEqualTo(1);
            writer.write(interfaceId, timestampNs, direction, data, 0, data.length, text);
            writer.write(0, 5, Direction.INBOUND, data, 0, 0, null);
        }
        List<CapturedPacket> packets = read(out.toByteArray());
        assertThat(packets).hasSize(2);
        CapturedPacket packet = packets.getFirst();
        int captured = interfaceId == 0 ? data.length : Math.min(data.length, 10);
        assertThat(packet.interfaceId()).isEqualTo(interfaceId);
        assertThat(packet.iface()).isEqualTo(interfaceId == 0 ? ETH0 : TUN0);
        assertThat(packet.timestampNs()).isEqualTo(timestampNs);
        assertThat(packet.direction()).isEqualTo(direction);
        assertThat(packet.originalBytes()).isEqualTo(data.length);
        assertThat(packet.data()).isEqualTo(java.util.Arrays.copyOf(data, captured));
        assertThat(packet.comment()).isEqualTo(text.isEmpty() ? null : text);
        assertThat(packets.get(1).comment()).isNull();
        assertThat(packets.get(1).direction()).isEqualTo(Direction.INBOUND);
    }

    @Test
    void packetsLargerThanTheBufferAreWhole() throws IOException {
        byte[] large = new byte[200_000];
        new Random(7).nextBytes(large);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PcapngWriter writer = new PcapngWriter(out)) {
            writer.addInterface(ETH0);
            for (int len : new int[] {65_535, 200_000, 1, 131_072}) {
                writer.write(0, len, Direction.INBOUND, large, 0, len, "c");
            }
        }
        List<CapturedPacket> packets = read(out.toByteArray());
        assertThat(packets)
                .extracting(CapturedPacket::originalBytes)
                .containsExactly(65_535, 200_000, 1, 131_072);
        for (CapturedPacket packet : packets) {
            assertThat(packet.data())
                    .isEqualTo(java.util.Arrays.copyOf(large, packet.originalBytes()));
        }
    }

    @Test
    void nothingIsWrittenBeforeAFlush() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PcapngWriter writer = new PcapngWriter(out);
        writer.addInterface(ETH0);
        assertThat(out.size()).isZero();
        writer.flush();
        assertThat(out.size()).isEqualTo(44 + 40);
        writer.close();
        writer.close();
        assertThat(out.size()).isEqualTo(44 + 40);
    }

    @Test
    void badArgumentsWriteNothing() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PcapngWriter writer = new PcapngWriter(out);
        writer.addInterface(ETH0);
        byte[] b = new byte[4];
        assertThatThrownBy(() -> writer.write(1, 0, Direction.INBOUND, b, 0, 4, null))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> writer.write(0, 0, Direction.INBOUND, b, 1, 4, null))
                .isInstanceOf(IndexOutOfBoundsException.class);
        String longText = "x".repeat(65_536);
        assertThatThrownBy(() -> writer.write(0, 0, Direction.INBOUND, b, 0, 4, longText))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PcapngInterface("x", 65_536, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PcapngInterface("x", 1, -1))
                .isInstanceOf(IllegalArgumentException.class);
        writer.close();
        assertThat(out.size()).isEqualTo(44 + 40);
    }

    @Test
    void threadsDoNotMixTheirBlocks() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int threads = 4;
        int each = 500;
        try (PcapngWriter writer = new PcapngWriter(out)) {
            writer.addInterface(ETH0);
            List<Thread> started = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                byte[] b = new byte[100 + t];
                java.util.Arrays.fill(b, (byte) t);
                started.add(
                        Thread.ofPlatform()
                                .start(
                                        () -> {
                                            for (int i = 0; i < each; i++) {
                                                write(writer, b);
                                            }
                                        }));
            }
            for (Thread thread : started) {
                thread.join();
            }
        }
        int[] seen = new int[threads];
        for (CapturedPacket packet : read(out.toByteArray())) {
            int t = packet.originalBytes() - 100;
            assertThat(packet.data()).containsOnly(t);
            seen[t]++;
        }
        assertThat(seen).containsOnly(each);
    }

    private static void write(PcapngWriter writer, byte[] b) {
        try {
            writer.write(0, 0, Direction.INBOUND, b, 0, b.length, null);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
