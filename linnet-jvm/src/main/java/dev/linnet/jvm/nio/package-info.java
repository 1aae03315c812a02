/// The channels of `java.nio` and their selector, on the stack.
///
/// [LinnetSelectorProvider] opens them. A channel is a [dev.linnet.jvm.SocketFd] and the rules of its class in the JDK:
/// which calls are allowed in which state, who closes whom. [ChannelFamily] is what differs between the internet and
/// UNIX-domain sockets. [LinnetSelector] is an epoll instance of the stack; a key that is registered counts as a call
/// on the descriptor, so that a closed channel's number is not used again while a selector knows it.
///
/// Safe from any thread. Locks are taken in this order: a channel's locks for reading and writing, the stack's own; a
/// selector's monitor, that of its selected keys, the stack's own.
@NullMarked
package dev.linnet.jvm.nio;

import org.jspecify.annotations.NullMarked;
