/// `/proc` as a file system: directories and files whose content is made when they are read.
///
/// Mirrors `fs/proc/generic.c`, `inode.c` and `fs/seq_file.c`. [ProcFs] is the file system, [ProcNode] what stands in
/// it; what the files say comes from above, from `dev.linnet.proc`.
@NullMarked
package dev.linnet.fs.proc;

import org.jspecify.annotations.NullMarked;
