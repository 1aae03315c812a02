/// Files in memory: the root of a host, `/tmp`, and what programs make there.
///
/// Mirrors `mm/shmem.c` and `fs/libfs.c`. [Tmpfs] is the file system, [TmpfsInode] a file of it. Content is the page
/// cache alone: there is nothing behind it.
@NullMarked
package dev.linnet.fs.tmpfs;

import org.jspecify.annotations.NullMarked;
