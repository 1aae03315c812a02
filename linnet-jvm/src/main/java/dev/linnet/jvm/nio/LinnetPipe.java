package dev.linnet.jvm.nio;

import dev.linnet.jvm.SocketFd;
import dev.linnet.stack.Task;
import dev.linnet.uapi.Errno;
import java.io.IOException;
import java.nio.channels.Pipe;
import java.nio.channels.spi.SelectorProvider;

/// A pipe of the stack.
final class LinnetPipe extends Pipe {
    private final SourceChannel source;
    private final SinkChannel sink;

    LinnetPipe(SelectorProvider provider, Task task) throws IOException {
        int[] fds = new int[2];
        int err = task.pipe2(fds, 0);
        if (err < 0) {
            throw new IOException(Errno.message(err));
        }
        source = new PipeSource(provider, new SocketFd(task, fds[0]));
        sink = new PipeSink(provider, new SocketFd(task, fds[1]));
    }

    @Override
    public SourceChannel source() {
        return source;
    }

    @Override
    public SinkChannel sink() {
        return sink;
    }
}
