package dev.linnet.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.HexFormat;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A TAP device carries Ethernet frames: before the host can ping the far side, it asks for its
/// Ethernet address.
@RequiresTun
@Timeout(60)
class TapDeviceTest {
    private static final int ETHERNET = VnetHeader.SIZE;
    private static final int ETHERNET_BYTES = 14;
    private static final int PAYLOAD = ETHERNET + ETHERNET_BYTES;
    private static final int ARP = 0x0806;
    private static final int IPV4 = 0x0800;
    private static final byte[] MAC = HexFormat.of().parseHex("020000000007");

    private final byte[] frame = new byte[TunQueue.PACKET_BYTES_MAX];

    @Test
    void theHostFindsTheFarSideAndPingsIt() throws Exception {
        try (HostNamespace namespace = HostNamespace.create();
                TunDevice device = namespace.call(() -> TunDevice.open(TunConfig.tap("tap0")))) {
            assertThat(device.kind()).isEqualTo(TunConfig.Kind.TAP);
            device.link().up();
            device.link().addAddress(Cidr.parse("10.9.0.1/24"));
            Future<Boolean> reachable =
                    namespace.fork(() -> InetAddress.ofLiteral("10.9.0.2").isReachable(5_000));
            int arps = 0;
            while (!reachable.isDone()) {
                int length = device.queue(0).read(frame, 0, frame.length);
                if (length > 0 && answer(device.link().hardwareAddress())) {
                    arps += type() == ARP ? 1 : 0;
                    VnetHeader.putPlain(frame, 0);
                    assertThat(device.queue(0).write(frame, 0, length)).isEqualTo(length);
                }
                device.queue(0).awaitReadable(100_000_000);
            }
            assertThat(reachable.get()).isTrue();
            assertThat(arps).isPositive();
        }
    }

    private int type() {
        return Packets.getShort(frame, ETHERNET + 12);
    }

    /// Turns a request in [#frame] into its answer; false when it is none.
    private boolean answer(String hostMac) {
        assertThat(HexFormat.ofDelimiter(":").formatHex(frame, ETHERNET + 6, ETHERNET + 12))
                .as("source address")
                .isEqualTo(hostMac);
        boolean answered =
                switch (type()) {
                    case ARP -> answerArp();
                    case IPV4 -> answerEcho();
                    default -> false;
                };
        System.arraycopy(frame, ETHERNET + 6, frame, ETHERNET, 6);
        System.arraycopy(MAC, 0, frame, ETHERNET + 6, 6);
        return answered;
    }

    /// Hardware address of the sender at 8, IPv4 address at 14, those of the target at 18 and 24.
    private boolean answerArp() {
        if (Packets.getShort(frame, PAYLOAD + 6) != 1) {
            return false;
        }
        int asker = Packets.getInt(frame, PAYLOAD + 14);
        int wanted = Packets.getInt(frame, PAYLOAD + 24);
        Packets.putShort(frame, PAYLOAD + 6, 2);
        System.arraycopy(frame, PAYLOAD + 8, frame, PAYLOAD + 18, 6);
        System.arraycopy(MAC, 0, frame, PAYLOAD + 8, 6);
        Packets.putInt(frame, PAYLOAD + 14, wanted);
        Packets.putInt(frame, PAYLOAD + 24, asker);
        return wanted == 0x0a090002;
    }

    /// Swaps the addresses and turns type 8 into type 0; the checksum grows by 8 << 8.
    private boolean answerEcho() {
        int icmp = PAYLOAD + Packets.IP_BYTES;
        if (frame[PAYLOAD + 9] != Packets.ICMP || frame[icmp] != 8) {
            return false;
        }
        int src = Packets.getInt(frame, PAYLOAD + 12);
        Packets.putInt(frame, PAYLOAD + 12, Packets.getInt(frame, PAYLOAD + 16));
        Packets.putInt(frame, PAYLOAD + 16, src);
        frame[icmp] = 0;
        int sum = Packets.getShort(frame, icmp + 2) + (8 << 8);
        Packets.putShort(frame, icmp + 2, sum + (sum >>> 16));
        return true;
    }
}
