/// `java.net` on a host of Linnet's: the sockets behind `Socket`, `ServerSocket` and `DatagramSocket`, and names.
///
/// [LinnetSocketImpl] is a stream socket. An agent puts [PlatformSockets] behind every `new Socket()`; programs that
/// embed Linnet take the factories of [dev.linnet.jvm.JvmHost] instead.
///
/// Safe from any thread, platform or virtual.
@NullMarked
package dev.linnet.jvm.net;

import org.jspecify.annotations.NullMarked;
