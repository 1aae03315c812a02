package dev.linnet.jvm.agent;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A JVM of its own that runs one of the programs in `programs`, with `linnet.jar`, in bounded time.
final class AgentJvm {
    private static final long SECONDS = 60;

    /// What a program wrote, and how it ended.
    record Ran(int status, String out, String err) {
        List<String> lines() {
            return out.lines().toList();
        }
    }

    /// What is behind `linnet.jar=`, empty for nothing.
    private String options = "";

    private boolean agent = true;
    private String input = "";
    private final List<String> wrapper = new ArrayList<>();
    private final List<String> flags = new ArrayList<>();

    static AgentJvm jvm() {
        return new AgentJvm();
    }

    AgentJvm options(String text) {
        options = text;
        return this;
    }

    AgentJvm withoutAgent() {
        agent = false;
        return this;
    }

    AgentJvm input(String text) {
        input = text;
        return this;
    }

    /// What stands in front of `java`.
    AgentJvm in(String... command) {
        wrapper.addAll(List.of(command));
        return this;
    }

    AgentJvm flag(String... all) {
        flags.addAll(List.of(all));
        return this;
    }

    /// The command that runs a program.
    List<String> command(Class<?> program, String... args) {
        List<String> command = new ArrayList<>(wrapper);
        command.add(java());
        if (agent) {
            command.add("-javaagent:" + jar() + (options.isEmpty() ? "" : "=" + options));
        }
        command.addAll(flags);
        command.addAll(List.of("-cp", pathOf(AgentJvm.class).toString(), program.getName()));
        command.addAll(List.of(args));
        return command;
    }

    Ran run(Class<?> program, String... args) throws IOException, InterruptedException {
        return run(new ProcessBuilder(command(program, args)), input);
    }

    /// Runs any command.
    static Ran run(ProcessBuilder builder, String input) throws IOException, InterruptedException {
        Process process = builder.start();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Thread reader = Thread.ofVirtual().start(() -> copy(process.getInputStream(), out));
        Thread errors = Thread.ofVirtual().start(() -> copy(process.getErrorStream(), err));
        process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(
                    builder.command() + " still runs after " + SECONDS + " s: " + out + err);
        }
        reader.join();
        errors.join();
        return new Ran(
                process.exitValue(),
                out.toString(StandardCharsets.UTF_8),
                err.toString(StandardCharsets.UTF_8));
    }

    private static void copy(InputStream from, ByteArrayOutputStream to) {
        try (from) {
            from.transferTo(to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static Path pathOf(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /// `linnet.jar`: Maven's, or one of these classes if something else runs the tests.
    static Path jar() {
        return Jar.FILE;
    }

    private static final class Jar {
        static final Path FILE = find();

        private static Path find() {
            Path classes = pathOf(Agent.class);
            Path built = classes.resolveSibling("linnet.jar");
            return Files.exists(built) ? built : build(classes);
        }

        private static Path build(Path classes) {
            try {
                Path file = Files.createTempDirectory("linnet-agent").resolve("linnet.jar");
                file.toFile().deleteOnExit();
                file.getParent().toFile().deleteOnExit();
                List<String> command = new ArrayList<>(List.of(java()));
                command.add(Path.of("src/build/AgentJar.java").toAbsolutePath().toString());
                command.add(file.toString());
                command.add(Path.of("src/internal").toAbsolutePath().toString());
                command.add(classes.toString());
                Ran ran = AgentJvm.run(new ProcessBuilder(command), "");
                if (ran.status != 0) {
                    throw new IllegalStateException("linnet.jar could not be made: " + ran);
                }
                return file;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
