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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Watches a handshake: every function on its way by its kernel name, the states of the sockets, and
/// the two queues of the listener.
final class HandshakeView {
    /// The functions that make the story; hundreds of smaller ones run between them.
    private static final Set<String> STORY =
            Set.of(
                    "__sys_socket",
                    "__sys_bind",
                    "__sys_listen",
                    "__sys_connect",
                    "__sys_accept4",
                    "__inet_bind",
                    "inet_csk_get_port",
                    "inet_csk_listen_start",
                    "inet_hash",
                    "tcp_set_state",
                    "tcp_v4_connect",
                    "ip_route_output_key_hash",
                    "inet_hash_connect",
                    "tcp_connect",
                    "tcp_transmit_skb",
                    "__tcp_transmit_skb",
                    "__ip_queue_xmit",
                    "ip_output",
                    "ip_finish_output2",
                    "neigh_resolve_output",
                    "arp_send_dst",
                    "arp_process",
                    "arp_rcv",
                    "__dev_queue_xmit",
                    "dev_hard_start_xmit",
                    "netif_rx",
                    "net_rx_action",
                    "__netif_receive_skb_core",
                    "ip_rcv",
                    "ip_route_input_rcu",
                    "ip_local_deliver",
                    "tcp_v4_rcv",
                    "__inet_lookup_established",
                    "__inet_lookup_listener",
                    "tcp_rcv_state_process",
                    "tcp_v4_conn_request",
                    "tcp_conn_request",
                    "inet_reqsk_alloc",
                    "inet_csk_reqsk_queue_hash_add",
                    "inet_ehash_insert",
                    "tcp_v4_send_synack",
                    "tcp_make_synack",
                    "ip_build_and_send_pkt",
                    "tcp_rcv_synsent_state_process",
                    "tcp_ack",
                    "tcp_finish_connect",
                    "tcp_init_transfer",
                    "__tcp_send_ack",
                    "tcp_check_req",
                    "tcp_v4_syn_recv_sock",
                    "tcp_create_openreq_child",
                    "inet_csk_complete_hashdance",
                    "inet_csk_reqsk_queue_add",
                    "tcp_child_process",
                    "sock_def_readable",
                    "sock_def_wakeup",
                    "inet_csk_accept",
                    "inet_csk_wait_for_connect",
                    "inet_wait_for_connect",
                    "tcp_rcv_established",
                    "reqsk_queue_added",
                    "reqsk_queue_removed",
                    "reqsk_queue_remove");

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
                new FunctionGraph(stack::nowNs, STORY::contains, HandshakeView::note, LIMIT);
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
        for (InetConnectionSock listener : InetHashtables.OF.of(server.net()).listeners.all()) {
            String now = queues(listener);
            if (now != null) {
                out.note("Now the listener has: " + now + ".");
            }
        }
    }
}
