/// A directory of the machine that the JVM runs on, as a file system of a host.
///
/// Mirrors `fs/hostfs/` of User Mode Linux. [HostFs] is the file system, [HostInode] a file of it, read and written
/// through the page cache.
@NullMarked
package dev.linnet.fs.hostfs;

import org.jspecify.annotations.NullMarked;
