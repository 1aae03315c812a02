package dev.linnet.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.hook.AddressContext;
import dev.linnet.hook.AuditHook;
import dev.linnet.hook.CgroupHooks;
import dev.linnet.hook.HookSocket;
import dev.linnet.hook.Hooks;
import dev.linnet.hook.SecurityHooks;
import dev.linnet.hook.SockOps;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Shut;
import dev.linnet.uapi.So;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.uapi.SockAddrIn6;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.Sol;
import dev.linnet.uapi.TcpState;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What programs that are attached to a host are told, and what they can refuse or change.
class HooksTest {
    private static final int LOOPBACK = 0x7f000001;

    private final Stack stack = Stack.virtual(1);
    private final Host host = stack.newHost("host");
    private final Task task = host.newTask("server");

    @AfterEach
    void nothingIsLeft() {
        stack.close();
        assertThat(stack.buffersInUse()).isZero();
    }

    private int stream() {
        int fd = task.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        assertThat(fd).isNotNegative();
        return fd;
    }

    private int listener(int port) {
        int fd = stream();
        assertThat(task.bind(fd, new SockAddrIn(port, LOOPBACK))).isZero();
        assertThat(task.listen(fd, 5)).isZero();
        return fd;
    }

    private static ByteBuffer bytes(int n) {
        return ByteBuffer.allocate(n);
    }

    /// Refuses the call that it is told to, and notes all.
    private static final class Guard extends SecurityHooks {
        final List<String> asked = new ArrayList<>();
        String refused = "";

        private int answer(String call) {
            asked.add(call);
            return call.equals(refused) ? -Errno.EACCES : 0;
        }

        @Override
        public int socketCreate(int family, int type, int protocol) {
            return answer("create");
        }

        @Override
        public int socketPostCreate(HookSocket sock) {
            return answer("post_create");
        }

        @Override
        public int socketBind(HookSocket sock, SockAddr address) {
            return answer("bind");
        }

        @Override
        public int socketConnect(HookSocket sock, SockAddr address) {
            return answer("connect");
        }

        @Override
        public int socketListen(HookSocket sock, int backlog) {
            return answer("listen");
        }

        @Override
        public int socketAccept(HookSocket listener) {
            return answer("accept");
        }

        @Override
        public int socketSendmsg(HookSocket sock, @Nullable SockAddr to, long size) {
            return answer("sendmsg");
        }

        @Override
        public int socketRecvmsg(HookSocket sock, long size, int flags) {
            return answer("recvmsg");
        }

        @Override
        public int socketGetsockname(HookSocket sock) {
            return answer("getsockname");
        }

        @Override
        public int socketGetpeername(HookSocket sock) {
            return answer("getpeername");
        }

        @Override
        public int socketSetsockopt(HookSocket sock, int level, int name) {
            return answer("setsockopt");
        }

        @Override
        public int socketGetsockopt(HookSocket sock, int level, int name) {
            return answer("getsockopt");
        }

        @Override
        public int socketShutdown(HookSocket sock, int how) {
            return answer("shutdown");
        }

        @Override
        public int inetConnRequest(HookSocket listener, SockAddr peer) {
            return answer("conn_request");
        }

        @Override
        public void inetConnEstablished(HookSocket sock) {
            answer("conn_established");
        }
    }

    @Test
    void aSecurityModuleIsAskedOnTheWholeWay() {
        Guard guard = new Guard();
        try (Hooks.Attachment _ = host.hooks().attach(guard)) {
            int listener = listener(80);
            int client = stream();
            assertThat(task.connect(client, new SockAddrIn(80, LOOPBACK))).isZero();
            int server = task.accept(listener);
            assertThat(task.write(client, bytes(3))).isEqualTo(3);
            assertThat(task.read(server, bytes(9))).isEqualTo(3);
            assertThat(task.getsockname(client, new SockAddr[1])).isZero();
            assertThat(task.getpeername(client, new SockAddr[1])).isZero();
            assertThat(task.setsockopt(client, Sol.SOL_SOCKET, So.SO_KEEPALIVE, 1)).isZero();
            assertThat(task.getsockopt(client, Sol.SOL_SOCKET, So.SO_ERROR, new int[1])).isZero();
            assertThat(task.shutdown(client, Shut.SHUT_WR)).isZero();
        }
        assertThat(guard.asked)
                .containsExactly(
                        "create",
                        "post_create",
                        "bind",
                        "listen",
                        "create",
                        "post_create",
                        "connect",
                        "conn_request",
                        "conn_established",
                        "accept",
                        "sendmsg",
                        "recvmsg",
                        "getsockname",
                        "getpeername",
                        "setsockopt",
                        "getsockopt",
                        "shutdown");
        int before = guard.asked.size();
        stream();
        assertThat(guard.asked).as("detached").hasSize(before);
    }

