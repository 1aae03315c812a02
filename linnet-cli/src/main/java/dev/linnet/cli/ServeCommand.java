package dev.linnet.cli;

import dev.linnet.cli.http.Content;
import dev.linnet.cli.http.FileContent;
import dev.linnet.cli.http.HttpServer;
import dev.linnet.host.HostCapabilities;
import dev.linnet.host.HostException;
import dev.linnet.host.TunConfig;
import dev.linnet.host.TunDevice;
import dev.linnet.stack.Capture;
import dev.linnet.stack.Host;
import dev.linnet.stack.Stack;
import dev.linnet.stack.Task;
import dev.linnet.tun.Tun;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.uapi.SockAddrIn6;
import dev.linnet.wire.Cidr;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `linnet serve`.
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "A web server for a directory, on the stack, reachable from this machine over a TUN device.",
            "Needs root (CAP_NET_ADMIN). Ctrl-C ends it.",
            "",
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields before the command runs
final class ServeCommand implements Callable<Integer> {
    /// How long answers that are being given may take when the server ends.
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(1);

    @Spec private CommandSpec spec;

    @Option(
            names = "--tun",
            paramLabel = "NAME",
            required = true,
            description = "Name of the TUN device to create, for example linnet0.")
    private String tun;

    @Option(
            names = "--address",
            paramLabel = "CIDR",
            required = true,
            split = ",",
            description =
                    "The server's address, IPv4 or IPv6; several with commas: 10.9.0.1/24,fd00:9::1/64.")
    private String[] addresses;

    @Option(
            names = "--host-address",
            paramLabel = "CIDR",
            split = ",",
            description =
                    "This machine's side of the device (the first other address of the subnet).")
    private String @Nullable [] hostAddresses;

