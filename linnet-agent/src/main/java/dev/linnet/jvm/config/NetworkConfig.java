package dev.linnet.jvm.config;

import dev.linnet.sim.LinkConfig;
import dev.linnet.wire.Cidr;
import dev.linnet.wire.In4Addr;
import dev.linnet.wire.In6Addr;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A network as it was asked for; every value has been checked as far as that needs no network. Immutable.
///
/// @param addresses of the host, at least one unless `scoped`
/// @param routes beside those that the addresses bring
/// @param names the hosts table
/// @param nameServers asked for what is not in it, in this order
/// @param hostname of the host
/// @param tun name of the TUN device, or null
/// @param hostAddresses this machine's side of it, one for each address
/// @param mtu of the interface, 68 to 65535
/// @param link what happens to packets, or null if nothing does
/// @param pcap where packets are captured, or null
/// @param sysctls name and value
/// @param stats whether a summary is printed at the end
/// @param strict whether the machine's network is closed
/// @param scoped whether there is no host but those that the program makes
public record NetworkConfig(
        List<Cidr> addresses,
        List<Route> routes,
        List<Entry> names,
        List<String> nameServers,
        String hostname,
        @Nullable String tun,
        List<Cidr> hostAddresses,
        int mtu,
        @Nullable LinkSpec link,
        @Nullable Path pcap,
        List<Entry> sysctls,
        boolean stats,
        boolean strict,
        boolean scoped) {
    private static final String DEFAULT_ADDRESS = "10.0.0.1/24";
    private static final int DEFAULT_MTU = 1500;

    /// A route.
    ///
    /// @param to destination
    /// @param via gateway, or null
    /// @param dev interface, or null to find it from the gateway
    public record Route(String to, @Nullable String via, @Nullable String dev) {
        /// True if it leads everywhere in its family.
        boolean isDefault() {
            return Cidr.parse(to).prefixLen() == 0;
        }

        boolean isV4() {
            return Cidr.parse(to).isV4();
        }
    }

    /// What happens to packets.
    ///
    /// @param config in each direction
    /// @param seed decides which packets are lost, duplicated …; null for another one each time
    public record LinkSpec(LinkConfig config, @Nullable Long seed) {}

    /// A key and its value.
    public record Entry(String key, String value) {}

    /// Reads and checks options.
    ///
    /// @param args `--name value`, `--name=value`, `--switch`, `--no-switch`
    /// @throws ConfigException if something is wrong with them
    public static NetworkConfig parse(List<String> args) {
        return new ConfigReader(OptionParser.parse(args)).read();
    }

    /// The same for what is behind `-javaagent:linnet.jar=`: `name=value` pairs separated by semicolons, or arguments
    /// as [#parse] takes them, one a line; null if nothing is.
    public static NetworkConfig parseAgentArguments(@Nullable String text) {
        return parse(text == null ? List.of() : OptionParser.agentArguments(text));
    }

    /// True if nothing can go wrong when the network is made: all that it asks for is within the JVM, and was checked.
    public boolean isCertain() {
        return tun == null && pcap == null && routes.isEmpty() && sysctls.isEmpty();
    }

    /// The interface that has the addresses.
    public String device() {
        return tun == null ? "eth0" : tun;
    }

    /// Turns lists of text into a configuration.
    private static final class ConfigReader {
        private final Map<NetworkOption, List<String>> values;

        ConfigReader(Map<NetworkOption, List<String>> values) {
            this.values = values;
        }

        NetworkConfig read() {
            boolean scoped = is(NetworkOption.SCOPED, false);
            if (scoped) {
                onlySwitches();
            }
            String tun = one(NetworkOption.TUN);
            List<Cidr> addresses = cidrs(NetworkOption.ADDRESS, tun != null);
            if (addresses.isEmpty() && tun != null) {
                throw new ConfigException(
                        "--tun needs addresses: give the host's, for example --address 10.9.0.1/24");
            }
            if (addresses.isEmpty() && !scoped) {
                addresses = List.of(Cidr.parse(DEFAULT_ADDRESS));
            }
            return new NetworkConfig(
                    addresses,
                    routes(),
                    names(),
                    nameServers(),
                    hostname(),
                    tun,
                    hostAddresses(tun, addresses),
                    mtu(addresses),
                    link(addresses),
                    pcap(),
                    sysctls(),
                    is(NetworkOption.STATS, false),
                    is(NetworkOption.STRICT, true),
                    scoped);
        }

        /// Without a host there is nothing that the other options could be about.
        private void onlySwitches() {
            Set<NetworkOption> other = EnumSet.copyOf(values.keySet());
            other.removeAll(
                    Set.of(NetworkOption.SCOPED, NetworkOption.STRICT, NetworkOption.CONFIG));
            for (NetworkOption option : other) {
                throw new ConfigException(
                        "--"
                                + option.label()
                                + " is about a host, and --scoped makes none; leave one of them out");
            }
        }

        private List<String> all(NetworkOption option) {
            return values.getOrDefault(option, List.of());
        }

        private @Nullable String one(NetworkOption option) {
            List<String> list = all(option);
            return list.isEmpty() ? null : list.getFirst();
        }

        private boolean is(NetworkOption option, boolean otherwise) {
            String value = one(option);
            return value == null ? otherwise : value.equals("true");
        }

        private static ConfigException wrong(NetworkOption option, String what) {
            return new ConfigException("--" + option.label() + ": " + what);
        }

        private List<Cidr> cidrs(NetworkOption option, boolean roomForTwo) {
            List<Cidr> list = new ArrayList<>();
            for (String text : all(option)) {
                Cidr cidr;
                try {
                    cidr = Cidr.parse(text);
                } catch (IllegalArgumentException e) {
                    throw wrong(option, e.getMessage() + "; give one such as " + DEFAULT_ADDRESS);
                }
                if (!isUnicast(cidr)) {
                    throw wrong(option, text + " is no address that a host can have");
                }
                if (roomForTwo && cidr.prefixLen() > (cidr.isV4() ? 30 : 126)) {
                    throw wrong(
                            option,
                            text
                                    + " leaves no room for two addresses; give a network such as 10.9.0.1/24");
                }
                if (list.contains(cidr)) {
                    throw wrong(option, text + " is given twice");
                }
                list.add(cidr);
            }
            return list;
        }

        private static boolean isUnicast(Cidr cidr) {
            return cidr.isV4()
                    ? (cidr.v4() >>> 24) > 0
                            && (cidr.v4() >>> 28) < 0xE
                            && (cidr.v4() >>> 24) != 127
                    : !In6Addr.isMulticast(cidr.hi()) && (cidr.hi() != 0 || cidr.lo() >>> 32 != 0);
        }

        private List<Cidr> hostAddresses(@Nullable String tun, List<Cidr> addresses) {
            List<Cidr> given = cidrs(NetworkOption.HOST_ADDRESS, true);
            if (tun == null) {
                if (!given.isEmpty()) {
                    throw wrong(
                            NetworkOption.HOST_ADDRESS,
                            "it is this machine's side of a TUN device; add --tun NAME");
                }
                return List.of();
            }
            if (given.isEmpty()) {
                List<Cidr> others = new ArrayList<>();
                addresses.forEach(address -> others.add(firstOther(address)));
                return others;
            }
            if (given.size() != addresses.size()) {
                throw wrong(
                        NetworkOption.HOST_ADDRESS,
                        "give one for each --address (" + addresses.size() + ")");
            }
            return given;
        }

        /// The first address of the network that is not the host's.
        private static Cidr firstOther(Cidr host) {
            Cidr network = host.network();
            long first = network.lo() + 1;
            long lo = first == host.lo() && network.hi() == host.hi() ? first + 1 : first;
            return host.isV4()
                    ? Cidr.ofV4((int) lo, host.prefixLen())
                    : Cidr.ofV6(network.hi(), lo, host.prefixLen());
        }

        private List<Route> routes() {
            List<Route> list = new ArrayList<>();
            for (String text : all(NetworkOption.ROUTE)) {
                list.add(route(text));
            }
            return list;
        }

        private static Route route(String text) {
            String via = null;
            String dev = null;
            String[] parts = text.split(",", -1);
            for (int i = 1; i < parts.length; i++) {
                String part = parts[i].strip();
                if (part.startsWith("via ") && via == null) {
                    via = address(NetworkOption.ROUTE, part.substring(4).strip());
                } else if (part.startsWith("dev ") && dev == null) {
                    dev = part.substring(4).strip();
                } else {
                    throw wrong(
                            NetworkOption.ROUTE,
                            "'" + part + "' in '" + text + "' is neither via ADDR nor dev NAME");
                }
            }
            if (via == null && dev == null) {
                throw wrong(
                        NetworkOption.ROUTE,
                        "'" + text + "' says not where to; add ,via ADDR or ,dev NAME");
            }
            String to = parts[0].strip();
            boolean v6 = via != null && via.indexOf(':') >= 0;
            if (to.equals("default")) {
                to = v6 ? "::/0" : "0.0.0.0/0";
            }
            try {
                if (via != null && Cidr.parse(to).isV4() == v6) {
                    throw wrong(
                            NetworkOption.ROUTE,
                            "'" + text + "' mixes IPv4 and IPv6; the gateway must be of the same");
                }
            } catch (IllegalArgumentException e) {
                throw wrong(NetworkOption.ROUTE, e.getMessage() + "; give one such as 0.0.0.0/0");
            }
            return new Route(to, via, dev);
        }

        private static String address(NetworkOption option, String text) {
            if (!In4Addr.isLiteral(text) && !In6Addr.isLiteral(text)) {
                throw wrong(option, "'" + text + "' is no address; give one such as 10.0.0.2");
            }
            return text;
        }

        private List<Entry> names() {
            List<Entry> list = entries(NetworkOption.NAME);
            list.forEach(entry -> address(NetworkOption.NAME, entry.value()));
            return list;
        }

        private List<Entry> sysctls() {
            return entries(NetworkOption.SYSCTL);
        }

        private List<Entry> entries(NetworkOption option) {
            List<Entry> list = new ArrayList<>();
            for (String text : all(option)) {
                int eq = text.indexOf('=');
                String key = eq < 0 ? "" : text.substring(0, eq).strip();
                if (key.isEmpty()) {
                    throw wrong(option, "'" + text + "' is not " + option.value());
                }
                list.add(new Entry(key, text.substring(eq + 1).strip()));
            }
            return list;
        }

        private List<String> nameServers() {
            List<String> list = all(NetworkOption.DNS);
            list.forEach(text -> address(NetworkOption.DNS, text));
            return List.copyOf(list);
        }

        private String hostname() {
            String name = one(NetworkOption.HOSTNAME);
            if (name == null) {
                return "linnet";
            }
            for (int i = 0; i < name.length(); i++) {
                char c = name.charAt(i);
                boolean ok = c < 128 && (Character.isLetterOrDigit(c) || c == '-' || c == '.');
                if (!ok || name.length() > 64) {
                    throw wrong(
                            NetworkOption.HOSTNAME,
                            "'"
                                    + name
                                    + "' is no host name; it has 1 to 64 letters, digits, - and .");
                }
            }
            return name;
        }

        private int mtu(List<Cidr> addresses) {
            String text = one(NetworkOption.MTU);
            if (text == null) {
                return DEFAULT_MTU;
            }
            boolean v6 = addresses.stream().anyMatch(address -> !address.isV4());
            int least = v6 ? 1280 : 68;
            int mtu;
            try {
                mtu = Integer.parseInt(text);
            } catch (NumberFormatException e) {
                mtu = -1;
            }
            if (mtu < least || mtu > 65535) {
                throw wrong(
                        NetworkOption.MTU,
                        "'" + text + "' is not a number from " + least + " to 65535");
            }
            return mtu;
        }

        private @Nullable LinkSpec link(List<Cidr> addresses) {
            String text = one(NetworkOption.LINK);
            if (text == null) {
                return null;
            }
            Long seed = null;
            StringBuilder rest = new StringBuilder();
            try {
                for (String pair : text.split(",", -1)) {
                    String setting = pair.strip();
                    if (setting.startsWith("seed=")) {
                        seed = Long.parseLong(setting.substring(5));
                    } else if (setting.startsWith("mtu=")) {
                        throw wrong(NetworkOption.LINK, "give the MTU with --mtu");
                    } else {
                        rest.append(setting).append(',');
                    }
                }
                LinkConfig config = LinkConfig.parse(rest.toString());
                return new LinkSpec(config.withMtu(mtu(addresses)), seed);
            } catch (NumberFormatException e) {
                throw wrong(NetworkOption.LINK, "the seed in '" + text + "' is no number");
            } catch (IllegalArgumentException e) {
                throw new ConfigException("--" + e.getMessage());
            }
        }

        private @Nullable Path pcap() {
            String text = one(NetworkOption.PCAP);
            try {
                return text == null ? null : Path.of(text);
            } catch (InvalidPathException e) {
                throw wrong(NetworkOption.PCAP, "'" + text + "' cannot be a file");
            }
        }
    }
}
