/// The front door: a [Stack] with its [Host]s, and the [Task]s that make system calls on them.
///
///     try (Stack stack = Stack.create()) {
///         Task task = stack.newHost("server").newTask("httpd");
///         int fd = task.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
///         …
///     }
///
/// [Capture] writes packets to a file, [SocketInfo] is a socket as `ss` shows it. `NamespaceInit` sets up a
/// new namespace, as `inet_init` in `net/ipv4/af_inet.c` does.
///
/// Safe from any thread; in virtual time a thread that waits must be one of [Stack#start].
@NullMarked
package dev.linnet.stack;

import org.jspecify.annotations.NullMarked;
