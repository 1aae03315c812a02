/// Sockets between processes of one host: streams, datagrams and sequenced packets, with names in the file
/// system or abstract ones, descriptors and credentials as ancillary data.
///
/// Mirrors `net/unix/` and `net/core/scm.c`. [AfUnix] is the registered family; [UnixStreamOps],
/// [UnixDgramOps] and [UnixSeqpacketOps] are what the socket layer calls. [UnixSock] is a socket, [UnixTable]
/// knows all of a host. Sending puts a packet straight into the receive queue of the peer, which is charged to
/// the sender until it is read. [UnixScm] carries descriptors, and [UnixGc] frees sockets that only descriptors
/// in flight refer to.
///
/// All calls come from programs' threads; nothing here runs in soft-interrupt context. Locks, in this order: the
/// bind lock, the read lock of the receiver, the state locks (two of them in the order of [UnixSock#order]), the
/// monitor of a receive queue. No packet with descriptors ends while a state lock or a queue is held.
@NullMarked
package dev.linnet.net.unix;

import org.jspecify.annotations.NullMarked;