    @Option(names = "--dir", paramLabel = "DIR", required = true, description = "What to serve.")
    private Path dir;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "80",
            description = "Port to listen on (${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--mtu",
            paramLabel = "BYTES",
            defaultValue = "1500",
            description = "MTU of the device (${DEFAULT-VALUE}).")
    private int mtu;

    @Option(
            names = "--pcap",
            paramLabel = "FILE",
            description = "Capture the device's packets to a pcapng file.")
    private @Nullable Path pcap;

    @Override
    public Integer call() throws IOException {
        check();
        try (Stack stack = Stack.create()) {
            Host host = stack.newHost("linnet");
            try (TunDevice device = openTun();
                    Tun attached = Tun.attach(host, tun, device, mtu)) {
                configure(host, device, attached.device().name);
                Capture capture = pcap == null ? null : Capture.open(pcap).add(host, tun);
                serve(stack, host);
                if (capture != null) {
                    capture.close();
                }
            }
        }
        return 0;
    }

    private void check() {
        if (!Files.isDirectory(dir)) {
            throw usage("--dir: " + dir + " is not a directory");
        }
        if (port < 1 || port > 65535) {
            throw usage("--port must be between 1 and 65535");
        }
        if (mtu < 1280 || mtu > 65535) {
            throw usage("--mtu must be between 1280 and 65535");
        }
        if (hostAddresses != null && hostAddresses.length != addresses.length) {
            throw usage("--host-address needs one address for each --address");
        }
        for (String address : addresses) {
            parse("--address", address);
        }
        if (hostAddresses != null) {
            for (String address : hostAddresses) {
                parse("--host-address", address);
            }
        }
    }

    private Cidr parse(String option, String text) {
        try {
            Cidr cidr = Cidr.parse(text);
            int longest = cidr.isV4() ? 30 : 126;
            if (!text.contains("/") || cidr.prefixLen() > longest) {
                throw usage(
                        option
                                + ": "
                                + text
                                + " leaves no room for two addresses; give a subnet such as 10.9.0.1/24");
            }
            return cidr;
        } catch (IllegalArgumentException e) {
            throw usage(option + ": " + e.getMessage());
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private TunDevice openTun() {
        if (!HostCapabilities.canUseTun()) {
            throw new CommandException(HostCapabilities.tun().reason());
        }
        try {
            return TunDevice.open(TunConfig.tun(tun));
        } catch (HostException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        } catch (IllegalArgumentException e) {
            throw usage("--tun: " + e.getMessage());
        }
    }

    private void configure(Host host, TunDevice device, String name) {
        try {
            device.link().setMtu(mtu);
            device.link().setTxQueueLength(10_000);
            device.link().up();
            for (int i = 0; i < addresses.length; i++) {
                host.addAddress(name, addresses[i]);
                String other =
                        hostAddresses != null
                                ? hostAddresses[i]
                                : firstOther(parse("--address", addresses[i]));
                device.link().addAddress(dev.linnet.host.Cidr.parse(other));
            }
        } catch (HostException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
    }

    /// The first address of the subnet that is not the server's.
    static String firstOther(Cidr server) {
        Cidr network = server.network();
        long first = network.lo() + 1;
        long lo = first == server.lo() ? first + 1 : first;
        return server.isV4()
                ? Cidr.ofV4((int) lo, server.prefixLen()).toString()
                : Cidr.ofV6(network.hi(), lo, server.prefixLen()).toString();
    }

    private void serve(Stack stack, Host host) {
        Task task = host.newTask("httpd");
        boolean v6 = false;
        for (String address : addresses) {
            v6 |= !parse("--address", address).isV4();
        }
        SockAddr any = v6 ? new SockAddrIn6(port, 0, 0) : new SockAddrIn(port, 0);
        HttpServer server = HttpServer.start(stack, task, any, this::find);
        spec.commandLine()
                .getOut()
                .printf(
                        Locale.ROOT,
                        "Serving %s at %s (Ctrl-C ends it)%n",
                        dir.toAbsolutePath().normalize(),
                        urls());
        spec.commandLine().getOut().flush();
        awaitEnd();
        finishAnswers(server);
        spec.commandLine()
                .getOut()
                .printf(
                        Locale.ROOT,
                        "%n%,d requests, %,d bytes%n",
                        server.requests(),
                        server.bytes());
        spec.commandLine().getOut().flush();
    }

    private static void finishAnswers(HttpServer server) {
        try {
            server.awaitAnswers(LAST_ANSWERS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String urls() {
        StringBuilder urls = new StringBuilder();
        for (String address : addresses) {
            String host = address.substring(0, address.indexOf('/'));
            urls.append(urls.isEmpty() ? "" : " ")
                    .append("http://")
                    .append(host.contains(":") ? "[" + host + "]" : host)
                    .append(port == 80 ? "" : ":" + port)
                    .append('/');
        }
        return urls.toString();
    }

    /// Waits for Ctrl-C (or a termination signal); the JVM ends after the clean-up here.
    private static void awaitEnd() {
        CountDownLatch ended = new CountDownLatch(1);
        Thread main = Thread.currentThread();
        Thread hook =
                new Thread(
                        () -> {
                            ended.countDown();
                            joinQuietly(main);
                        });
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void joinQuietly(Thread main) {
        try {
            main.join(5000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The file of a request's path, or a listing of a directory; null for what is not below the
    /// served directory.
    private @Nullable Content find(String uri) {
        int query = uri.indexOf('?');
        String raw = query < 0 ? uri : uri.substring(0, query);
        String path;
        try {
            path = URLDecoder.decode(raw, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
        try {
            Path root = dir.toRealPath();
            Path file = root.resolve("." + path).normalize();
            if (!file.startsWith(root) || !Files.exists(file)) {
                return null;
            }
            Path real = file.toRealPath();
            if (!real.startsWith(root)) {
                return null;
            }
            return Files.isDirectory(real)
                    ? DirectoryListing.of(root, real)
                    : new FileContent(real, Files.size(real));
        } catch (IOException e) {
            return null;
        }
    }
}
