package dev.linnet.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class Ipv6Test {

    private static final int IP = Ethernet.HEADER_BYTES;
    private static final int EXT = IP + Ipv6.HEADER_BYTES;

    @Test
    void readsAndWritesWhatLinuxWrote() {
        byte[] b = LinuxFrames.DATA6;
        assertThat(Ipv6.version(b, IP)).isEqualTo(6);
        assertThat(Ipv6.trafficClass(b, IP)).isEqualTo(Ecn.ECT_0);
        assertThat(Ipv6.flowLabel(b, IP)).isEqualTo(0xb7e22);

        In6Addr source = In6Addr.parse("2001:db8::1");
        In6Addr dest = In6Addr.parse("2001:db8::2");
        byte[] ours = new byte[Ipv6.HEADER_BYTES];
        Ipv6.put(
                ours,
                0,
                Ecn.ECT_0,
                0xb7e22,
                37,
                IpProto.TCP,
                64,
                source.hi(),
                source.lo(),
                dest.hi(),
                dest.lo());
        assertThat(ours).isEqualTo(java.util.Arrays.copyOfRange(b, IP, EXT));
    }

    @Property
    void classAndLabelKeepOutOfEachOthersWay(
            @ForAll @IntRange(max = 0xff) int trafficClass,
            @ForAll @IntRange(max = 0xf_ffff) int label,
            @ForAll @IntRange(max = 0xff) int newClass,
            @ForAll @IntRange(max = 0xf_ffff) int newLabel) {
        byte[] b = new byte[Ipv6.HEADER_BYTES];
        Ipv6.classAndLabel(b, 0, trafficClass, label);
        assertThat(Bytes.u32(b, 0)).isEqualTo(6 << 28 | trafficClass << 20 | label);
        Ipv6.trafficClass(b, 0, newClass);
        assertThat(Ipv6.trafficClass(b, 0)).isEqualTo(newClass);
        assertThat(Ipv6.flowLabel(b, 0)).isEqualTo(label);
        Ipv6.flowLabel(b, 0, newLabel);
        assertThat(Ipv6.trafficClass(b, 0)).isEqualTo(newClass);
        assertThat(Ipv6.flowLabel(b, 0)).isEqualTo(newLabel);
        assertThat(Ipv6.version(b, 0)).isEqualTo(6);
    }

    @Test
    void skipsTheHopByHopHeaderOfAListenerReport() {
        byte[] b = LinuxFrames.MLD2_REPORT;
        long reached = Ipv6Ext.skip(b, EXT, b.length, Ipv6.nexthdr(b, IP));
        assertThat(Ipv6Ext.reachedType(reached)).isEqualTo(IpProto.ICMPV6);
        assertThat(Ipv6Ext.reachedOffset(reached)).isEqualTo(EXT + 8);
        assertThat(options(b, EXT, EXT + 8))
                .containsExactly(Ipv6Ext.OPT_ROUTER_ALERT, Ipv6Ext.OPT_PADN);
    }

    private static List<Integer> options(byte[] b, int ext, int end) {
        List<Integer> types = new ArrayList<>();
        int p = Ipv6Ext.firstOption(b, ext, end);
        for (; p >= 0; p = Ipv6Ext.nextOption(b, p, end)) {
            types.add(Ipv6Ext.optionType(b, p));
        }
        assertThat(p).isEqualTo(OptionList.END);
        return types;
    }

    /// Hop-by-hop (8 bytes), routing (24), destination options (16), authentication (12), fragment,
    /// UDP.
    private static byte[] chain(int fragmentOffset) {
        byte[] b = new byte[8 + 24 + 16 + 12 + 8 + 8];
        int p = header(b, 0, Ipv6Ext.ROUTING, 0, 8);
        p = header(b, p, Ipv6Ext.DEST_OPTIONS, 2, 24);
        p = header(b, p, Ipv6Ext.AUTH, 1, 16);
        p = header(b, p, Ipv6Ext.FRAGMENT, 1, 12);
        Ipv6Ext.putFragment(b, p, IpProto.UDP, fragmentOffset, true, 0x12345678);
        return b;
    }

    private static int header(byte[] b, int p, int nexthdr, int hdrlen, int bytes) {
        Ipv6Ext.nexthdr(b, p, nexthdr);
        b[p + 1] = (byte) hdrlen;
        return p + bytes;
    }

    @Test
    void skipsEveryKindOfHeader() {
        byte[] b = chain(0);
        long reached = Ipv6Ext.skip(b, 0, b.length, Ipv6Ext.HOP_BY_HOP);
        assertThat(Ipv6Ext.reachedType(reached)).isEqualTo(IpProto.UDP);
        assertThat(Ipv6Ext.reachedOffset(reached)).isEqualTo(68);
    }

    @Test
    void stopsAtALaterFragment() {
        byte[] b = chain(1448);
        long reached = Ipv6Ext.skip(b, 0, b.length, Ipv6Ext.HOP_BY_HOP);
        assertThat(Ipv6Ext.reachedType(reached)).isEqualTo(Ipv6Ext.FRAGMENT);
        assertThat(Ipv6Ext.reachedOffset(reached)).isEqualTo(60);
        assertThat(Ipv6Ext.fragmentOffsetBytes(b, 60)).isEqualTo(1448);
        assertThat(Ipv6Ext.moreFragments(b, 60)).isTrue();
        assertThat(Ipv6Ext.fragmentId(b, 60)).isEqualTo(0x12345678);
        assertThat(Ipv6Ext.nexthdr(b, 60)).isEqualTo(IpProto.UDP);
    }

    @Test
    void refusesAChainThatIsCutAnywhere() {
        byte[] b = chain(0);
        for (int end = 0; end < 68; end++) {
            assertThat(Ipv6Ext.skip(b, 0, end, Ipv6Ext.HOP_BY_HOP))
                    .isEqualTo(Malformed.HEADER_TRUNCATED);
        }
        assertThat(Ipv6Ext.skip(b, 0, 68, Ipv6Ext.HOP_BY_HOP)).isNotNegative();
    }

    @Test
    void stopsWhereNothingFollows() {
        byte[] b = new byte[16];
        Ipv6Ext.nexthdr(b, 0, Ipv6Ext.NONE);
        long reached = Ipv6Ext.skip(b, 0, 16, Ipv6Ext.DEST_OPTIONS);
        assertThat(Ipv6Ext.reachedType(reached)).isEqualTo(Ipv6Ext.NONE);
        assertThat(Ipv6Ext.reachedOffset(reached)).isEqualTo(8);
        assertThat(Ipv6Ext.reachedOffset(Ipv6Ext.skip(b, 3, 3, IpProto.TCP))).isEqualTo(3);
    }

    @Test
    void theLastFragmentSaysSo() {
        byte[] b = new byte[8];
        Ipv6Ext.putFragment(b, 0, IpProto.TCP, 0xfff8, false, -1);
        assertThat(b).containsExactly(6, 0, -1, -8, -1, -1, -1, -1);
        assertThat(Ipv6Ext.moreFragments(b, 0)).isFalse();
        assertThat(Ipv6Ext.fragmentOffsetBytes(b, 0)).isEqualTo(0xfff8);
    }

    @Test
    void readsARoutingHeader() {
        byte[] b = {6, 2, 4, 1, 0, 0, 0, 0};
        assertThat(Ipv6Ext.routingType(b, 0)).isEqualTo(4);
        assertThat(Ipv6Ext.segmentsLeft(b, 0)).isEqualTo(1);
        assertThat(Ipv6Ext.bytes(b, 0, Ipv6Ext.ROUTING)).isEqualTo(24);
    }

    @Test
    void anOptionBeyondItsHeaderBreaksTheList() {
        byte[] b = {6, 0, 0, 1, 1, 0, 0x1e, 5};
        int p = Ipv6Ext.firstOption(b, 0, 8);
        assertThat(p).isEqualTo(2);
        p = Ipv6Ext.nextOption(b, p, 8);
        assertThat(p).isEqualTo(3);
        p = Ipv6Ext.nextOption(b, p, 8);
        assertThat(OptionList.brokenAt(p)).isEqualTo(6);
        assertThat(OptionList.brokenAt(Ipv6Ext.firstOption(new byte[] {0, 0, 9}, 0, 3)))
                .isEqualTo(2);
    }

    @Test
    void theTypeSaysWhatToDoWithAnUnknownOption() {
        assertThat(Ipv6Ext.actionIfUnknown(0x1e)).isEqualTo(Ipv6Ext.ACTION_SKIP);
        assertThat(Ipv6Ext.actionIfUnknown(0x5e)).isEqualTo(Ipv6Ext.ACTION_DISCARD);
        assertThat(Ipv6Ext.actionIfUnknown(0x9e)).isEqualTo(Ipv6Ext.ACTION_DISCARD_ICMP);
        assertThat(Ipv6Ext.actionIfUnknown(Ipv6Ext.OPT_JUMBO))
                .isEqualTo(Ipv6Ext.ACTION_DISCARD_ICMP_UNLESS_MULTICAST);
    }

    @Property(tries = 5000)
    void walksStayInsideWhateverTheBytes(
            @ForAll @Size(64) byte[] b,
            @ForAll @IntRange(max = 64) int off,
            @ForAll @IntRange(max = 64) int end,
            @ForAll @IntRange(max = 255) int type) {
        long reached = Ipv6Ext.skip(b, off, end, type);
        if (reached >= 0) {
            int at = Ipv6Ext.reachedOffset(reached);
            assertThat(at).isBetween(off, Math.max(off, end));
            boolean laterFragment = Ipv6Ext.reachedType(reached) == Ipv6Ext.FRAGMENT;
            assertThat(Ipv6Ext.isExtension(Ipv6Ext.reachedType(reached))).isEqualTo(laterFragment);
        }
        int p = Ipv6Ext.firstOption(b, off, end);
        while (p >= 0) {
            assertThat(p + Ipv6Ext.optionBytes(b, p)).isGreaterThan(p).isLessThanOrEqualTo(end);
            p = Ipv6Ext.nextOption(b, p, end);
        }
    }
}
