/// The stack itself: Linux's socket layer and TCP/IP, from devices to system calls.
///
/// Nothing is in this package. Programs use `dev.linnet.stack` and `dev.linnet.uapi`; the packages beside
/// them mirror Linux's directories, see `docs/architecture.md`.
@NullMarked
package dev.linnet;

import org.jspecify.annotations.NullMarked;
