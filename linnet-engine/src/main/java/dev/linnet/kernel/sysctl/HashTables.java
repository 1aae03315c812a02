package dev.linnet.kernel.sysctl;

import dev.linnet.kernel.Kernel;

/// The sizes of the hash tables of a new namespace: those of the initial namespace, which are then
/// shared and shown as negative numbers, or what its creator asked for.
final class HashTables {
    private static final int MIN_UDP_ENTRIES = 128;

    private HashTables() {}

    /// The table of connections. Two limits follow its size.
    @Kernel("tcp_set_hashinfo")
    static void sizeTcp(SysctlValues creator, SysctlValues child) {
        int wanted = (int) creator.get(TcpSysctls.CHILD_EHASH_ENTRIES);
        int shared = creator.machine().tcpHashEntries();
        int entries = wanted == 0 ? shared : (int) Machine.roundUpPowerOfTwo(wanted);
        child.set(TcpSysctls.EHASH_ENTRIES, wanted == 0 ? -shared : entries);
        child.set(TcpSysctls.MAX_TW_BUCKETS, entries / 2);
        child.set(TcpSysctls.MAX_SYN_BACKLOG, Math.max(128, entries / 128));
    }

    /// The table of UDP sockets.
    @Kernel("udp_set_table")
    static void sizeUdp(SysctlValues creator, SysctlValues child) {
        int wanted = (int) creator.get(UdpSysctls.CHILD_HASH_ENTRIES);
        int own = (int) Machine.roundUpPowerOfTwo(Math.max(MIN_UDP_ENTRIES, wanted));
        int shared = creator.machine().udpHashEntries();
        child.set(UdpSysctls.HASH_ENTRIES, wanted == 0 ? -shared : own);
    }
}
