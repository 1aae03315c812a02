package dev.linnet.kernel.sysctl;

import dev.linnet.uapi.Errno;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/// A fresh network namespace of the machine that runs the tests, through a child process that lives in
/// it. Nothing outside the namespace is touched; it ends with the child.
public final class HostNamespace implements AutoCloseable {
    private final Process child;
    private final BufferedReader answers;
    private final BufferedWriter commands;

    private HostNamespace(Process child) {
        this.child = child;
        this.answers = child.inputReader(StandardCharsets.UTF_8);
        this.commands =
                new BufferedWriter(
                        new OutputStreamWriter(child.getOutputStream(), StandardCharsets.UTF_8));
    }

    /// Opens a namespace, or skips the test with the reason where that is impossible: it takes Linux
    /// 6.18, root, and the program `unshare`.
    public static HostNamespace openOrSkip() {
        String release = System.getProperty("os.name") + " " + System.getProperty("os.version");
        Assumptions.assumeTrue(
                release.startsWith("Linux 6.18"), "skipped: needs Linux 6.18, this is " + release);
        Assumptions.assumeTrue(
                "root".equals(System.getProperty("user.name")),
                "skipped: needs root for a network namespace");
        Assumptions.assumeTrue(
                hasProgram("unshare"), "skipped: needs the program unshare (util-linux)");
        try {
            HostNamespace host = new HostNamespace(start());
            host.shell("ip link set lo up");
            return host;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean hasProgram(String name) {
        for (String dir : System.getenv("PATH").split(File.pathSeparator)) {
            if (new File(dir, name).canExecute()) {
                return true;
            }
        }
        return false;
    }

    private static Process start() throws IOException {
        Class<?> program = HostNamespaceChild.class;
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command =
                List.of(
                        "unshare",
                        "-n",
                        java,
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp");
        List<String> all = new ArrayList<>(command);
        all.add(directoryOf(program).toString());
        all.add(program.getName());
        return new ProcessBuilder(all).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static Path directoryOf(Class<?> type) {
        String name = type.getSimpleName() + ".class";
        try {
            Path file = Path.of(Objects.requireNonNull(type.getResource(name)).toURI());
            for (int i = type.getName().split("\\.").length; i > 0; i--) {
                file = Objects.requireNonNull(file.getParent());
            }
            return file;
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /// What became of a command: the text, or the errno.
    ///
    /// @param errno 0, or a negative errno
    /// @param text what was read, as it came
    public record Answer(int errno, String text) {}

    private synchronized Answer ask(String command) {
        try {
            commands.write(command);
            commands.newLine();
            commands.flush();
            String line = answers.readLine();
            if (line == null) {
                throw new IOException("the child ended");
            }
            String[] word = line.split("\t", -1);
            String text = HostNamespaceChild.unescape(word[1]);
            return word[0].equals("ok") ? new Answer(0, text) : new Answer(-number(text), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int number(String message) {
        for (int errno = 1; errno < 134; errno++) {
            if (Errno.message(errno).equals(message)) {
                return errno;
            }
        }
        throw new IllegalStateException("not the text of an errno: " + message);
    }

    /// Reads a file.
    public Answer read(String path) {
        return ask("read\t" + path);
    }

    /// Writes a text to a file with one `write`; 0 or a negative errno.
    public int write(String path, String text) {
        return ask("write\t" + path + "\t" + HostNamespaceChild.escape(text)).errno();
    }

    /// The files below a directory, one per line: permissions in octal, space, path.
    public List<String> list(String directory) {
        return ask("list\t" + directory).text().lines().toList();
    }

    /// Runs a command with the shell and returns its output.
    public String shell(String command) {
        return ask("shell\t" + command).text();
    }

    /// Makes some traffic over the loopback.
    public void traffic() {
        ask("traffic");
    }

    @Override
    public void close() {
        try {
            commands.close();
            if (!child.waitFor(10, TimeUnit.SECONDS)) {
                child.destroyForcibly();
            }
        } catch (IOException | InterruptedException e) {
            child.destroyForcibly();
        }
    }
}
