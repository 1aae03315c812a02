/// The front door: a [dev.linnet.stack.Stack] with its [dev.linnet.stack.Host]s, and the
/// [dev.linnet.stack.Task]s that make system calls on them.
///
///     try (Stack stack = Stack.create()) {
///         Task task = stack.newHost("server").newTask("httpd");
///         int fd = task.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
///         …
///     }
@NullMarked
package dev.linnet.stack;

import org.jspecify.annotations.NullMarked;
