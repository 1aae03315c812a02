package dev.linnet.net.tcp;

import static dev.linnet.uapi.TcpState.TCP_CLOSE;
import static dev.linnet.uapi.TcpState.TCP_CLOSE_WAIT;
import static dev.linnet.uapi.TcpState.TCP_CLOSING;
import static dev.linnet.uapi.TcpState.TCP_ESTABLISHED;
import static dev.linnet.uapi.TcpState.TCP_FIN_WAIT1;
import static dev.linnet.uapi.TcpState.TCP_FIN_WAIT2;
import static dev.linnet.uapi.TcpState.TCP_LAST_ACK;
import static dev.linnet.uapi.TcpState.TCP_LISTEN;
import static dev.linnet.uapi.TcpState.TCP_SYN_RECV;
import static dev.linnet.uapi.TcpState.TCP_SYN_SENT;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.MibCounters;
import dev.linnet.kernel.mib.TcpMib;
import dev.linnet.net.inet.InetBindHash;
import dev.linnet.net.inet.InetHashtables;
import dev.linnet.uapi.TcpState;

/// The one writer of a TCP sock's state.
final class TcpStates {
    private TcpStates() {}

    /// Moves a sock to another state, keeps the counters, and at CLOSE takes it out of the hashes
    /// and gives back a port that the user did not choose. Sock locked.
    @Kernel({"tcp_set_state", "inet_sk_set_state", "inet_sk_state_store", "sk_state_store"})
    static void set(TcpSock tp, TcpState state) {
        TcpState old = tp.state;
        assert tp.lock.ownedByMe();
        assert legal(old, state) : old + " to " + state;
        TcpCallBpf.state(tp, old, state);
        MibCounters mib = tp.net.mib;
        boolean wasOpen = open(old);
        if (state == TCP_CLOSE) {
            if (wasOpen) {
                mib.inc(TcpMib.ESTABRESETS);
            }
            InetHashtables.unhash(tp);
            if (tp.bindBucket != null && !tp.bindPortLocked) {
                InetBindHash.OF.of(tp.net).putPort(tp);
            }
        }
        if (!wasOpen && open(state)) {
            mib.inc(TcpMib.CURRESTAB);
        } else if (wasOpen && !open(state)) {
            mib.dec(TcpMib.CURRESTAB);
        }
        tp.state = state;
    }

    private static boolean open(TcpState state) {
        return state == TCP_ESTABLISHED || state == TCP_CLOSE_WAIT;
    }

    /// The arrows of RFC 9293 figure 5, and from every state to CLOSE. TIME-WAIT is not a state of
    /// a sock: an [dev.linnet.net.core.sock.InetTimewaitSock] takes its place.
    private static boolean legal(TcpState from, TcpState to) {
        if (from == to || to == TCP_CLOSE) {
            return true;
        }
        int next =
                switch (from) {
                    case TCP_CLOSE ->
                            TCP_LISTEN.mask()
                                    | TCP_SYN_SENT.mask()
                                    | TCP_SYN_RECV.mask()
                                    | TCP_ESTABLISHED.mask();
                    case TCP_SYN_SENT -> TCP_SYN_RECV.mask() | TCP_ESTABLISHED.mask();
                    case TCP_SYN_RECV ->
                            TCP_ESTABLISHED.mask() | TCP_FIN_WAIT1.mask() | TCP_CLOSE_WAIT.mask();
                    case TCP_ESTABLISHED -> TCP_FIN_WAIT1.mask() | TCP_CLOSE_WAIT.mask();
                    case TCP_FIN_WAIT1 -> TCP_FIN_WAIT2.mask() | TCP_CLOSING.mask();
                    case TCP_CLOSE_WAIT -> TCP_LAST_ACK.mask();
                    default -> 0;
                };
        return to.in(next);
    }
}
