/// `java.nio`'s asynchronous channels on a host of Linnet's.
///
/// [LinnetAsynchronousChannelProvider] opens them. An operation is tried at once; one that would have to wait gets a
/// virtual thread that waits in the stack, and its result is handed to the threads of the channel's group
/// ([AsyncGroup]).
///
/// Safe from any thread, platform or virtual.
@NullMarked
package dev.linnet.jvm.async;

import org.jspecify.annotations.NullMarked;
