package dev.linnet.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The descriptors of this process that the classes under test open: TUN devices, eventfds, sockets
/// and namespaces. The virtual machine's own files come and go as it loads classes.
final class OpenFiles {
    private OpenFiles() {}

    /// How many of each kind are open now.
    static Map<String, Integer> count() throws IOException {
        Map<String, Integer> counts = new TreeMap<>();
        try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
            fds.map(OpenFiles::kind)
                    .filter(kind -> !kind.isEmpty())
                    .forEach(kind -> counts.merge(kind, 1, Integer::sum));
        }
        return counts;
    }

    private static String kind(Path fd) {
        String target;
        try {
            target = Files.readSymbolicLink(fd).toString();
        } catch (IOException _) {
            return ""; // The descriptor of the listing itself.
        }
        for (String kind : new String[] {"/dev/net/tun", "eventfd", "socket:", "net:"}) {
            if (target.contains(kind)) {
                return kind;
            }
        }
        return "";
    }
}