    @Test
    void whatASecurityModuleRefusesFailsWithItsError() {
        Guard guard = new Guard();
        host.hooks().attach(guard);
        int eacces = -Errno.EACCES;
        guard.refused = "create";
        assertThat(task.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0)).isEqualTo(eacces);
        guard.refused = "post_create";
        assertThat(task.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0)).isEqualTo(eacces);
        guard.refused = "bind";
        int fd = stream();
        assertThat(task.bind(fd, new SockAddrIn(80, LOOPBACK))).isEqualTo(eacces);
        guard.refused = "listen";
        assertThat(task.listen(fd, 1)).isEqualTo(eacces);
        guard.refused = "";
        int listener = listener(81);
        guard.refused = "accept";
        assertThat(task.accept(listener)).isEqualTo(eacces);
        guard.refused = "connect";
        assertThat(task.connect(fd, new SockAddrIn(81, LOOPBACK))).isEqualTo(eacces);
        guard.refused = "sendmsg";
        assertThat(task.write(fd, bytes(1))).isEqualTo(eacces);
        guard.refused = "recvmsg";
        assertThat(task.read(fd, bytes(1))).isEqualTo(eacces);
        guard.refused = "getsockname";
        assertThat(task.getsockname(fd, new SockAddr[1])).isEqualTo(eacces);
        guard.refused = "setsockopt";
        assertThat(task.setsockopt(fd, Sol.SOL_SOCKET, So.SO_MARK, 1)).isEqualTo(eacces);
        guard.refused = "getsockopt";
        assertThat(task.getsockopt(fd, Sol.SOL_SOCKET, So.SO_MARK, new int[1])).isEqualTo(eacces);
        guard.refused = "shutdown";
        assertThat(task.shutdown(fd, Shut.SHUT_RD)).isEqualTo(eacces);
    }

    @Test
    void aRefusedConnectionRequestGetsNoAnswer() {
        listener(80);
        Guard guard = new Guard();
        guard.refused = "conn_request";
        host.hooks().attach(guard);
        int client = stream();
        long start = stack.nowNs();
        assertThat(task.connect(client, new SockAddrIn(80, LOOPBACK))).isEqualTo(-Errno.ETIMEDOUT);
        assertThat((stack.nowNs() - start) / 1_000_000_000)
                .as("seconds: all the SYNs were tried")
                .isGreaterThan(60);
    }

    @Test
    void auditHearsOfAddresses() {
        List<String> heard = new ArrayList<>();
        AuditHook audit =
                (caller, address) -> heard.add(caller.comm() + " " + caller.uid() + " " + address);
        int listener;
        try (Hooks.Attachment _ = host.hooks().attach(audit)) {
            listener = listener(80);
            int udp = task.socket(Af.AF_INET, SocketType.SOCK_DGRAM, 0);
            task.sendto(udp, bytes(1), 0, new SockAddrIn(53, LOOPBACK));
        }
        task.connect(stream(), new SockAddrIn(80, LOOPBACK));
        assertThat(heard)
                .containsExactly(
                        "server 0 " + new SockAddrIn(80, LOOPBACK),
                        "server 0 " + new SockAddrIn(53, LOOPBACK));
        task.close(listener);
    }

    /// A service mesh in small: what goes to 10.0.0.1:80 reaches 127.0.0.1:8080, and the program does
    /// not notice.
    @Test
    void aCgroupProgramRedirectsAConnection() {
        SockAddrIn virtual = new SockAddrIn(80, 0x0a000001);
        SockAddrIn real = new SockAddrIn(8080, LOOPBACK);
        host.hooks()
                .attach(
                        new CgroupHooks() {
                            @Override
                            public int connect(HookSocket sock, AddressContext context) {
                                if (context.address().equals(virtual)) {
                                    context.address(real);
                                }
                                return 0;
                            }

                            @Override
                            public void getpeername(HookSocket sock, AddressContext context) {
                                if (context.address().equals(real)) {
                                    context.address(virtual);
                                }
                            }
                        });
        int listener = listener(8080);
        int client = stream();
        assertThat(task.connect(client, virtual)).isZero();
        assertThat(task.accept(listener)).isNotNegative();
        SockAddr[] peer = new SockAddr[1];
        assertThat(task.getpeername(client, peer)).isZero();
        assertThat(peer[0]).isEqualTo(virtual);
    }

    @Test
    void aCgroupProgramChangesAndRefusesBinds() {
        host.hooks()
                .attach(
                        new CgroupHooks() {
                            @Override
                            public int bind(HookSocket sock, AddressContext context) {
                                int port = ((SockAddrIn) context.address()).port();
                                if (port == 666) {
                                    return -Errno.EPERM;
                                }
                                if (port == 1000) {
                                    context.address(new SockAddrIn(1001, LOOPBACK));
                                }
                                return port == 99 ? ALLOW_ANY_PORT : 0;
                            }

                            @Override
                            public int postBind(HookSocket sock) {
                                SockAddrIn local = (SockAddrIn) sock.local();
                                return local != null && local.port() == 667 ? -Errno.EPERM : 0;
                            }
                        });
        assertThat(task.bind(stream(), new SockAddrIn(666, 0))).isEqualTo(-Errno.EPERM);
        int fd = stream();
        assertThat(task.bind(fd, new SockAddrIn(1000, 0))).isZero();
        SockAddr[] name = new SockAddr[1];
        task.getsockname(fd, name);
        assertThat(name[0]).isEqualTo(new SockAddrIn(1001, LOOPBACK));

        int post = stream();
        assertThat(task.bind(post, new SockAddrIn(667, 0))).isEqualTo(-Errno.EPERM);
        assertThat(task.bind(post, new SockAddrIn(668, 0))).as("the port was given back").isZero();

        Task user = host.newTask("user");
        user.setuid(1000);
        int low = user.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        assertThat(user.bind(low, new SockAddrIn(98, 0))).isEqualTo(-Errno.EACCES);
        assertThat(user.bind(low, new SockAddrIn(99, 0))).isZero();
    }

    @Test
    void aCgroupProgramMarksSocketsAndRefusesThem() {
        host.hooks()
                .attach(
                        new CgroupHooks() {
                            @Override
                            public int sockCreate(HookSocket sock) {
                                sock.mark(7);
                                sock.priority(5);
                                return sock.family() == Af.AF_INET6 ? -Errno.EPERM : 0;
                            }

                            @Override
                            public int getsockopt(
                                    HookSocket sock,
                                    int level,
                                    int name,
                                    byte @Nullable [] value,
                                    int result) {
                                if (name == So.SO_PRIORITY && value != null) {
                                    value[0] = 6;
                                }
                                return result;
                            }

                            @Override
                            public int setsockopt(
                                    HookSocket sock, int level, int name, byte[] value) {
                                return name == So.SO_BROADCAST ? -Errno.EPERM : 0;
                            }
                        });
        int fd = stream();
        int[] value = new int[1];
        task.getsockopt(fd, Sol.SOL_SOCKET, So.SO_MARK, value);
        assertThat(value[0]).isEqualTo(7);
        task.getsockopt(fd, Sol.SOL_SOCKET, So.SO_PRIORITY, value);
        assertThat(value[0]).isEqualTo(6);
        assertThat(task.setsockopt(fd, Sol.SOL_SOCKET, So.SO_BROADCAST, 1)).isEqualTo(-Errno.EPERM);
        assertThat(task.socket(Af.AF_INET6, SocketType.SOCK_STREAM, 0)).isEqualTo(-Errno.EPERM);
    }

    @Test
    void aCgroupProgramRedirectsDatagrams() {
        SockAddrIn6 virtual = new SockAddrIn6(53, 0xfd00L << 48, 1);
        SockAddrIn6 real = new SockAddrIn6(5353, 0, 1);
        host.hooks()
                .attach(
                        new CgroupHooks() {
                            @Override
                            public int sendmsg(HookSocket sock, AddressContext context) {
                                if (context.address().equals(virtual)) {
                                    context.address(real);
                                }
                                return 0;
                            }

                            @Override
                            public void recvmsg(HookSocket sock, AddressContext context) {
                                if (context.address().equals(real)) {
                                    context.address(virtual);
                                }
                            }
                        });
        int server = task.socket(Af.AF_INET6, SocketType.SOCK_DGRAM, 0);
        assertThat(task.bind(server, real)).isZero();
        int client = task.socket(Af.AF_INET6, SocketType.SOCK_DGRAM, 0);
        assertThat(task.sendto(client, bytes(4), 0, virtual)).isEqualTo(4);
        SockAddr[] from = new SockAddr[1];
        assertThat(task.recvfrom(server, bytes(9), 0, from)).isEqualTo(4);
        assertThat(task.sendto(server, bytes(2), 0, from[0])).isEqualTo(2);
        assertThat(task.recvfrom(client, bytes(9), 0, from)).isEqualTo(2);
        assertThat(from[0]).isEqualTo(virtual);
    }

    @Test
    void sockOpsSeesAConnectionLiveAndDie() {
        List<String> seen = new ArrayList<>();
        host.hooks()
                .attach(
                        new SockOps() {
                            @Override
                            public void tcpListen(HookSocket sock) {
                                seen.add("listen");
                            }

                            @Override
                            public void tcpConnect(HookSocket sock) {
                                seen.add("connect");
                            }

                            @Override
                            public void activeEstablished(HookSocket sock) {
                                seen.add("active established");
                            }

                            @Override
                            public void passiveEstablished(HookSocket sock) {
                                seen.add("passive established " + sock.local());
                            }

                            @Override
                            public void state(HookSocket sock, TcpState from, TcpState to) {
                                seen.add(from + " " + to);
                            }
                        });
        int listener = listener(80);
        int client = stream();
        task.connect(client, new SockAddrIn(80, LOOPBACK));
        int server = task.accept(listener);
        task.close(client);
        task.close(server);
        assertThat(seen)
                .containsExactly(
                        "TCP_CLOSE TCP_LISTEN",
                        "listen",
                        "TCP_CLOSE TCP_SYN_SENT",
                        "connect",
                        "TCP_SYN_SENT TCP_ESTABLISHED",
                        "active established",
                        "passive established " + new SockAddrIn(80, LOOPBACK),
                        "TCP_SYN_RECV TCP_ESTABLISHED",
                        "TCP_ESTABLISHED TCP_FIN_WAIT1",
                        "TCP_ESTABLISHED TCP_CLOSE_WAIT",
                        "TCP_CLOSE_WAIT TCP_LAST_ACK",
                        "TCP_FIN_WAIT1 TCP_FIN_WAIT2",
                        "TCP_FIN_WAIT2 TCP_CLOSE",
                        "TCP_LAST_ACK TCP_CLOSE");
    }

    @Test
    void sockOpsSetsTheFirstTimeoutAndHearsOfRetransmissions() {
        List<String> seen = new ArrayList<>();
        host.setSysctl("net.ipv4.tcp_syn_retries", "2");
        host.setSysctl("net.ipv4.tcp_syn_linear_timeouts", "0");
        Guard guard = new Guard();
        guard.refused = "conn_request";
        host.hooks().attach(guard);
        host.hooks()
                .attach(
                        new SockOps() {
                            @Override
                            public int timeoutInit(HookSocket sock) {
                                return 100;
                            }

                            @Override
                            public void rto(HookSocket sock, int rtoMs, int retransmits) {
                                seen.add("rto " + rtoMs + " " + retransmits);
                            }

                            @Override
                            public void retransmit(
                                    HookSocket sock, int seq, int segments, int error) {
                                seen.add("retransmit " + segments + " " + error);
                            }
                        });
        listener(80);
        assertThat(task.connect(stream(), new SockAddrIn(80, LOOPBACK)))
                .isEqualTo(-Errno.ETIMEDOUT);
        assertThat(seen)
                .containsExactly(
                        "rto 100 0", "retransmit 1 0", "rto 200 1", "retransmit 1 0", "rto 400 2");
    }
}
