package dev.linnet.jvm.net;

import dev.linnet.jvm.JvmHost;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.security.Security;
import java.util.stream.Stream;

/// Makes `InetAddress` look names up on the host that the thread or the JVM is on ([JvmHost#current]), and as before
/// where there is none.
///
/// The JDK's own cache of names would give one host's answers to another, so it is turned off, unless the program has
/// set `networkaddress.cache.ttl`; [Names] keeps what name servers say.
public final class LinnetResolverProvider extends InetAddressResolverProvider {
    /// For the JDK, which loads it as a service.
    public LinnetResolverProvider() {}

    @Override
    public String name() {
        return "Linnet";
    }

    @Override
    public InetAddressResolver get(Configuration configuration) {
        if (Security.getProperty("networkaddress.cache.ttl") == null) {
            Security.setProperty("networkaddress.cache.ttl", "0");
            Security.setProperty("networkaddress.cache.negative.ttl", "0");
        }
        return new Resolver(configuration.builtinResolver());
    }

    private record Resolver(InetAddressResolver machine) implements InetAddressResolver {
        @Override
        public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
                throws UnknownHostException {
            JvmHost here = JvmHost.current();
            return here == null
                    ? machine.lookupByName(host, policy)
                    : here.names().lookup(host, policy).stream();
        }

        @Override
        public String lookupByAddress(byte[] address) throws UnknownHostException {
            JvmHost here = JvmHost.current();
            return here == null ? machine.lookupByAddress(address) : here.names().reverse(address);
        }
    }
}
