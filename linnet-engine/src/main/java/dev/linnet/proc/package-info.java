/// What stands in `/proc`: the tables of the network, the knobs, the processes with their descriptors.
///
/// Mirrors `fs/proc/` and the `/proc` parts of `net/`. [ProcRoot] is the top, [ProcNetDir] is `/proc/net`, [ProcSys]
/// `/proc/sys`, [ProcPid] one process. Texts are laid out as Linux lays them out, to the column, because programs read
/// them. Any thread.
@NullMarked
package dev.linnet.proc;

import org.jspecify.annotations.NullMarked;
