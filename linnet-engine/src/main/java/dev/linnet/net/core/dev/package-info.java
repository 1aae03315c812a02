/// Network devices, their receive and transmit paths, cached routes.
///
/// Mirrors `net/core/dev.c`, `net/core/dst.c`, `net/sched/` and `drivers/net/loopback.c`.
@NullMarked
package dev.linnet.net.core.dev;

import org.jspecify.annotations.NullMarked;
