package dev.linnet.jvm.boot;

/// Native libraries that exist to use the machine's sockets without the JDK. Programs that bring one can do without
/// it; they then use the JDK's channels, which are Linnet's.
final class NativeTransports {
    private static final String[] PARTS = {
        "netty_transport_native_", // epoll, kqueue, io_uring
        "netty_resolver_dns_native_", // how macOS is asked for name servers
        "tcnative-1", // the APR endpoint of Tomcat; Netty's library for TLS has another name
        "junixsocket-native",
        "jzmq",
    };

    private NativeTransports() {}

    static boolean contains(String library) {
        int slash = library.lastIndexOf('/');
        for (String part : PARTS) {
            if (library.indexOf(part, slash + 1) >= 0) {
                return true;
            }
        }
        return false;
    }
}
