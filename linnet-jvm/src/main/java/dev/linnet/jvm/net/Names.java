package dev.linnet.jvm.net;

import dev.linnet.jvm.JvmHost;
import dev.linnet.jvm.SocketAddresses;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.ipv4.InDevice;
import dev.linnet.net.ipv6.Inet6Dev;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver.LookupPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// The names that a host knows: a table (as `/etc/hosts`), its own name, `localhost`, and then what name servers say,
/// which are asked over the host's own network.
///
/// The host's own name has the addresses of its interfaces unless the table says otherwise. Reverse look-ups give the
/// name that leads back. Thread-safe.
public final class Names {
    private static final String LOCALHOST = "localhost";
    private static final int DNS_PORT = 53;

    private final JvmHost host;
    private final Dns dns;

    /// In lower case; guarded by itself.
    private final Map<String, List<InetAddress>> table = new LinkedHashMap<>();

    /// The names of a host; [JvmHost#names] has them.
    public Names(JvmHost host) {
        this.host = host;
        this.dns = new Dns(host);
    }

    // ---- settings
    // -----------------------------------------------------------------------------------

    /// Adds a name with its addresses, or more addresses to a name.
    ///
    /// @throws IllegalArgumentException for a name that is empty
    public Names add(String name, InetAddress... addresses) {
        String key = canonical(name);
        if (key.isEmpty()) {
            throw new IllegalArgumentException("a host name is empty");
        }
        synchronized (table) {
            List<InetAddress> all = new ArrayList<>(table.getOrDefault(key, List.of()));
            all.addAll(Arrays.asList(addresses));
            table.put(key, List.copyOf(all));
        }
        return this;
    }

    /// The same with addresses as text, for example `10.0.0.1` or `fd00::1`.
    ///
    /// @throws IllegalArgumentException for what is no address
    public Names add(String name, String... addresses) {
        return add(
                name, Stream.of(addresses).map(InetAddress::ofLiteral).toArray(InetAddress[]::new));
    }

    /// Adds a name server, which is asked after those before it.
    ///
    /// @param address a literal, with the usual port
    public Names addServer(String address) {
        return addServer(new InetSocketAddress(InetAddress.ofLiteral(address), DNS_PORT));
    }

    /// Adds a name server.
    public Names addServer(InetSocketAddress server) {
        dns.addServer(server);
        return this;
    }

    /// Domains in which names without a dot are looked for first.
    public Names setSearch(String... domains) {
        dns.setSearch(Stream.of(domains).map(Names::canonical).toList());
        return this;
    }

    /// How long a name server has, and how often all of them are asked; 5 s and twice unless set.
    public Names setTimeout(Duration timeout, int attempts) {
        dns.setTimeout(timeout.toNanos(), attempts);
        return this;
    }

    // ---- look-ups
    // -----------------------------------------------------------------------------------

    private static String canonical(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    /// The addresses of a name, of the families and in the order that the policy wants; they bear the name.
    ///
    /// @throws UnknownHostException with the JDK's words if there are none
    public List<InetAddress> lookup(String name, LookupPolicy policy) throws UnknownHostException {
        String key = canonical(name);
        int wanted = policy.characteristics();
        List<InetAddress> found = ordered(known(key), wanted);
        if (found.isEmpty()) {
            boolean v4 = (wanted & LookupPolicy.IPV4) != 0;
            boolean v6 = (wanted & LookupPolicy.IPV6) != 0;
            Dns.Result result = dns.addresses(key, name.endsWith("."), v4, v6);
            if (result.outcome() != Dns.Outcome.FOUND) {
                throw new UnknownHostException(name + ": " + result.outcome().message);
            }
            List<InetAddress> all = new ArrayList<>();
            for (byte[] raw : result.addresses()) {
                all.add(InetAddress.getByAddress(raw));
            }
            found = ordered(all, wanted);
        }
        List<InetAddress> named = new ArrayList<>();
        for (InetAddress each : found) {
            named.add(withName(name, each));
        }
        return named;
    }

    private static InetAddress withName(String name, InetAddress address)
            throws UnknownHostException {
        return address instanceof Inet6Address v6 && v6.getScopeId() != 0
                ? Inet6Address.getByAddress(name, v6.getAddress(), v6.getScopeId())
                : InetAddress.getByAddress(name, address.getAddress());
    }

    private static List<InetAddress> ordered(List<InetAddress> all, int wanted) {
        List<InetAddress> v4 = all.stream().filter(Inet4Address.class::isInstance).toList();
        List<InetAddress> v6 = all.stream().filter(Inet6Address.class::isInstance).toList();
        if ((wanted & LookupPolicy.IPV6) == 0) {
            return v4;
        }
        if ((wanted & LookupPolicy.IPV4) == 0) {
            return v6;
        }
        return switch (wanted & (LookupPolicy.IPV4_FIRST | LookupPolicy.IPV6_FIRST)) {
            case LookupPolicy.IPV4_FIRST -> Stream.concat(v4.stream(), v6.stream()).toList();
            case LookupPolicy.IPV6_FIRST -> Stream.concat(v6.stream(), v4.stream()).toList();
            default -> all;
        };
    }

    /// What the host knows of a name without asking anybody.
    private List<InetAddress> known(String key) {
        synchronized (table) {
            List<InetAddress> listed = table.get(key);
            if (listed != null) {
                return listed;
            }
        }
        if (key.equals(LOCALHOST)) {
            return loopback();
        }
        return key.equals(canonical(hostName())) ? own() : List.of();
    }

    private static List<InetAddress> loopback() {
        return List.of(SocketAddresses.ofV4(0x7f00_0001), SocketAddresses.ofV6(0, 1, 0));
    }

    /// The name of the host itself.
    public String hostName() {
        return host.host().name();
    }

    /// The first address of the host's own name, which bears it.
    public InetAddress localHost() throws UnknownHostException {
        int both = LookupPolicy.IPV4 | LookupPolicy.IPV6 | LookupPolicy.IPV4_FIRST;
        return lookup(hostName(), LookupPolicy.of(both)).getFirst();
    }

    /// The addresses of the interfaces, those of links only left out; loopback's if there are no others.
    private List<InetAddress> own() {
        List<InetAddress> all = new ArrayList<>();
        for (NetDevice dev : host.host().net().devices.all()) {
            if (!dev.isLoopback()) {
                InDevice v4 = InDevice.of(dev);
                Inet6Dev v6 = Inet6Dev.of(dev);
                if (v4 != null) {
                    v4.addresses().forEach(a -> all.add(SocketAddresses.ofV4(a.local())));
                }
                if (v6 != null) {
                    v6.addresses().stream()
                            .filter(a -> a.rtScope() == 0 && !a.isTentative())
                            .forEach(a -> all.add(SocketAddresses.ofV6(a.hi, a.lo, 0)));
                }
            }
        }
        return all.isEmpty() ? loopback() : all;
    }

    /// The name of an address.
    ///
    /// @param address 4 or 16 bytes
    /// @throws UnknownHostException if it has none
    public String reverse(byte[] address) throws UnknownHostException {
        InetAddress wanted = InetAddress.getByAddress(address);
        synchronized (table) {
            for (Map.Entry<String, List<InetAddress>> entry : table.entrySet()) {
                if (entry.getValue().contains(wanted)) {
                    return entry.getKey();
                }
            }
        }
        if (loopback().contains(wanted)) {
            return LOCALHOST;
        }
        if (own().contains(wanted)) {
            return hostName();
        }
        Dns.Result result = dns.name(address);
        if (result.outcome() != Dns.Outcome.FOUND) {
            throw new UnknownHostException();
        }
        return result.name();
    }
}
