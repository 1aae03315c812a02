package dev.linnet.packetdrill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.wire.LinkType;
import dev.linnet.wire.pcapng.Direction;
import dev.linnet.wire.pcapng.PcapngReader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PcapDirectoryTest {
    @Test
    void oneFileForEachRun(@TempDir Path temp) throws Exception {
        PcapDirectory log = new PcapDirectory(temp.resolve("new/captures"));
        Path script = Path.of("../tcp/ack/late.pkt");
        byte[] datagram = {0x45, 1, 2, 3};
        try (PacketLog.Session session = log.begin(script, IpMode.IPV6)) {
            session.packet(false, datagram, 1_234);
        }
        Path file = temp.resolve("new/captures/tcp_ack_late.ipv6.pcapng");
        assertThat(log.file(script, IpMode.IPV6)).isEqualTo(file);
        try (PcapngReader reader = new PcapngReader(Files.newInputStream(file))) {
            var packet = reader.next();
            assertThat(packet).isNotNull();
            assertThat(packet.data()).isEqualTo(datagram);
            assertThat(packet.direction()).isEqualTo(Direction.OUTBOUND);
            assertThat(packet.timestampNs()).isEqualTo(1_234_000);
            assertThat(packet.iface().linkType()).isEqualTo(LinkType.RAW);
            assertThat(reader.next()).isNull();
        }
    }
}
