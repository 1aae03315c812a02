package dev.linnet.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/// The printer never throws and never reads outside the bytes it was given.
class PacketPrinterFuzzTest {

    /// Prints the bytes alone in their array, so that reading past them throws, and again between
    /// bytes of ones: the lines must be the same.
    private static void print(int linkType, byte[] packet) {
        String alone =
                PacketPrinter.append(new StringBuilder(), linkType, packet, 0, packet.length)
                        .toString();
        byte[] inside = new byte[packet.length + 20];
        Arrays.fill(inside, (byte) 0xff);
        System.arraycopy(packet, 0, inside, 7, packet.length);
        StringBuilder sb = new StringBuilder();
        assertThat(PacketPrinter.append(sb, linkType, inside, 7, packet.length)).isSameAs(sb);
        assertThat(sb.toString()).isEqualTo(alone).isNotEmpty().doesNotContain("\n");
    }

    private static byte[] ipPart(byte[] frame) {
        return Arrays.copyOfRange(frame, Ethernet.HEADER_BYTES, frame.length);
    }

    @Property(tries = 5000)
    void anyBytes(@ForAll @Size(max = 128) byte[] packet) {
        print(LinkType.ETHERNET, packet);
        print(LinkType.RAW, packet);
    }

    @Property(tries = 5000)
    void anyBytesBehindAnIpHeader(
            @ForAll @Size(min = 40, max = 128) byte[] packet, @ForAll boolean v6) {
        int[] protocols = {
            IpProto.TCP, IpProto.UDP, IpProto.ICMP, IpProto.ICMPV6, 0, 43, 44, 51, 60
        };
        byte[] b = packet.clone();
        int protocol = protocols[Math.floorMod(packet[0], protocols.length)];
        if (v6) {
            Ipv6.classAndLabel(b, 0, 0, 0);
            Ipv6.payloadLen(b, 0, b.length - 40);
            Ipv6.nexthdr(b, 0, protocol);
        } else {
            Ipv4.headerBytes(b, 0, 20);
            Ipv4.totLen(b, 0, b.length);
            Ipv4.fragOff(b, 0, 0);
            Ipv4.protocol(b, 0, protocol);
        }
        print(LinkType.RAW, b);
    }

    @Test
    void everyFrameCutAtEveryLength() {
        for (byte[] frame : LinuxFrames.ALL) {
            for (int len = 0; len <= frame.length; len++) {
                print(LinkType.ETHERNET, Arrays.copyOf(frame, len));
            }
            for (int len = Ethernet.HEADER_BYTES; len <= frame.length; len++) {
                print(LinkType.RAW, Arrays.copyOfRange(frame, Ethernet.HEADER_BYTES, len));
            }
        }
    }

    @Test
    void everyFrameWithEveryByteChanged() {
        for (byte[] frame : LinuxFrames.ALL) {
            for (int at = 0; at < frame.length; at++) {
                for (int value : new int[] {0, 1, 0x0f, 0x2b, 0x2c, 0x3c, 0x7f, 0x80, 0xf0, 0xff}) {
                    byte[] changed = frame.clone();
                    changed[at] = (byte) value;
                    print(LinkType.ETHERNET, changed);
                }
            }
        }
    }

    @Property(tries = 300)
    void framesWithManyChanges(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int changes) {
        Random random = new Random(seed);
        for (byte[] frame : LinuxFrames.ALL) {
            byte[] changed = Arrays.copyOf(frame, frame.length - random.nextInt(frame.length));
            for (int i = 0; i < changes; i++) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            }
            print(LinkType.ETHERNET, changed);
            if (changed.length > Ethernet.HEADER_BYTES) {
                print(LinkType.RAW, ipPart(changed));
            }
        }
    }
}
