package dev.linnet.junit;

import dev.linnet.junit.TestNetwork.Joint;
import dev.linnet.sim.Link;
import dev.linnet.sim.LinkConfig;
import dev.linnet.sim.Switch;
import dev.linnet.stack.Capture;
import dev.linnet.stack.Host;
import dev.linnet.stack.Stack;
import dev.linnet.uapi.Errno;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/// Builds the network that a [LinnetNetwork] describes. Mistakes in it are `ExtensionConfigurationException`s that say
/// what is wrong.
final class NetworkPlan {
    private static final List<String> DEFAULT_HOSTS = List.of("client", "server");
    private static final int MAX_CAPTURE_MIB = 1024;

    /// A link with all defaults filled in.
    private record Wire(int number, List<String> between, String config, List<String> addresses) {}

    private final LinnetNetwork network;
    private final Map<String, @Nullable LinnetHost> hosts = new LinkedHashMap<>();
    private final List<Wire> wires = new ArrayList<>();

    /// Which hosts have their first interface on which link.
    private final Map<String, Wire> firstWires = new HashMap<>();

    private final Map<String, Host> made = new LinkedHashMap<>();
    private final Map<String, List<InetAddress>> addresses = new LinkedHashMap<>();

    private NetworkPlan(LinnetNetwork network) {
        this.network = network;
        readHosts();
        checkSettings();
        readLinks();
    }

    static TestNetwork build(LinnetNetwork network, long seed) {
        NetworkPlan plan = new NetworkPlan(network);
        Stack stack =
                network.time() == LinnetNetwork.Time.VIRTUAL
                        ? Stack.virtual(seed)
                        : Stack.create(seed);
        try {
            return plan.make(stack, seed);
        } catch (IllegalArgumentException e) {
            stack.close();
            throw new ExtensionConfigurationException("@LinnetNetwork: " + e.getMessage(), e);
        } catch (Throwable e) {
            stack.close();
            throw e;
        }
    }

    private static ExtensionConfigurationException wrong(String what) {
        return new ExtensionConfigurationException("@LinnetNetwork: " + what);
    }

    // ---- reading
    // ------------------------------------------------------------------------------------

    private void readHosts() {
        for (LinnetHost host : network.hosts()) {
            if (host.name().isBlank()) {
                throw wrong("a host has no name");
            }
            if (hosts.put(host.name(), host) != null) {
                throw wrong("there are two hosts " + host.name());
            }
        }
        if (hosts.isEmpty()) {
            for (LinnetLink link : network.links()) {
                Arrays.asList(link.between()).forEach(name -> hosts.put(name, null));
            }
        }
        if (hosts.isEmpty()) {
            DEFAULT_HOSTS.forEach(name -> hosts.put(name, null));
        }
    }

    private void checkSettings() {
        if (network.captureMiB() < 0 || network.captureMiB() > MAX_CAPTURE_MIB) {
            throw wrong("captureMiB is " + network.captureMiB() + ", not 0 to " + MAX_CAPTURE_MIB);
        }
        if (!network.on().isEmpty() && !hosts.containsKey(network.on())) {
            throw wrong(
                    "on: there is no host "
                            + network.on()
                            + ", only "
                            + String.join(", ", hosts.keySet()));
        }
    }

    private void readLinks() {
        if (network.links().length == 0 && hosts.size() > 1) { // one for all
            addWire(List.copyOf(hosts.keySet()), network.link(), List.of());
        }
        for (LinnetLink link : network.links()) {
            String config = link.config().isEmpty() ? network.link() : link.config();
            addWire(List.of(link.between()), config, List.of(link.addresses()));
        }
        for (String name : hosts.keySet()) {
            if (bringsAddress(name)) {
                throw wrong("host " + name + " has an address but no link to use it on");
            }
        }
    }

    private void addWire(List<String> between, String config, List<String> given) {
        String name = "the link between " + String.join(" and ", between);
        if (between.size() < 2 || new HashSet<>(between).size() < between.size()) {
            throw wrong(name + " must join two or more different hosts");
        }
        for (String host : between) {
            if (!hosts.containsKey(host)) {
                throw wrong(
                        name
                                + ": there is no host "
                                + host
                                + ", only "
                                + String.join(", ", hosts.keySet()));
            }
        }
        if (!given.isEmpty() && given.size() != between.size()) {
            throw wrong(
                    name + " has " + given.size() + " addresses for " + between.size() + " hosts");
        }
        List<String> onHosts = between.stream().filter(this::bringsAddress).toList();
        if (given.isEmpty() && !onHosts.isEmpty() && onHosts.size() < between.size()) {
            throw wrong(
                    name
                            + ": only "
                            + String.join(", ", onHosts)
                            + " has an address for it; give one to all hosts, or addresses to the link, or none");
        }
        List<String> all = given;
        if (given.isEmpty() && onHosts.isEmpty()) {
            all = between.stream().map(this::automatic).toList();
        }
        if (!given.isEmpty() && !onHosts.isEmpty()) {
            throw wrong(
                    name + " has addresses, and so has " + onHosts.getFirst() + ": say it once");
        }
        Wire wire = new Wire(wires.size(), between, config, all);
        between.forEach(host -> firstWires.putIfAbsent(host, wire));
        wires.add(wire);
    }

    /// Whether a host has addresses of its own for the link that is being read, because it is its first.
    private boolean bringsAddress(String name) {
        LinnetHost host = hosts.get(name);
        return host != null && host.address().length > 0 && !firstWires.containsKey(name);
    }

