package dev.linnet.packetdrill.host;

import dev.linnet.packetdrill.target.TargetException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Runs the command lines of one script, each in a shell of its own.
///
/// One process waits for them from before the script starts, so that starting a shell in the middle
/// of it takes little time; it is also the parent whose number the scripts use for the names of
/// their files (`$PPID`, `PACKETDRILL_PID`), which therefore differ between scripts that run at the
/// same time. It lives in the namespace of the thread that makes it.
final class CommandShell implements AutoCloseable {
    /// The scripts are written for bash.
    private static final List<String> SHELLS = List.of("/bin/bash", "/usr/bin/bash", "/bin/sh");

    /// Ends the output of a command, before its status: a character that no command prints.
    private static final char MARK = '\u0001';

    /// Reads names of files with a command line in each.
    private static final String LOOP =
            """
            export PACKETDRILL_PID=$$
            while IFS= read -r file; do
                "$0" -c "$(cat "$file")" </dev/null 2>&1
                printf '\\001%d\\n' "$?"
            done
            """;

    private static final long EXIT_MILLIS = 1_000;

    private final Process process;
    private final BufferedWriter input;
    private final BufferedReader output;
    private final Path temporary;
    private final Path file;
    private final @Nullable EthtoolServer ethtool;

    CommandShell(Path directory) {
        String shell =
                SHELLS.stream()
                        .filter(path -> Files.isExecutable(Path.of(path)))
                        .findFirst()
                        .orElseThrow(() -> new TargetException("there is no shell: " + SHELLS));
        try {
            temporary = Files.createTempDirectory("packetdrill");
            file = temporary.resolve("command");
            ethtool = EthtoolServer.isInstalled() ? null : new EthtoolServer(temporary);
            String functions = ethtool == null ? "" : ethtool.function();
            process =
                    new ProcessBuilder(shell, "-c", functions + LOOP, shell)
                            .directory(directory.toFile())
                            .redirectErrorStream(true)
                            .start();
        } catch (IOException e) {
            throw new TargetException("cannot start a shell: " + e.getMessage(), e);
        }
        input =
                new BufferedWriter(
                        new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        output =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /// Runs a command line and returns its exit status.
    int run(String commandLine, Consumer<String> lines) {
        try {
            Files.writeString(file, commandLine);
            input.write(file + "\n");
            input.flush();
            while (true) {
                String line = output.readLine();
                if (line == null) {
                    throw new TargetException("the shell died");
                }
                int mark = line.indexOf(MARK);
                String text = mark < 0 ? line : line.substring(0, mark);
                if (!text.isEmpty()) {
                    lines.accept(text);
                }
                if (mark >= 0) {
                    return Integer.parseInt(line.substring(mark + 1));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            input.close();
            if (!process.waitFor(EXIT_MILLIS, TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
            output.close();
            if (ethtool != null) {
                ethtool.close();
            }
            Files.deleteIfExists(file);
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
