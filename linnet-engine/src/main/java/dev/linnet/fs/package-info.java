/// Files as a process sees them: descriptors, open files, pipes, polling, epoll, user buffers.
///
/// Mirrors `fs/` (`file.c`, `select.c`, `eventpoll.c`, `pipe.c`, `splice.c`, `read_write.c`) and
/// `lib/iov_iter.c`. Knows nothing of networks.
@NullMarked
package dev.linnet.fs;

import org.jspecify.annotations.NullMarked;