    private String automatic(String host) {
        int number = new ArrayList<>(hosts.keySet()).indexOf(host) + 1;
        return "10.0." + wires.size() + "." + number + "/24";
    }

    // ---- making
    // -------------------------------------------------------------------------------------

    private TestNetwork make(Stack stack, long seed) {
        for (String name : hosts.keySet()) {
            made.put(name, stack.newHost(name));
        }
        made.forEach((name, host) -> setSysctls(name, host, false));
        SplittableRandom random = new SplittableRandom(seed);
        List<Joint> joints = new ArrayList<>();
        wires.forEach(wire -> joints.add(connect(wire, random.nextLong())));
        made.forEach((name, host) -> setSysctls(name, host, true));
        wires.forEach(this::addAddresses);
        made.forEach(this::addRoutes);
        return new TestNetwork(stack, made, addresses, joints, capture());
    }

    /// Before the links are there, `net.*.conf.default` counts and settings of interfaces do not exist; afterwards
    /// everything must.
    private void setSysctls(String name, Host host, boolean afterLinks) {
        if (!afterLinks) { // a test need not wait for duplicate address detection
            host.setSysctl("net.ipv6.conf.all.accept_dad", "0");
            host.setSysctl("net.ipv6.conf.default.accept_dad", "0");
        }
        LinnetHost own = hosts.get(name);
        List<String> all = new ArrayList<>(List.of(network.sysctls()));
        all.addAll(own == null ? List.of() : List.of(own.sysctls()));
        for (String setting : all) {
            int eq = setting.indexOf('=');
            if (eq < 0) {
                throw wrong("'" + setting + "' is not a setting such as net.ipv4.tcp_sack=0");
            }
            String key = setting.substring(0, eq).strip();
            int err = host.setSysctl(key, setting.substring(eq + 1).strip());
            if (err < 0 && (afterLinks || err != -Errno.ENOENT)) {
                String why = err == -Errno.ENOENT ? "there is no such sysctl" : Errno.name(-err);
                throw wrong("'" + setting + "' on host " + name + ": " + why);
            }
        }
    }

    private static String nextDevice(Host host) {
        return "eth" + (host.interfaces().size() - 1); // lo is there already
    }

    private Joint connect(Wire wire, long seed) {
        LinkConfig config = LinkConfig.parse(wire.config);
        List<Host> ends = wire.between.stream().map(this::madeHost).toList();
        if (ends.size() == 2) {
            Host a = ends.getFirst();
            Host b = ends.getLast();
            Link link = Link.connect(a, nextDevice(a), b, nextDevice(b), config, seed);
            return new Joint(wire.between, link, null, wire.config);
        }
        Switch lan = new Switch(config, seed);
        ends.forEach(host -> lan.connect(host, nextDevice(host)));
        return new Joint(wire.between, null, lan, wire.config);
    }

    private Host madeHost(String name) {
        return Objects.requireNonNull(made.get(name));
    }

    /// Gives the interfaces of a link their addresses.
    private void addAddresses(Wire wire) {
        for (int i = 0; i < wire.between.size(); i++) {
            String name = wire.between.get(i);
            LinnetHost host = hosts.get(name);
            boolean first = wire.equals(firstWires.get(name));
            List<String> cidrs =
                    host != null && first && wire.addresses.isEmpty()
                            ? List.of(host.address())
                            : List.of(wire.addresses.get(i));
            String dev = "eth" + linksBefore(wire, name);
            for (String cidr : cidrs) {
                madeHost(name).addAddress(dev, cidr);
                if (first) {
                    String address = cidr.replaceFirst("/.*", "");
                    addresses
                            .computeIfAbsent(name, n -> new ArrayList<>())
                            .add(withName(name, InetAddress.ofLiteral(address)));
                }
            }
        }
    }

    private long linksBefore(Wire wire, String host) {
        return wires.subList(0, wire.number).stream()
                .filter(earlier -> earlier.between.contains(host))
                .count();
    }

    private static InetAddress withName(String name, InetAddress address) {
        try {
            return InetAddress.getByAddress(name, address.getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e); // the length is right
        }
    }

    private void addRoutes(String name, Host host) {
        LinnetHost own = hosts.get(name);
        for (String route : own == null ? new String[0] : own.routes()) {
            addRoute(host, route);
        }
    }

    private static void addRoute(Host host, String route) {
        String[] words = route.strip().split("\\s+");
        String via = null;
        String dev = null;
        for (int i = 1; i + 1 < words.length; i += 2) {
            switch (words[i]) {
                case "via" -> via = words[i + 1];
                case "dev" -> dev = words[i + 1];
                default -> throw wrongRoute(host, route);
            }
        }
        if (words.length % 2 == 0 || (via == null && dev == null)) {
            throw wrongRoute(host, route);
        }
        boolean v6 = via != null && via.indexOf(':') >= 0;
        String to = words[0].equals("default") ? (v6 ? "::/0" : "0.0.0.0/0") : words[0];
        host.addRoute(to, via, dev);
    }

    private static ExtensionConfigurationException wrongRoute(Host host, String route) {
        return wrong(
                "route '"
                        + route
                        + "' of host "
                        + host.name()
                        + " is not as '10.2.0.0/16 via 10.0.0.254' or '10.2.0.0/16 dev eth1'");
    }

    /// All interfaces of all hosts.
    private @Nullable Capture capture() {
        if (network.captureMiB() == 0) {
            return null;
        }
        Capture capture = Capture.recent(network.captureMiB() << 20);
        try {
            for (Host host : made.values()) {
                for (String dev : host.interfaces()) {
                    capture.add(host, dev);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return capture;
    }
}
