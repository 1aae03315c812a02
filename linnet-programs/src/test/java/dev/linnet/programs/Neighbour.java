package dev.linnet.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.linnet.host.Cidr;
import dev.linnet.host.HostCapabilities;
import dev.linnet.host.HostNamespace;
import dev.linnet.host.TunConfig;
import dev.linnet.host.TunDevice;
import dev.linnet.jvm.JvmHost;
import dev.linnet.tun.Tun;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The real machine as the neighbour of the JVM's host: a network namespace of the test's own, joined to Linnet by a
/// TUN device, in which the machine's servers run.
///
/// Part of the tests' set-up: what a program knows of it is an address.
final class Neighbour {
    private static final String DEVICE = "linnet0";
    private static final int MTU = 1500;

    private final List<Process> servers = new ArrayList<>();
    private final Path dir;
    private final @Nullable HostNamespace namespace;
    private final @Nullable Tun tun;

    private Neighbour(Path dir, @Nullable HostNamespace namespace, @Nullable Tun tun) {
        this.dir = dir;
        this.namespace = namespace;
        this.tun = tun;
    }

    /// Makes the namespace and joins it; skips the test, with the reason, where that cannot be done.
    static Neighbour join() throws Exception {
        Path dir = directory();
        JvmHost jvm = JvmHost.current();
        if (jvm == null) {
            return new Neighbour(dir, null, null);
        }
        assumeTrue(HostCapabilities.canUseTun(), HostCapabilities.tun().reason());
        assumeTrue(HostCapabilities.canUseNamespaces(), HostCapabilities.namespaces().reason());
        HostNamespace namespace = HostNamespace.create();
        TunDevice device = namespace.call(() -> TunDevice.open(TunConfig.tun(DEVICE)));
        device.link().setMtu(MTU);
        device.link().setTxQueueLength(10_000);
        device.link().up();
        device.link().addAddress(Cidr.parse("10.77.0.1/24"));
        Tun tun = Tun.attach(jvm.host(), DEVICE, device, MTU);
        jvm.host().addAddress(DEVICE, "10.77.0.2/24");
        return new Neighbour(dir, namespace, tun);
    }

    /// Skips the test if there is no such program; a name or a pattern of its directory.
    static Path program(String name, String glob) throws IOException {
        Optional<Path> found = find(name, glob);
        assumeTrue(found.isPresent(), name + " is not installed (looked in " + glob + "): skipped");
        return found.get();
    }

    private static Optional<Path> find(String name, String glob) throws IOException {
        int star = glob.indexOf("*");
        if (star < 0) {
            return Optional.of(Path.of(glob, name)).filter(Files::isExecutable);
        }
        Path parent = Path.of(glob.substring(0, star));
        if (!Files.isDirectory(parent)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(parent)) {
            return versions.map(dir -> Path.of(dir + glob.substring(star + 1), name))
                    .filter(Files::isExecutable)
                    .max(Comparator.naturalOrder());
        }
    }

    /// A directory that belongs to whom the servers run as.
    private static Path directory() throws IOException {
        Path dir = Files.createTempDirectory("neighbour");
        Files.setOwner(
                dir,
                isRoot()
                        ? dir.getFileSystem()
                                .getUserPrincipalLookupService()
                                .lookupPrincipalByName("nobody")
                        : Files.getOwner(dir));
        return dir;
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    /// Where the servers have their files.
    Path dir() {
        return dir;
    }

    /// Its address, as the JVM sees it.
    String address() {
        return tun == null ? "127.0.0.1" : "10.77.0.1";
    }

    /// Starts a server and waits until it says that it is ready.
    Process serve(String ready, String... command) throws Exception {
        Process server = start(command);
        servers.add(server);
        StringBuilder said = new StringBuilder();
        var out = server.inputReader(StandardCharsets.UTF_8);
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            said.append(line).append('\n');
            if (line.contains(ready)) {
                Thread.ofPlatform().daemon().start(() -> listen(out));
                return server;
            }
        }
        throw new AssertionError(command[0] + " ended: " + said);
    }

    /// So that a server can say what it likes.
    private static void listen(Reader out) {
        try {
            out.transferTo(Writer.nullWriter());
        } catch (IOException e) {
            // the process has ended
        }
    }

    /// Runs a program that ends.
    void run(String... command) throws Exception {
        Process process = start(command);
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    /// Servers need no rights, and PostgreSQL refuses to have root's.
    private Process start(String... command) throws IOException {
        List<String> words = new ArrayList<>();
        if (isRoot()) {
            words.addAll(List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"));
        }
        words.addAll(Arrays.asList(command));
        ProcessBuilder program =
                new ProcessBuilder(words).directory(dir.toFile()).redirectErrorStream(true);
        return namespace == null ? program.start() : namespace.start(program);
    }

    /// Ends a server at once, as when its machine loses power; its port is free then.
    static void kill(Process server) throws InterruptedException {
        server.destroyForcibly();
        assertThat(server.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    /// Ends the servers and takes the namespace away.
    void close() throws Exception {
        for (Process server : servers) {
            server.destroy();
            if (!server.waitFor(10, TimeUnit.SECONDS)) {
                kill(server);
            }
        }
        if (tun != null) {
            tun.close();
        }
        if (namespace != null) {
            namespace.close();
        }
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
