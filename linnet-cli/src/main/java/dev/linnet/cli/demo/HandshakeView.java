package dev.linnet.cli.demo;

import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.net.core.sock.RequestSock;
import dev.linnet.net.core.sock.RequestSockQueue;
import dev.linnet.net.core.sock.SockCommon;
import dev.linnet.net.inet.InetHashtables;
import dev.linnet.stack.Host;
import dev.linnet.stack.Stack;
import dev.linnet.trace.FunctionGraph;
import dev.linnet.trace.Tracer;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Watches a handshake: every function on its way by its kernel name, the states of the sockets, and
/// the two queues of the listener.
final class HandshakeView {
    /// Allocation, accounting and arithmetic that happen everywhere and explain nothing here.
    private static final List<String> DULL =
            List.of(
                    "skb_", "__skb_", "pskb_", "__pskb", "alloc_skb", "kfree", "consume_skb",
                    "build_skb", "local_bh", "copy_", "iov_", "lock_sock", "release_sock",
                    "__release", "mod_timer", "timer_", "__mod", "fget", "fput", "fd_", "get_file",
                    "get_unused", "wake_up", "__wake", "prepare_to", "finish_wait", "add_wait",
                    "remove_wait", "siphash", "secure_", "sk_add", "sk_flush", "dst_", "ipv4_",
                    "inet_addr", "__inet_dev", "fib_", "tcp_mstamp", "tcp_v4_send_check", "csum",
                    "__tcp_select", "tcp_current_mss", "tcp_mss", "tcp_mtu", "tcp_sync_mss",
                    "tcp_clock", "tcp_stream_memory", "sock_alloc", "alloc_", "sk_page", "mt_",
                    "reqsk_queue_len", "reqsk_queue_empty", "inet_ehashfn", "ep_", "sockfd", "minmax",
                    "tcp_win_from", "tcp_full_space", "tcp_space", "tcp_ecn_mode", "INET_ECN",
                    "tcp_urg_mode", "bictcp", "tcp_in_slow", "netif_skb", "sock_from_file",
                    "inet_sk_get", "inet_is_local", "__tcp_mtu", "tcp_bound", "tcp_initialize",
                    "tcp_acceptable", "tcp_skb_timestamp", "ip_select", "ip_dont", "eth_header",
                    "tcp_snd_wnd", "tcp_inq", "inet_csk_in_pingpong", "sk_stream", "tcp_ack_update",
                    "tcp_rearm", "tcp_write_queue", "tcp_fast_path", "__sk_dst", "sk_setup");

    private static final Set<String> QUEUES =
            Set.of(
                    "inet_csk_reqsk_queue_hash_add",
                    "inet_csk_reqsk_queue_add",
                    "inet_csk_complete_hashdance",
                    "tcp_conn_request",
                    "inet_csk_accept");

    private static final int LIMIT = 2000;

    private final Stack stack;
    private final Host server;
    private final DemoScreen out;
    private final long settleNs;
    private final @Nullable FunctionGraph graph;
    private final @Nullable Tracer tracer;
    private final long startNs;

    private HandshakeView(
            Stack stack,
            Host server,
            DemoScreen out,
            long settleNs,
            @Nullable FunctionGraph graph,
            @Nullable Tracer tracer,
            long startNs) {
        this.stack = stack;
        this.server = server;
        this.out = out;
        this.settleNs = settleNs;
        this.graph = graph;
        this.tracer = tracer;
        this.startNs = startNs;
    }

    /// Begins to watch.
    ///
    /// @param settleNs how long the last packet of the handshake may take
    static HandshakeView start(Stack stack, Host server, DemoScreen out, long settleNs) {
        if (!Tracer.available()) {
            out.note("The agent is not loaded, so the functions cannot be shown.");
            return new HandshakeView(stack, server, out, settleNs, null, null, stack.nowNs());
        }
        FunctionGraph graph =
                new FunctionGraph(
                        stack::nowNs,
                        name -> DULL.stream().noneMatch(name::startsWith),
                        HandshakeView::note,
                        LIMIT);
        return new HandshakeView(
                stack, server, out, settleNs, graph, Tracer.start(graph), stack.nowNs());
    }

    /// What a function that ends has changed.
    private static @Nullable String note(String function, @Nullable Object subject) {
        if (function.equals("tcp_set_state") && subject instanceof SockCommon sk) {
            return "state is now " + sk.state;
        }
        if (!QUEUES.contains(function)) {
            return null;
        }
        InetConnectionSock listener =
                switch (subject) {
                    case RequestSock req -> req.listener;
                    case InetConnectionSock sk -> sk;
                    case null, default -> null;
                };
        return listener == null ? null : queues(listener);
    }

    private static @Nullable String queues(InetConnectionSock listener) {
        RequestSockQueue queue = listener.acceptQueue;
        return queue == null
                ? null
                : "SYN queue " + queue.len() + ", accept queue " + listener.ackBacklog;
    }

    /// Ends watching and shows what was seen.
    void finish() {
        if (tracer == null || graph == null) {
            return;
        }
        stack.sleep(settleNs); // the last ACK is still on its way to the server
        tracer.close();
        out.handshake(graph.calls(), startNs);
        for (InetConnectionSock listener :
                InetHashtables.OF.of(server.net()).listeners.all()) {
            String now = queues(listener);
            if (now != null) {
                out.note("Now the listener has: " + now + ".");
            }
        }
    }
}
