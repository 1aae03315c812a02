/// Counters of what happened to packets: the management information bases (MIB) of RFC 4293, 4022 and
/// 4113 and Linux's own, one set per network namespace.
///
/// Mirrors `include/net/snmp.h`, `include/uapi/linux/snmp.h`, `net/ipv4/proc.c` and `net/ipv6/proc.c`.
/// Each counter is one row of an enum ([TcpExt], [IpMib], …), from which follow its place in
/// [MibCounters], the text of `/proc/net/{snmp,netstat,snmp6}` ([ProcNet]), the names that `nstat`
/// prints ([MibSnapshot]) and the page `docs/reference/mib.md`.
///
/// Counting is atomic and takes no lock; any thread may count and read at any time.
@NullMarked
package dev.linnet.kernel.mib;

import org.jspecify.annotations.NullMarked;
