package dev.linnet.examples;

import dev.linnet.stack.Host;
import dev.linnet.stack.Mapping;
import dev.linnet.stack.Stack;
import dev.linnet.stack.Task;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.Mman;
import dev.linnet.uapi.Stat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/// A directory of the machine in a host's tree; a file of it is mapped, changed and read.
public final class SharedPage {
    public static void main(String[] args) throws IOException {
        Path directory = Path.of(args[0]);
        Files.writeString(directory.resolve("greeting"), "hello world");
        try (Stack stack = Stack.virtual(7)) {
            Host host = stack.newHost("host");
            host.mount(directory, "/mnt/data", false);
            Task task = host.newTask("task");

            int fd = task.open("/mnt/data/greeting", Fcntl.O_RDWR, 0);
            Mapping[] map = new Mapping[1];
            task.mmap(4096, Mman.PROT_READ | Mman.PROT_WRITE, Mman.MAP_SHARED, fd, 0, map);
            map[0].put(0, (byte) 'J');
            ByteBuffer buffer = ByteBuffer.allocate(100);
            int n = task.read(fd, buffer);
            System.out.println("read: " + new String(buffer.array(), 0, n));
            map[0].close();
            task.close(fd);

            Stat[] stat = new Stat[1];
            task.stat("/mnt/data/greeting", stat);
            System.out.println("size: " + stat[0].size());
        }
        System.out.println("kept: " + Files.readString(directory.resolve("greeting")));
    }
}
