/// The command lines of scripts: a small shell that never starts a process, so that `sysctl`, `ip`,
/// `tc` and their kin can be carried out on a stack in this process.
@NullMarked
package dev.linnet.packetdrill.shell;

import org.jspecify.annotations.NullMarked;
