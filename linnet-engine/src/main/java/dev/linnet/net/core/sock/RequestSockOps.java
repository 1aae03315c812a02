package dev.linnet.net.core.sock;

import dev.linnet.uapi.TcpState;

/// What a protocol does for its listeners and the requests in their SYN queues
/// (`struct request_sock_ops`).
public abstract class RequestSockOps {
    /// Sends the SYN-ACK again; 0 or `-errno`. Runs in soft-interrupt context without the listener's
    /// lock.
    public abstract int rtxSynAck(InetConnectionSock listener, RequestSock req);

    /// A SYN-ACK timer ran out, whether or not that leads to a retransmission.
    public abstract void synAckTimeout(RequestSock req);

    /// An established connection is thrown away before it was accepted, because the listener has
    /// gone; `child` is locked and an orphan.
    public abstract void forgotten(InetConnectionSock child, RequestSock req);

    /// Another thread has made the connection of the same request: `child`, which nobody has seen,
    /// goes without a word. It is locked and is unlocked here.
    public abstract void discard(InetConnectionSock child);

    /// A listener closes: drop what its queue holds beside the accept queue; listener locked.
    public abstract void listenStop(InetConnectionSock listener);

    /// Changes the state of a sock that begins or fails to listen; locked.
    public abstract void listenState(InetConnectionSock sk, TcpState state);
}
