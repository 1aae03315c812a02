package dev.linnet.examples;

import dev.linnet.sim.LinkConfig;
import dev.linnet.sim.Switch;
import dev.linnet.stack.Capture;
import dev.linnet.stack.Host;
import dev.linnet.stack.Stack;
import dev.linnet.stack.Task;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.So;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.Sol;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// Three hosts on a switch; a broadcast; the last packets are kept in memory, and written when they are wanted.
public final class LastPackets {
    public static void main(String[] args) throws IOException {
        try (Stack stack = Stack.virtual(7);
                Capture capture = Capture.recent(1 << 20)) {
            Switch lan = new Switch(LinkConfig.parse("delay=1ms"), 7);
            Task[] tasks = new Task[3];
            for (int i = 0; i < tasks.length; i++) {
                Host host = stack.newHost("host" + i);
                lan.connect(host, "eth0");
                host.addAddress("eth0", "10.0.0." + (i + 1) + "/24");
                capture.add(host, "eth0");
                tasks[i] = host.newTask("chat");
            }

            int[] fds = new int[3];
            for (int i = 0; i < fds.length; i++) {
                fds[i] = tasks[i].socket(Af.AF_INET, SocketType.SOCK_DGRAM, 0);
                tasks[i].bind(fds[i], SockAddr.parse("0.0.0.0:9000"));
            }
            tasks[0].setsockopt(fds[0], Sol.SOL_SOCKET, So.SO_BROADCAST, 1);
            ByteBuffer hello = ByteBuffer.wrap("hello all".getBytes());
            tasks[0].sendto(fds[0], hello, 0, SockAddr.parse("10.0.0.255:9000"));
            for (int i = 1; i < fds.length; i++) {
                ByteBuffer heard = ByteBuffer.allocate(100);
                int n = tasks[i].read(fds[i], heard);
                System.out.println("host" + i + " heard: " + new String(heard.array(), 0, n));
            }

            capture.save(Path.of(args[0]));
            System.out.println("captured: " + capture.recentPackets());
        }
    }
}
