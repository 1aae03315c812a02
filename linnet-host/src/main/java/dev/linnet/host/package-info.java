/// Everything native, through the foreign function interface: TUN/TAP, packet sockets, the host kernel's system calls.
@NullMarked
package dev.linnet.host;

import org.jspecify.annotations.NullMarked;
