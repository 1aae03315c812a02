/// Files as a process sees them: descriptors, names, open files, pipes, polling, epoll, user buffers.
///
/// Mirrors `fs/` (`file.c`, `namei.c`, `dcache.c`, `namespace.c`, `select.c`, `eventpoll.c`, `pipe.c`, `splice.c`),
/// `mm/filemap.c` and `lib/iov_iter.c`. Knows nothing of networks. [FileDescriptorTable] leads to a [File], whose
/// [FileOperations] say what can be done with it; [Nameidata] goes along a name to an [Inode]; [IovIter] is a call's
/// way through the user's buffers; [PollWqueues] and [EventPoll] wait for many files.
///
/// Called by programs' threads. Look-ups of descriptors take no lock; wake-ups of epoll items come from any
/// context.
@NullMarked
package dev.linnet.fs;

import org.jspecify.annotations.NullMarked;
