package dev.linnet.examples;

import dev.linnet.stack.Stack;
import dev.linnet.stack.Task;
import dev.linnet.uapi.PollEvents;
import dev.linnet.uapi.PollFd;
import java.nio.ByteBuffer;

/// `poll` on a pipe: an hour without an event, then one. The hour costs no time.
public final class PollTimeout {
    public static void main(String[] args) {
        try (Stack stack = Stack.virtual(7)) {
            Task task = stack.newHost("host").newTask("task");
            int[] pipe = new int[2];
            task.pipe2(pipe, 0);
            PollFd[] fds = {new PollFd(pipe[0], PollEvents.POLLIN)};

            long start = stack.nowNs();
            System.out.println("ready: " + task.poll(fds, 3_600_000));
            System.out.println("after " + (stack.nowNs() - start) / 1_000_000_000 + " s");

            stack.start(
                    "writer",
                    () -> {
                        stack.sleep(5_000_000_000L);
                        task.write(pipe[1], ByteBuffer.wrap(new byte[1]));
                    });
            start = stack.nowNs();
            System.out.println("ready: " + task.poll(fds, -1));
            System.out.println("after " + (stack.nowNs() - start) / 1_000_000_000 + " s");
        }
    }
}
