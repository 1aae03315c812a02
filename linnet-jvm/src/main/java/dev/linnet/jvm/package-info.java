/// A JVM, or some threads of it, as a process on a host of Linnet's.
///
/// [JvmHost] is that process: it has the providers that make `java.nio` and `java.net` run on the host. [SocketFd] is
/// what every channel and socket of them is built on: a descriptor, the threads that are in calls on it, and the close
/// that gets them out. Errors of the stack become the JDK's exceptions in [SocketErrors], addresses become the JDK's in
/// [SocketAddresses], options in [SocketOptionTable].
///
/// Safe from any thread, platform or virtual.
@NullMarked
package dev.linnet.jvm;

import org.jspecify.annotations.NullMarked;
