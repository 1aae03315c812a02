package dev.linnet.net.core.sock;

import dev.linnet.hook.SecurityHooks;
import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.uapi.SockAddr;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// Where security modules are asked (`security/security.c`): 0, or the first refusal.
public final class Security {
    private Security() {}

    @Kernel("security_socket_create")
    public static int socketCreate(NetNamespace net, int family, int type, int protocol) {
        return ask(net, hooks -> hooks.socketCreate(family, type, protocol));
    }

    @Kernel("security_socket_post_create")
    public static int socketPostCreate(Socket sock) {
        return askOf(sock, (hooks, view) -> hooks.socketPostCreate(view));
    }

    @Kernel("security_socket_socketpair")
    public static int socketSocketpair(Socket a, Socket b) {
        Sock second = b.sk;
        return second == null
                ? 0
                : askOf(a, (hooks, view) -> hooks.socketSocketpair(view, new SockView(second)));
    }

    @Kernel("security_socket_bind")
    public static int socketBind(Socket sock, SockAddr addr) {
        return askOf(sock, (hooks, view) -> hooks.socketBind(view, addr));
    }

    @Kernel("security_socket_connect")
    public static int socketConnect(Socket sock, SockAddr addr) {
        return askOf(sock, (hooks, view) -> hooks.socketConnect(view, addr));
    }

    @Kernel("security_socket_listen")
    public static int socketListen(Socket sock, int backlog) {
        return askOf(sock, (hooks, view) -> hooks.socketListen(view, backlog));
    }

    @Kernel("security_socket_accept")
    public static int socketAccept(Socket listener) {
        return askOf(listener, (hooks, view) -> hooks.socketAccept(view));
    }

    @Kernel("security_socket_sendmsg")
    @HotPath
    public static int socketSendmsg(Socket sock, MsgHdr msg) {
        return attached(sock) ? sendmsg(sock, msg.name, msg.iter.count()) : 0;
    }

    private static int sendmsg(Socket sock, @Nullable SockAddr to, long size) {
        return askOf(sock, (hooks, view) -> hooks.socketSendmsg(view, to, size));
    }

    @Kernel("security_socket_recvmsg")
    @HotPath
    public static int socketRecvmsg(Socket sock, MsgHdr msg, int flags) {
        return attached(sock) ? recvmsg(sock, msg.iter.count(), flags) : 0;
    }

    private static int recvmsg(Socket sock, long size, int flags) {
        return askOf(sock, (hooks, view) -> hooks.socketRecvmsg(view, size, flags));
    }

    @Kernel({"security_socket_getsockname", "security_socket_getpeername"})
    public static int socketGetname(Socket sock, boolean peer) {
        return askOf(
                sock,
                (hooks, view) ->
                        peer ? hooks.socketGetpeername(view) : hooks.socketGetsockname(view));
    }

    @Kernel("security_socket_setsockopt")
    public static int socketSetsockopt(Socket sock, int level, int name) {
        return askOf(sock, (hooks, view) -> hooks.socketSetsockopt(view, level, name));
    }

    @Kernel("security_socket_getsockopt")
    public static int socketGetsockopt(Socket sock, int level, int name) {
        return askOf(sock, (hooks, view) -> hooks.socketGetsockopt(view, level, name));
    }

    @Kernel("security_socket_shutdown")
    public static int socketShutdown(Socket sock, int how) {
        return askOf(sock, (hooks, view) -> hooks.socketShutdown(view, how));
    }

    /// @param hi peer's address, upper half
    /// @param lo lower half
    @Kernel("security_inet_conn_request")
    public static int inetConnRequest(Sock listener, long hi, long lo, int port) {
        if (listener.net.hooks.security().length == 0) {
            return 0;
        }
        SockAddr peer = SockView.address(listener, hi, lo, port);
        SockView view = new SockView(listener);
        return peer == null ? 0 : ask(listener.net, hooks -> hooks.inetConnRequest(view, peer));
    }

    @Kernel("security_inet_conn_established")
    public static void inetConnEstablished(Sock sk) {
        for (SecurityHooks hooks : sk.net.hooks.security()) {
            hooks.inetConnEstablished(new SockView(sk));
        }
    }

    @FunctionalInterface
    private interface Question {
        int ask(SecurityHooks hooks, SockView view);
    }

    @HotPath
    private static boolean attached(Socket sock) {
        Sock sk = sock.sk;
        return sk != null && sk.net.hooks.security().length > 0;
    }

    private static int askOf(Socket sock, Question question) {
        Sock sk = sock.sk;
        if (sk == null || sk.net.hooks.security().length == 0) {
            return 0;
        }
        SockView view = new SockView(sk);
        return ask(sk.net, hooks -> question.ask(hooks, view));
    }

    private static int ask(NetNamespace net, ToIntFunction<SecurityHooks> question) {
        for (SecurityHooks hooks : net.hooks.security()) {
            int refused = question.applyAsInt(hooks);
            if (refused != 0) {
                return refused;
            }
        }
        return 0;
    }
}
