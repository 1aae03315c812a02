package dev.linnet.examples;

import dev.linnet.hook.AddressContext;
import dev.linnet.hook.CgroupHooks;
import dev.linnet.hook.HookSocket;
import dev.linnet.hook.SecurityHooks;
import dev.linnet.stack.Host;
import dev.linnet.stack.Stack;
import dev.linnet.stack.Task;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SocketType;

/// A connection to a virtual address is led to another, and a security module lets nobody listen on
/// port 23.
public final class ServiceMesh {
    private static final SockAddr VIRTUAL = SockAddr.parse("10.1.1.1:80");
    private static final SockAddr REAL = SockAddr.parse("127.0.0.1:8080");
    private static final SockAddr TELNET = SockAddr.parse("127.0.0.1:23");

    public static void main(String[] args) {
        try (Stack stack = Stack.virtual(7)) {
            Host host = stack.newHost("host");
            host.hooks().attach(new Redirect());
            host.hooks().attach(new NoTelnet());

            Task server = host.newTask("server");
            int listener = server.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
            server.bind(listener, REAL);
            server.listen(listener, 16);

            Task client = host.newTask("client");
            int fd = client.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
            System.out.println("connect: " + client.connect(fd, VIRTUAL));
            SockAddr[] peer = new SockAddr[1];
            client.getpeername(fd, peer);
            System.out.println("peer: " + peer[0]);

            int telnet = server.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
            System.out.println("bind to 23: -" + Errno.name(-server.bind(telnet, TELNET)));
        }
    }

    /// As a program of a cgroup: the address is another before `connect` looks at it.
    private static final class Redirect extends CgroupHooks {
        @Override
        public int connect(HookSocket sock, AddressContext context) {
            if (context.address().equals(VIRTUAL)) {
                context.address(REAL);
            }
            return 0;
        }
    }

    /// As a security module.
    private static final class NoTelnet extends SecurityHooks {
        @Override
        public int socketBind(HookSocket sock, SockAddr address) {
            return address.equals(TELNET) ? -Errno.EACCES : 0;
        }
    }
}
