package dev.linnet.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/// The programs of `src/main/plain`, which know nothing of Linnet, compiled, and the two ways to run them: on the
/// machine's own network, and on Linnet by its agent.
final class PlainPrograms implements AutoCloseable {
    /// Where to find what is measured, from the root of a checkout.
    private static final Path SOURCES = Path.of("linnet-bench/src/main/plain");

    private final Path classes;
    private final Path agent;

    /// Compiles the programs.
    ///
    /// @param agent the agent's jar
    PlainPrograms(Path agent) throws IOException {
        if (!Files.isRegularFile(agent) || !Files.isDirectory(SOURCES)) {
            throw new IOException("run this in the root of a checkout, built: no " + agent);
        }
        this.agent = agent;
        classes = Files.createTempDirectory("linnet-bench");
        List<String> arguments = new ArrayList<>(List.of("-d", classes.toString()));
        try (Stream<Path> files = Files.list(SOURCES)) {
            files.map(Path::toString).sorted().forEach(arguments::add);
        }
        ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
        if (javac.run(System.out, System.err, arguments.toArray(new String[0])) != 0) {
            throw new IOException("the programs do not compile");
        }
    }

    /// The command that runs a program.
    ///
    /// @param linnet on Linnet, else on the machine's network
    /// @param program options of the JVM, the class, its arguments
    List<String> command(boolean linnet, List<String> program) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (linnet) {
            command.add("-javaagent:" + agent);
        }
        command.addAll(List.of("-cp", classes.toString()));
        command.addAll(program);
        return command;
    }

    /// Runs a command to its end, in the namespace of the calling thread; what it printed.
    static String run(List<String> command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed: " + output);
        }
        return output;
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.list(classes)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(classes);
    }
}
