package dev.linnet.cli.http;

import dev.linnet.stack.Task;

/// What a server sends as the body of an answer.
public interface Content {
    /// Bytes of the body.
    long length();

    /// `Content-Type`.
    String type();

    /// Sends `length` bytes from `offset`; true if all went.
    boolean send(Task task, int fd, long offset, long length);
}
