package dev.linnet.kernel.sysctl;

/// `net.unix.*`: knobs of AF_UNIX.
///
/// Mirrors `net/unix/sysctl_net_unix.c`.
public final class UnixSysctls {
    static final SysctlTable TABLE = SysctlTable.of("net.unix.");

    /// Datagrams that may wait at a socket.
    public static final Sysctl.Int MAX_DGRAM_QLEN =
            TABLE.integer("max_dgram_qlen", 10, "Datagrams that may wait at a socket");

    private UnixSysctls() {}
}
