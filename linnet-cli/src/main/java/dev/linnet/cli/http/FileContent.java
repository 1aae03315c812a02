package dev.linnet.cli.http;

import dev.linnet.stack.Task;
import java.net.URLConnection;
import java.nio.file.Path;

/// A file of the machine, sent with `sendfile`.
public record FileContent(Path path, long length) implements Content {
    @Override
    public String type() {
        String guess = URLConnection.guessContentTypeFromName(path.toString());
        return guess != null ? guess : "application/octet-stream";
    }

    @Override
    public boolean send(Task task, int fd, long offset, long count) {
        int file = task.openHostFile(path);
        if (file < 0) {
            return false;
        }
        long[] position = {offset};
        long left = count;
        while (left > 0) {
            long n = task.sendfile(fd, file, position, left);
            if (n <= 0) {
                break;
            }
            left -= n;
        }
        task.close(file);
        return left == 0;
    }
}
