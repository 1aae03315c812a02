package dev.linnet.net.unix;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.sock.SkBuffErrors;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.uapi.PollEvents;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.TcpState;

/// Ready events.
final class UnixPoll {
    private UnixPoll() {}

    /// Of a stream. A socket that never was connected has hung up.
    @Kernel("unix_poll")
    static int stream(UnixSock sk) {
        TcpState state = sk.state;
        int mask = sk.err != 0 ? PollEvents.POLLERR : 0;
        mask |= common(sk);
        if (sk.oobSkb != null) {
            mask |= PollEvents.POLLPRI;
        }
        if (state == TcpState.TCP_CLOSE) {
            mask |= PollEvents.POLLHUP;
        }
        return sk.writable() ? mask | UnixSock.POLL_OUT : mask;
    }

    private static int common(UnixSock sk) {
        int mask = 0;
        int shutdown = sk.shutdown;
        if (shutdown == Sock.SHUTDOWN_MASK) {
            mask |= PollEvents.POLLHUP;
        }
        if ((shutdown & Sock.RCV_SHUTDOWN) != 0) {
            mask |= PollEvents.POLLRDHUP | PollEvents.POLLIN | PollEvents.POLLRDNORM;
        }
        if (sk.receiveQueue.qlen() != 0) {
            mask |= PollEvents.POLLIN | PollEvents.POLLRDNORM;
        }
        return mask;
    }

    /// Of a datagram socket or one for sequenced packets. One that is connected to a socket which is
    /// not connected to it has no room while that one's queue is full.
    @Kernel("unix_dgram_poll")
    static int dgram(UnixSock sk) {
        int mask = 0;
        if (sk.err != 0 || SkBuffErrors.pending(sk)) {
            mask |= PollEvents.POLLERR;
            mask |= sk.selectErrQueue ? PollEvents.POLLPRI : 0;
        }
        mask |= common(sk);
        if (sk.type == SocketType.SOCK_SEQPACKET && sk.state == TcpState.TCP_CLOSE) {
            mask |= PollEvents.POLLHUP;
        }
        return hasRoom(sk) ? mask | UnixSock.POLL_OUT : mask;
    }

    private static boolean hasRoom(UnixSock sk) {
        if (!sk.writable()) {
            return false;
        }
        synchronized (sk.stateLock) {
            UnixSock other = sk.peer;
            return other == null
                    || other.peer == sk
                    || !other.recvqFull()
                    || !sk.peerWake.wakeMe(other);
        }
    }
}
