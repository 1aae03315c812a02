/// The knobs of the stack: `/proc/sys/net` and the few of `/proc/sys/fs` that matter to sockets.
///
/// Mirrors `kernel/sysctl.c` and the tables of `net/core/sysctl_net_core.c`,
/// `net/ipv4/sysctl_net_ipv4.c`, `net/ipv6/sysctl_net_ipv6.c`, `net/ipv4/devinet.c`,
/// `net/ipv6/addrconf.c` and `net/core/neighbour.c`. A knob is one row of a table, declared as a
/// constant: [NetCoreSysctls], [TcpSysctls], [IpSysctls], [UdpSysctls], [RouteSysctls],
/// [Ipv6Sysctls], [UnixSysctls], [FsSysctls], and per device [ConfSysctls], [Conf6Sysctls],
/// [NeighSysctls]. From the row follow storage, default, range, errno, the text that `sysctl` shows
/// and the page `docs/reference/sysctl.md`. A name without a row gives ENOENT, as on a kernel that
/// was built without the feature.
///
/// Values live in [SysctlValues], one per network namespace, and [DevConf], one per device. Hot
/// code reads them with a plain array load (`net.sysctl.get(TcpSysctls.SACK)`); a value written by
/// another thread is seen soon, not at once. Writing goes through a lock of the whole stack and then
/// runs the observers of the row, without the lock.
@NullMarked
package dev.linnet.kernel.sysctl;

import org.jspecify.annotations.NullMarked;
