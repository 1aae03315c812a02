package dev.linnet.jvm.nio;

import dev.linnet.jvm.SocketFd;
import dev.linnet.uapi.PollEvents;
import java.nio.channels.SelectionKey;

/// A channel that a [LinnetSelector] can watch.
interface Pollable {
    /// The descriptor to watch.
    SocketFd fd();

    /// Which events of the stack (`POLL*`) tell that operations (`OP_*`) are possible.
    default int pollEvents(int ops) {
        int events = 0;
        if ((ops & (SelectionKey.OP_READ | SelectionKey.OP_ACCEPT)) != 0) {
            events |= PollEvents.POLLIN;
        }
        if ((ops & (SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT)) != 0) {
            events |= PollEvents.POLLOUT;
        }
        return events;
    }

    /// Which of the operations of interest the channel's state allows when these events have come; without an error or
    /// hang-up among them, which make all of them possible.
    int readyOps(int events, int interest);
}
