/// The system calls: arguments checked in Linux's order, then handed to the socket layer and the
/// files.
///
/// Mirrors `net/socket.c` (the calls), `fs/read_write.c`, `fs/select.c`, `fs/eventpoll.c`, `fs/splice.c` (the
/// calls) and `arch/x86/entry/` (the table). [dev.linnet.stack.Task] and the numeric entry [SyscallTable]
/// both end here: [SocketCalls], [FileCalls], [PollCalls], [EpollCalls], [SendfileCalls], [SpliceCalls].
///
/// Called by programs' threads, any number at once for one [TaskStruct]; each call blocks its own thread.
@NullMarked
package dev.linnet.syscall;

import org.jspecify.annotations.NullMarked;
