package dev.linnet.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A JVM that runs the cases, in a network namespace of its own.
final class Jvm {
    /// The kernel's side: loopback, and 10.0.0.1/24 on an interface of its own, as a network of Linnet's has by
    /// default.
    private static final String KERNEL_NETWORK =
            "ip link set lo up && ip link add eth0 type veth peer name eth0p && ip addr add 10.0.0.1/24 brd + dev eth0"
                    + " && ip link set eth0 up && ip link set eth0p up"
                    + " && echo reno >/proc/sys/net/ipv4/tcp_congestion_control && exec \"$@\"";

    /// Linnet's side: not even loopback is up, so that nothing can work that uses the kernel's network.
    private static final String NO_NETWORK = "exec \"$@\"";

    private static final long LIMIT_S = 240;

    private final Process process;
    private final Path outcomes;
    private final Path log;

    private Jvm(Process process, Path outcomes, Path log) {
        this.process = process;
        this.outcomes = outcomes;
        this.log = log;
    }

    /// How a namespace is made here: as root, else as root of a user namespace; null if neither may be.
    static List<String> namespace() throws IOException, InterruptedException {
        for (List<String> way : List.of(List.of("unshare", "-n"), List.of("unshare", "-rn"))) {
            List<String> command = new ArrayList<>(way);
            command.addAll(List.of("sh", "-c", KERNEL_NETWORK, "sh", "true"));
            try {
                Process p =
                        new ProcessBuilder(command)
                                .redirectErrorStream(true)
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .start();
                if (p.waitFor() == 0) {
                    return way;
                }
            } catch (IOException e) {
                return null; // there is no such program
            }
        }
        return null;
    }

    /// The default providers, on the kernel's loopback.
    static Jvm onKernel(List<String> namespace, List<String> options, String cases)
            throws IOException {
        return start("kernel", namespace, KERNEL_NETWORK, options, cases);
    }

    /// The same under the agent.
    static Jvm onLinnet(List<String> namespace, List<String> options, Path agent, String cases)
            throws IOException {
        List<String> all = new ArrayList<>(options);
        all.add("-javaagent:" + agent);
        return start("linnet", namespace, NO_NETWORK, all, cases);
    }

    private static Jvm start(
            String name, List<String> namespace, String network, List<String> options, String cases)
            throws IOException {
        Path outcomes = Files.createTempFile(name, ".outcomes");
        Path log = Files.createTempFile(name, ".log");
        List<String> command = new ArrayList<>(namespace);
        command.addAll(List.of("sh", "-c", network, "sh"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(
                List.of(
                        "-cp",
                        classes().toString(),
                        Runner.class.getName(),
                        outcomes.toString(),
                        cases));
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        return new Jvm(process, outcomes, log);
    }

    /// Where this class is: the cases need nothing else.
    private static Path classes() {
        try {
            return Path.of(Jvm.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (java.net.URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Waits for its end; the outcomes by case.
    Map<String, String> outcomes() throws IOException, InterruptedException {
        if (!process.waitFor(LIMIT_S, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new IOException("the JVM did not end: " + Files.readString(log));
        }
        if (process.exitValue() != 0) {
            throw new IOException(
                    "the JVM ended with " + process.exitValue() + ": " + Files.readString(log));
        }
        Map<String, String> all = new LinkedHashMap<>();
        for (String line : Files.readAllLines(outcomes)) {
            int at = line.indexOf(" | ");
            all.put(line.substring(0, at), line.substring(at + 3));
        }
        Files.delete(outcomes);
        Files.delete(log);
        return all;
    }
}
