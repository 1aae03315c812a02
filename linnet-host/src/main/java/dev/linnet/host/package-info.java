/// The host kernel, reached through the foreign function interface (`java.lang.foreign`).
///
/// Two things need it. Linnet's packets leave and enter through a [TunDevice], and Linnet's
/// behaviour is compared with the real kernel's, called through [HostSyscalls]. Everything else
/// makes these two pleasant: [HostInterface] is what `ip link`, `ip addr` and `ip route` would do,
/// [HostNamespace] gives a test a network of its own, [HostProc] reads the kernel's counters and
/// sysctls, and [HostCapabilities] says beforehand, with a reason, what this process may do.
///
/// The package mirrors no Linux directory: it is user space, the other side of `uapi`. Data paths
/// return Linux's results, at least 0 or `-errno`; set-up throws [HostException], which carries the
/// errno and says what to do about it.
@NullMarked
package dev.linnet.host;

import org.jspecify.annotations.NullMarked;
