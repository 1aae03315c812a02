package dev.linnet.contract;

import java.util.List;

/// What may come out otherwise on Linnet, and why (D-061 to D-063). Each entry must be seen to differ.
///
/// @param name the case
/// @param kernel a part of its outcome on the default provider
/// @param linnet what stands there on Linnet
/// @param why the reason
record Permitted(String name, String kernel, String linnet, String why) {
    private static final String WAITS =
            "For virtual threads the JDK makes descriptors non-blocking, so that a blocking write that takes only"
                    + " a part returns early; on Linnet it waits as it does on platform threads.";

    private static final String LEGACY =
            "MulticastSocket is the JDK's own NetMulticastSocket on a DatagramSocketImpl, as behind a factory: the"
                    + " class that has no DatagramSocketImpl is closed to others. The texts are its.";

    private static final String STREAMS =
            "Channels.newInputStream makes streams that know how much there is for the JDK's own class only.";

    static final List<Permitted> ALL =
            List.of(
                    new Permitted(
                            "close.pipe write closed (virtual)",
                            "pipe write has ended",
                            "pipe write waits",
                            WAITS),
                    new Permitted(
                            "close.pipe write interrupted (virtual)",
                            "pipe write=65536; open=true",
                            "pipe write ! java.nio.channels.ClosedByInterruptException; interrupted; open=false",
                            WAITS),
                    new Permitted(
                            "file.transferTo, closed (virtual)",
                            "send has ended; send=0",
                            "send waits; send ! java.nio.channels.AsynchronousCloseException",
                            WAITS),
                    new Permitted(
                            "multicast.socket",
                            "Invalid TTL/hop value",
                            "ttl out of range",
                            LEGACY),
                    new Permitted(
                            "multicast.socket",
                            "Socket is closed <- java.nio.channels.ClosedChannelException",
                            "Socket is closed",
                            LEGACY),
                    new Permitted(
                            "option.MulticastSocket supported",
                            "java.nio.channels.ClosedChannelException",
                            "java.net.SocketException: Socket is closed",
                            LEGACY),
                    new Permitted(
                            "adaptor.Channels.newInputStream",
                            "available=9",
                            "available=0",
                            STREAMS),
                    new Permitted(
                            "adaptor.Channels.newInputStream (virtual)",
                            "available=9",
                            "available=0",
                            STREAMS));

    /// The outcome on the default provider, with what is permitted instead.
    static String applied(String name, String kernel) {
        String expected = kernel;
        for (Permitted each : ALL) {
            if (each.name.equals(name)) {
                expected = expected.replace(each.kernel, each.linnet);
            }
        }
        return expected;
    }
}
