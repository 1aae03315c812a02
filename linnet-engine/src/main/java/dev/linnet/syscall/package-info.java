/// The system calls: arguments checked in Linux's order, then handed to the socket layer and the
/// files.
///
/// Mirrors `net/socket.c` (the calls), `fs/read_write.c`, `fs/select.c`, `fs/eventpoll.c` and
/// `fs/splice.c` (the calls). [dev.linnet.stack.Task] and the numeric entry both end here.
@NullMarked
package dev.linnet.syscall;

import org.jspecify.annotations.NullMarked;
