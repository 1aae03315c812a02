package dev.linnet.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// What the stack does with every packet allocates nothing, interpreted or compiled.
class AllocationTest {

    private static final int IP = Ethernet.HEADER_BYTES;

    @Test
    void handlingAPacketAllocatesNothing() throws ReflectiveOperationException {
        byte[] tcp = LinuxFrames.SYN_ACK.clone();
        byte[] icmp6 = LinuxFrames.MLD2_REPORT.clone();
        byte[] out = new byte[100];
        long sum = pass(tcp, icmp6, out); // loads classes, links call sites
        allocatedBytes();
        long before = allocatedBytes();
        for (int i = 0; i < 20_000; i++) {
            sum += pass(tcp, icmp6, out);
        }
        long allocated = allocatedBytes() - before;
        assertThat(sum).isNotZero();
        assertThat(allocated).isLessThan(4096); // the measuring itself
    }

    /// Bytes that this thread has allocated. By reflection, for the module under test does not read
    /// `jdk.management`.
    private static long allocatedBytes() throws ReflectiveOperationException {
        Object threads =
                Class.forName("java.lang.management.ManagementFactory")
                        .getMethod("getThreadMXBean")
                        .invoke(null);
        return (long)
                Class.forName("com.sun.management.ThreadMXBean")
                        .getMethod("getCurrentThreadAllocatedBytes")
                        .invoke(threads);
    }

    private static long pass(byte[] tcp, byte[] icmp6, byte[] out) {
        long sum = Ipv4.checkHeader(tcp, IP, tcp.length - IP);
        int th = IP + Ipv4.headerBytes(tcp, IP);
        int length = Ipv4.totLen(tcp, IP) - Ipv4.headerBytes(tcp, IP);
        int saddr = Ipv4.saddr(tcp, IP);
        int daddr = Ipv4.daddr(tcp, IP);
        sum += Checksum.transportV4(tcp, th, length, saddr, daddr, IpProto.TCP);
        sum += Tcp.checkHeader(tcp, th, length) + Tcp.seq(tcp, th) + Tcp.flags(tcp, th);
        int end = th + Tcp.headerBytes(tcp, th);
        int p = OptionList.first(tcp, th + Tcp.HEADER_BYTES, end);
        for (; p >= 0; p = OptionList.next(tcp, p, end)) {
            sum += TcpOptions.isWellFormed(tcp, p) ? OptionList.kind(tcp, p) : 0;
        }
        long reached = Ipv6Ext.skip(icmp6, IP + 40, icmp6.length, Ipv6.nexthdr(icmp6, IP));
        sum += Ipv6Ext.reachedOffset(reached) + In6Addr.multicastScope(Ipv6.daddrHi(icmp6, IP));

        Ipv4.put(out, 0, 0, 52, 1, Ipv4.DF, 64, IpProto.TCP, daddr, saddr);
        Ipv4.sendCheck(out, 0);
        Tcp.put(out, 20, 1, 2, Tcp.ackSeq(tcp, th), Tcp.seq(tcp, th), 32, Tcp.ACK, 100);
        TcpOptions.putAlignedTimestamp(out, 40, 1, 2);
        Tcp.check(out, 20, Checksum.transportV4(out, 20, 32, daddr, saddr, IpProto.TCP));
        return sum + Ipv4.decreaseTtl(out, 0);
    }
}
