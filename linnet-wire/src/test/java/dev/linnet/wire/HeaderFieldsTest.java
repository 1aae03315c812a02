package dev.linnet.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/// Every getter and setter of every header against the bits of the RFC's diagram: the setter writes
/// its bits and no others, the getter reads them.
class HeaderFieldsTest {

    private static final int SPACE = 96;

    interface IntGetter {
        int get(byte[] b, int off);
    }

    interface IntSetter {
        void set(byte[] b, int off, int value);
    }

    interface LongGetter {
        long get(byte[] b, int off);
    }

    interface LongSetter {
        void set(byte[] b, int off, long value);
    }

    /// A field of `width` bits, `bit` bits after the start of its header, in units of `unit`.
    record Field(String name, int bit, int width, int unit, LongGetter getter, LongSetter setter) {

        long mask() {
            return width == 64 ? -1 : (1L << width) - 1;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static final List<Field> FIELDS = new ArrayList<>();

    private static void ints(String name, int bit, int width, IntGetter getter, IntSetter setter) {
        scaled(name, bit, width, 1, getter, setter);
    }

    private static void scaled(
            String name, int bit, int width, int unit, IntGetter getter, IntSetter setter) {
        long mask = (1L << width) - 1;
        FIELDS.add(
                new Field(
                        name,
                        bit,
                        width,
                        unit,
                        (b, off) -> {
                            int value = getter.get(b, off);
                            // Narrow fields are never negative; 32 bits are raw.
                            return width == 32 ? value & mask : value;
                        },
                        (b, off, value) -> setter.set(b, off, (int) value)));
    }

    private static void longs(
            String name, int bit, int width, LongGetter getter, LongSetter setter) {
        FIELDS.add(new Field(name, bit, width, 1, getter, setter));
    }

    static {
        longs("Ethernet.dest", 0, 48, Ethernet::dest, Ethernet::dest);
        longs("Ethernet.source", 48, 48, Ethernet::source, Ethernet::source);
        ints("Ethernet.proto", 96, 16, Ethernet::proto, Ethernet::proto);

        ints("Arp.op", 48, 16, Arp::op, Arp::op);
        longs("Arp.sha", 64, 48, Arp::sha, Arp::sha);
        ints("Arp.sip", 112, 32, Arp::sip, Arp::sip);
        longs("Arp.tha", 144, 48, Arp::tha, Arp::tha);
        ints("Arp.tip", 192, 32, Arp::tip, Arp::tip);

        ints("Ipv4.tos", 8, 8, Ipv4::tos, Ipv4::tos);
        ints("Ipv4.totLen", 16, 16, Ipv4::totLen, Ipv4::totLen);
        ints("Ipv4.id", 32, 16, Ipv4::id, Ipv4::id);
        ints("Ipv4.fragOff", 48, 16, Ipv4::fragOff, Ipv4::fragOff);
        ints("Ipv4.ttl", 64, 8, Ipv4::ttl, Ipv4::ttl);
        ints("Ipv4.protocol", 72, 8, Ipv4::protocol, Ipv4::protocol);
        ints("Ipv4.check", 80, 16, Ipv4::check, Ipv4::check);
        ints("Ipv4.saddr", 96, 32, Ipv4::saddr, Ipv4::saddr);
        ints("Ipv4.daddr", 128, 32, Ipv4::daddr, Ipv4::daddr);

        ints("Ipv6.payloadLen", 32, 16, Ipv6::payloadLen, Ipv6::payloadLen);
        ints("Ipv6.nexthdr", 48, 8, Ipv6::nexthdr, Ipv6::nexthdr);
        ints("Ipv6.hopLimit", 56, 8, Ipv6::hopLimit, Ipv6::hopLimit);
        longs(
                "Ipv6.saddrHi",
                64,
                64,
                Ipv6::saddrHi,
                (b, off, v) -> Ipv6.saddr(b, off, v, Ipv6.saddrLo(b, off)));
        longs(
                "Ipv6.saddrLo",
                128,
                64,
                Ipv6::saddrLo,
                (b, off, v) -> Ipv6.saddr(b, off, Ipv6.saddrHi(b, off), v));
        longs(
                "Ipv6.daddrHi",
                192,
                64,
                Ipv6::daddrHi,
                (b, off, v) -> Ipv6.daddr(b, off, v, Ipv6.daddrLo(b, off)));
        longs(
                "Ipv6.daddrLo",
                256,
                64,
                Ipv6::daddrLo,
                (b, off, v) -> Ipv6.daddr(b, off, Ipv6.daddrHi(b, off), v));
        ints("Ipv6Ext.nexthdr", 0, 8, Ipv6Ext::nexthdr, Ipv6Ext::nexthdr);

        ints("Icmp.type", 0, 8, Icmp::type, Icmp::type);
        ints("Icmp.code", 8, 8, Icmp::code, Icmp::code);
        ints("Icmp.checksum", 16, 16, Icmp::checksum, Icmp::checksum);
        ints("Icmp.un", 32, 32, Icmp::un, Icmp::un);
        ints("Icmp.id", 32, 16, Icmp::id, Icmp::id);
        ints("Icmp.sequence", 48, 16, Icmp::sequence, Icmp::sequence);
        ints("Icmp.gateway", 32, 32, Icmp::gateway, Icmp::gateway);
        ints("Icmp.mtu", 48, 16, Icmp::mtu, Icmp::mtu);
        ints("Icmp.pointer", 32, 8, Icmp::pointer, Icmp::pointer);
        ints("Icmp.originalWords", 40, 8, Icmp::originalWords, Icmp::originalWords);

        ints("Icmpv6.type", 0, 8, Icmpv6::type, Icmpv6::type);
        ints("Icmpv6.code", 8, 8, Icmpv6::code, Icmpv6::code);
        ints("Icmpv6.cksum", 16, 16, Icmpv6::cksum, Icmpv6::cksum);
        ints("Icmpv6.dataun", 32, 32, Icmpv6::dataun, Icmpv6::dataun);
        ints("Icmpv6.identifier", 32, 16, Icmpv6::identifier, Icmpv6::identifier);
        ints("Icmpv6.sequence", 48, 16, Icmpv6::sequence, Icmpv6::sequence);
        ints("Icmpv6.mtu", 32, 32, Icmpv6::mtu, Icmpv6::mtu);
        ints("Icmpv6.pointer", 32, 32, Icmpv6::pointer, Icmpv6::pointer);

        ints("Ndisc.neighbourFlags", 32, 8, Ndisc::neighbourFlags, Ndisc::neighbourFlags);
        ints("Ndisc.routerHopLimit", 32, 8, Ndisc::routerHopLimit, Ndisc::routerHopLimit);
        ints("Ndisc.routerFlags", 40, 8, Ndisc::routerFlags, Ndisc::routerFlags);
        ints("Ndisc.routerLifetimeSec", 48, 16, Ndisc::routerLifetimeSec, Ndisc::routerLifetimeSec);
        ints("Ndisc.reachableTimeMs", 64, 32, Ndisc::reachableTimeMs, Ndisc::reachableTimeMs);
        ints("Ndisc.retransTimerMs", 96, 32, Ndisc::retransTimerMs, Ndisc::retransTimerMs);
        longs(
                "Ndisc.targetHi",
                64,
                64,
                Ndisc::targetHi,
                (b, off, v) -> Ndisc.target(b, off, v, Ndisc.targetLo(b, off)));
        longs(
                "Ndisc.targetLo",
                128,
                64,
                Ndisc::targetLo,
                (b, off, v) -> Ndisc.target(b, off, Ndisc.targetHi(b, off), v));
        longs(
                "Ndisc.redirectDestHi",
                192,
                64,
                Ndisc::redirectDestHi,
                (b, off, v) -> Ndisc.redirectDest(b, off, v, Ndisc.redirectDestLo(b, off)));
        longs(
                "Ndisc.redirectDestLo",
                256,
                64,
                Ndisc::redirectDestLo,
                (b, off, v) -> Ndisc.redirectDest(b, off, Ndisc.redirectDestHi(b, off), v));

        ints("Udp.source", 0, 16, Udp::source, Udp::source);
        ints("Udp.dest", 16, 16, Udp::dest, Udp::dest);
        ints("Udp.len", 32, 16, Udp::len, Udp::len);
        ints("Udp.check", 48, 16, Udp::check, Udp::check);

        ints("Tcp.source", 0, 16, Tcp::source, Tcp::source);
        ints("Tcp.dest", 16, 16, Tcp::dest, Tcp::dest);
        ints("Tcp.seq", 32, 32, Tcp::seq, Tcp::seq);
        ints("Tcp.ackSeq", 64, 32, Tcp::ackSeq, Tcp::ackSeq);
        scaled("Tcp.headerBytes", 96, 4, 4, Tcp::headerBytes, Tcp::headerBytes);
        ints("Tcp.reserved", 100, 3, Tcp::reserved, Tcp::reserved);
        ints("Tcp.flags", 103, 9, Tcp::flags, Tcp::flags);
        ints("Tcp.window", 112, 16, Tcp::window, Tcp::window);
        ints("Tcp.check", 128, 16, Tcp::check, Tcp::check);
        ints("Tcp.urgPtr", 144, 16, Tcp::urgPtr, Tcp::urgPtr);
    }

    @Provide
    Arbitrary<Field> fields() {
        return Arbitraries.of(FIELDS);
    }

    @Property(tries = 5000)
    void everyFieldIsItsBitsAndNoOthers(
            @ForAll("fields") Field field,
            @ForAll long value,
            @ForAll @Size(SPACE) byte[] b,
            @ForAll @IntRange(max = 40) int off) {
        BigInteger before = new BigInteger(1, b);
        long bits = value & field.mask();
        field.setter().set(b, off, bits * field.unit());

        int shift = 8 * SPACE - 8 * off - field.bit() - field.width();
        BigInteger mask = unsigned(field.mask()).shiftLeft(shift);
        BigInteger expected = before.andNot(mask).or(unsigned(bits).shiftLeft(shift));
        assertThat(new BigInteger(1, b).toString(16)).isEqualTo(expected.toString(16));
        assertThat(field.getter().get(b, off)).isEqualTo(bits * field.unit());
    }

    private static BigInteger unsigned(long value) {
        return new BigInteger(Long.toUnsignedString(value));
    }
}
