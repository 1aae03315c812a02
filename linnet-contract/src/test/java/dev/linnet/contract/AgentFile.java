package dev.linnet.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The agent's jar, as the build of its module leaves it.
final class AgentFile {
    private static final Path MODULE = Path.of("..", "linnet-agent").toAbsolutePath().normalize();

    private AgentFile() {}

    /// The jar; where the module was compiled but not packaged, it is made now.
    static Path find() throws IOException, InterruptedException {
        Path built = MODULE.resolve("target/linnet.jar");
        return Files.exists(built) ? built : made();
    }

    private static Path made() throws IOException, InterruptedException {
        Path jar = Files.createTempDirectory("agent").resolve("linnet.jar");
        Process p =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                MODULE.resolve("src/build/AgentJar.java").toString(),
                                jar.toString(),
                                MODULE.resolve("src/internal").toString(),
                                classes().toString())
                        .inheritIO()
                        .start();
        if (p.waitFor() != 0) {
            throw new IOException("the agent's jar could not be made");
        }
        return jar;
    }

    private static Path classes() throws IOException {
        try {
            Class<?> agent = Class.forName("dev.linnet.jvm.agent.Agent");
            return Path.of(agent.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (ClassNotFoundException | java.net.URISyntaxException e) {
            throw new IOException("the agent's classes are not there", e);
        }
    }
}
