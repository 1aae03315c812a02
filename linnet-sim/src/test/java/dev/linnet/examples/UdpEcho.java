package dev.linnet.examples;

import dev.linnet.stack.Host;
import dev.linnet.stack.Stack;
import dev.linnet.stack.Task;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SocketType;
import java.nio.ByteBuffer;

/// UDP over the loopback device of one host; no other thread is needed.
public final class UdpEcho {
    public static void main(String[] args) {
        try (Stack stack = Stack.virtual(7)) {
            Host host = stack.newHost("host");
            Task task = host.newTask("udp");
            int a = task.socket(Af.AF_INET, SocketType.SOCK_DGRAM, 0);
            int b = task.socket(Af.AF_INET, SocketType.SOCK_DGRAM, 0);
            task.bind(a, SockAddr.parse("127.0.0.1:5000"));
            task.bind(b, SockAddr.parse("127.0.0.1:6000"));

            ByteBuffer data = ByteBuffer.wrap("a datagram".getBytes());
            System.out.println(
                    "sent: " + task.sendto(a, data, 0, SockAddr.parse("127.0.0.1:6000")));
            SockAddr[] from = new SockAddr[1];
            int n = task.recvfrom(b, ByteBuffer.allocate(100), 0, from);
            System.out.println("received: " + n + " from " + from[0]);

            int empty = task.recv(b, ByteBuffer.allocate(100), Msg.MSG_DONTWAIT);
            System.out.println("once more: -" + Errno.name(-empty));

            // Nobody has port 7000: ICMP says so, and the next call on the socket reports it.
            task.connect(a, SockAddr.parse("127.0.0.1:7000"));
            task.send(a, data, 0);
            System.out.println("refused: -" + Errno.name(-task.send(a, data, 0)));
        }
    }
}
