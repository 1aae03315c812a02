package dev.linnet.net.unix;

import dev.linnet.fs.File;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.Pernet;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.uapi.TcpState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Frees sockets that nobody can reach any more because all descriptors of them are in flight, in queues
/// of such sockets (`net/unix/garbage.c`).
///
/// A socket whose references are all in flight is a candidate. One of whose references are in a queue
/// that is not a candidate's, or on the way into a queue, is in use, and so is all that can be received
/// from it, and so on. The other candidates are garbage; the descriptors in their queues are taken out
/// and given back, which ends the sockets. Instead of walking strongly connected components as Linux
/// does, it counts and marks; what it frees is the same.
///
/// The monitor guards what is in flight. While it is held no descriptor leaves a queue, so a candidate
/// stays one.
final class UnixGc {
    static final Pernet<UnixGc> OF = new Pernet<>(UnixGc::new);

    /// A socket of which all references are in flight.
    private static final class Vertex {
        final UnixSock sk;

        /// References in flight that were not found in a candidate's queue.
        int outside;

        boolean reachable;

        Vertex(UnixSock sk) {
            this.sk = sk;
        }
    }

    private final Map<UnixSock, File> inFlight = new HashMap<>();
    private final Map<Integer, Integer> ofUser = new HashMap<>();
    private boolean running;
    private boolean again;

    private UnixGc(NetNamespace net) {}

    /// Descriptors that a user has in flight.
    synchronized int inFlightOf(int uid) {
        return ofUser.getOrDefault(uid, 0);
    }

    @Kernel("unix_add_edges")
    synchronized void add(ScmFpList list) {
        ofUser.merge(list.uid, list.count, Integer::sum);
        for (int i = 0; i < list.count; i++) {
            UnixSock sk = ScmFpList.socketOf(list.file(i));
            if (sk != null) {
                sk.inflight++;
                inFlight.put(sk, list.file(i));
            }
        }
    }

    @Kernel("unix_del_edges")
    synchronized void remove(ScmFpList list) {
        ofUser.merge(list.uid, -list.count, (had, gone) -> had + gone == 0 ? null : had + gone);
        for (int i = 0; i < list.count; i++) {
            UnixSock sk = ScmFpList.socketOf(list.file(i));
            if (sk != null && --sk.inflight == 0) {
                inFlight.remove(sk);
            }
        }
    }

    /// Looks for garbage after a socket has ended, if any is in flight; what ends in consequence may leave
    /// more.
    @Kernel({"unix_schedule_gc", "__unix_gc"})
    void schedule() {
        synchronized (this) {
            again = true;
            if (inFlight.isEmpty() || running) {
                return;
            }
            running = true;
        }
        List<SkBuff> garbage = new ArrayList<>();
        do {
            garbage.forEach(SkBuff::consume);
            garbage.clear();
        } while (pass(garbage));
    }

    /// One search; false, and the collector rests, if there is nothing more to do.
    private synchronized boolean pass(List<SkBuff> garbage) {
        collect(garbage);
        running = again || !garbage.isEmpty();
        again = false;
        return running;
    }

    private void collect(List<SkBuff> garbage) {
        Map<UnixSock, Vertex> candidates = new HashMap<>();
        inFlight.forEach(
                (sk, file) -> {
                    if (file.refs() == sk.inflight) {
                        Vertex vertex = new Vertex(sk);
                        vertex.outside = sk.inflight;
                        candidates.put(sk, vertex);
                    }
                });
        for (Vertex vertex : candidates.values()) {
            edges(vertex.sk, candidates).forEach(to -> to.outside--);
        }
        markReachable(candidates);
        for (Vertex vertex : candidates.values()) {
            if (!vertex.reachable) {
                takeOut(vertex.sk, garbage);
            }
        }
    }

    private static void markReachable(Map<UnixSock, Vertex> candidates) {
        ArrayDeque<Vertex> work = new ArrayDeque<>();
        for (Vertex vertex : candidates.values()) {
            if (vertex.outside > 0) {
                vertex.reachable = true;
                work.add(vertex);
            }
        }
        Vertex vertex;
        while ((vertex = work.poll()) != null) {
            for (Vertex to : edges(vertex.sk, candidates)) {
                if (!to.reachable) {
                    to.reachable = true;
                    work.add(to);
                }
            }
        }
    }

    /// The candidates that can be received from a socket, once for each descriptor; those of a
    /// listener from its connections that were not accepted.
    private static List<Vertex> edges(UnixSock sk, Map<UnixSock, Vertex> candidates) {
        List<Vertex> found = new ArrayList<>();
        for (UnixSock holder : holders(sk)) {
            synchronized (holder.receiveQueue) {
                for (SkBuff skb = holder.receiveQueue.peek(); skb != null; skb = skb.next) {
                    ScmFpList list = fp(skb);
                    for (int i = 0; list != null && i < list.count; i++) {
                        UnixSock to = ScmFpList.socketOf(list.file(i));
                        Vertex vertex = to == null ? null : candidates.get(to);
                        if (vertex != null) {
                            found.add(vertex);
                        }
                    }
                }
            }
        }
        return found;
    }

    /// Whose queues are read through a socket: its own, or those of the connections that wait at it.
    private static List<UnixSock> holders(UnixSock sk) {
        if (sk.state != TcpState.TCP_LISTEN) {
            return List.of(sk);
        }
        List<UnixSock> children = new ArrayList<>();
        synchronized (sk.receiveQueue) {
            for (SkBuff skb = sk.receiveQueue.peek(); skb != null; skb = skb.next) {
                if (skb.sk instanceof UnixSock child) {
                    children.add(child);
                }
            }
        }
        return children;
    }

    /// Descriptors that can be received through a socket.
    @Kernel("unix_count_nr_fds")
    static int waitingFds(UnixSock sk) {
        int count = 0;
        for (UnixSock holder : holders(sk)) {
            synchronized (holder.receiveQueue) {
                for (SkBuff skb = holder.receiveQueue.peek(); skb != null; skb = skb.next) {
                    ScmFpList list = fp(skb);
                    count += list == null ? 0 : list.count;
                }
            }
        }
        return count;
    }

    private static @Nullable ScmFpList fp(SkBuff skb) {
        return skb.parms instanceof UnixSkbParms parms ? parms.fp : null;
    }

    /// Takes the packets with descriptors out of the queues of garbage.
    @Kernel("unix_collect_skb")
    private static void takeOut(UnixSock sk, List<SkBuff> garbage) {
        for (UnixSock holder : holders(sk)) {
            synchronized (holder.receiveQueue) {
                SkBuff skb = holder.receiveQueue.peek();
                while (skb != null) {
                    SkBuff next = skb.next;
                    if (fp(skb) != null) {
                        holder.receiveQueue.unlink(skb);
                        if (holder.oobSkb == skb) {
                            holder.oobSkb = null;
                        }
                        garbage.add(skb);
                    }
                    skb = next;
                }
            }
        }
    }
}
