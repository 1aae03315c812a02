package dev.linnet.packetdrill.host;

import dev.linnet.host.HostSyscalls;
import dev.linnet.host.NativeMemory;
import dev.linnet.packetdrill.target.TargetException;
import java.io.BufferedReader;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// Stands in for the program `ethtool` where the host has none: a function of the shell asks
/// through one pipe in the file system and reads the answer from another. It answers in the
/// namespace of the thread that makes it.
final class EthtoolServer implements AutoCloseable {
    private static final int MKNOD = 133;
    private static final int S_IFIFO = 0x1000;
    private static final int OWNER_ONLY = 0600;
    private static final String QUIT = "quit";

    private final RandomAccessFile requests;
    private final RandomAccessFile answers;
    private final Path directory;

    /// @param directory where the two pipes are made
    EthtoolServer(Path directory) {
        this.directory = directory;
        requests = pipe("ethtool.request");
        answers = pipe("ethtool.answer");
        Thread.ofPlatform().daemon().name("packetdrill-ethtool").start(this::serve);
    }

    /// True if this host has the program itself.
    static boolean isInstalled() {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/sbin";
        return Arrays.stream(path.split(File.pathSeparator))
                .anyMatch(dir -> !dir.isEmpty() && Files.isExecutable(Path.of(dir, "ethtool")));
    }

    /// What the shell must know to ask this server.
    String function() {
        return """
        ethtool() {
            printf '%s\\n' "$*" > 'DIRECTORY/ethtool.request'
            IFS= read -r packetdrill_answer < 'DIRECTORY/ethtool.answer'
            [ -z "$packetdrill_answer" ] || { echo "ethtool: $packetdrill_answer" >&2; return 1; }
        }
        export -f ethtool
        """
                .replace("DIRECTORY", directory.toString());
    }

    /// Open for both reading and writing, a pipe does not make its opener wait for the other end.
    private RandomAccessFile pipe(String name) {
        Path path = directory.resolve(name);
        try (NativeMemory memory = new NativeMemory()) {
            long result =
                    HostSyscalls.syscall(
                            MKNOD, memory.allocate(path.toString()), S_IFIFO | OWNER_ONLY, 0);
            if (result < 0) {
                throw new TargetException("cannot make the pipe " + path + ": errno " + -result);
            }
            return new RandomAccessFile(path.toFile(), "rw");
        } catch (IOException e) {
            throw new TargetException("cannot open the pipe " + path, e);
        }
    }

    private void serve() {
        // Not closed here: the reader would take the pipe with it. A stream, not the channel:
        // readers
        // take file channels for files, which never keep one waiting, and read on after a line.
        try {
            var lines =
                    new BufferedReader(
                            new InputStreamReader(
                                    new FileInputStream(requests.getFD()), StandardCharsets.UTF_8));
            for (String line = lines.readLine();
                    line != null && !line.equals(QUIT);
                    line = lines.readLine()) {
                answers.write((Ethtool.run(line) + "\n").getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException _) {
            // Closed.
        }
    }

    @Override
    public void close() {
        try {
            requests.write((QUIT + "\n").getBytes(StandardCharsets.UTF_8));
            requests.close();
            answers.close();
            Files.deleteIfExists(directory.resolve("ethtool.request"));
            Files.deleteIfExists(directory.resolve("ethtool.answer"));
        } catch (IOException e) {
            throw new TargetException("cannot remove the pipes of ethtool", e);
        }
    }
}
