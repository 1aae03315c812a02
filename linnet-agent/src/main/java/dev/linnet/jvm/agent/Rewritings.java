package dev.linnet.jvm.agent;

import dev.linnet.jvm.agent.Rewriting.Edit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Every method of the JDK that the agent changes.
///
/// The names and types are those of JDK 25; where one is missing the agent says so and does not start.
final class Rewritings {
    private static final String NETWORK_INTERFACE = "java/net/NetworkInterface";
    private static final String INET_ADDRESS = "java/net/InetAddress";
    private static final String SCTP = "sun/nio/ch/sctp/SctpNet";
    private static final String SDP = "sun/net/sdp/SdpSupport";

    /// Classes of modules, or for systems, that a JDK may be without.
    static final Set<String> OPTIONAL = Set.of(SCTP, SDP);

    private static final String NET = "sun/nio/ch/Net";

    private Rewritings() {}

    /// What has no provider in the JDK and is done by Linnet.
    private static void replaced(List<Rewriting> list) {
        list.add(
                new Rewriting(
                        "java/net/SocketImpl",
                        "createPlatformSocketImpl",
                        "(Z)Ljava/net/SocketImpl;",
                        new Edit.First("socketImpl", "(Z)Ljava/net/SocketImpl;")));
        list.add(
                new Rewriting(
                        "sun/nio/ch/FileChannelImpl",
                        "transferToDirect",
                        "(JILjava/nio/channels/WritableByteChannel;)J",
                        new Edit.First(
                                "transferTo",
                                "(Ljava/nio/channels/FileChannel;JILjava/nio/channels/WritableByteChannel;)J")));
        list.add(
                new Rewriting(
                        "java/lang/System",
                        "inheritedChannel",
                        "()Ljava/nio/channels/Channel;",
                        new Edit.First("inheritedChannel", "()Ljava/nio/channels/Channel;")));
        String datagrams = "(Ljava/net/SocketAddress;Ljava/lang/Class;)Ljava/net/DatagramSocket;";
        list.add(
                new Rewriting(
                        "java/net/DatagramSocket",
                        "createDelegate",
                        datagrams,
                        new Edit.First("datagramSocket", datagrams)));
        list.add(
                new Rewriting(
                        INET_ADDRESS,
                        "getLocalHost",
                        "()Ljava/net/InetAddress;",
                        new Edit.First("localHost", "()Ljava/net/InetAddress;")));
        list.add(
                new Rewriting(
                        INET_ADDRESS,
                        "isReachable",
                        "(Ljava/net/NetworkInterface;II)Z",
                        new Edit.Instead(
                                "java/net/InetAddressImpl",
                                "isReachable",
                                "(Ljava/lang/Object;Ljava/net/InetAddress;ILjava/net/NetworkInterface;I)Z")));
    }

    private static void interfaces(List<Rewriting> list) {
        String nif = "Ljava/net/NetworkInterface;";
        String address = "Ljava/net/InetAddress;";
        instead(list, "getNetworkInterfaces", "()Ljava/util/Enumeration;", "getAll", "()[" + nif);
        instead(list, "networkInterfaces", "()Ljava/util/stream/Stream;", "getAll", "()[" + nif);
        String byName = "(Ljava/lang/String;)" + nif;
        instead(list, "getByName", byName, "getByName0", byName);
        instead(list, "getByIndex", "(I)" + nif, "getByIndex0", "(I)" + nif);
        String byAddress = "(" + address + ")" + nif;
        instead(list, "getByInetAddress", byAddress, "getByInetAddress0", byAddress);
        String bound = "(" + address + ")Z";
        instead(list, "isBoundInetAddress", bound, "boundInetAddress0", bound);
        String flag = "(Ljava/lang/String;I)Z";
        instead(list, "isUp", "()Z", "isUp0", flag);
        instead(list, "isLoopback", "()Z", "isLoopback0", flag);
        instead(list, "isPointToPoint", "()Z", "isP2P0", flag);
        instead(list, "supportsMulticast", "()Z", "supportsMulticast0", flag);
        instead(list, "getMTU", "()I", "getMTU0", "(Ljava/lang/String;I)I");
        instead(list, "getHardwareAddress", "()[B", "isLoopback0", flag);
        instead(list, "getHardwareAddress", "()[B", "getMacAddr0", "([BLjava/lang/String;I)[B");
    }

    private static void instead(
            List<Rewriting> list, String method, String type, String called, String calledType) {
        list.add(
                new Rewriting(
                        NETWORK_INTERFACE,
                        method,
                        type,
                        new Edit.Instead(NETWORK_INTERFACE, called, calledType)));
    }

    /// The paths to the machine's network that strict mode closes.
    private static void guarded(List<Rewriting> list) {
        String fd = "Ljava/io/FileDescriptor;";
        String family = "(Ljava/net/ProtocolFamily;";
        guard(list, NET, "socket", family + "Z)" + fd, "sun.nio.ch.Net.socket");
        guard(list, NET, "serverSocket", family + ")" + fd, "sun.nio.ch.Net.serverSocket");
        guard(
                list,
                "sun/nio/ch/UnixDomainSockets",
                "socket",
                "()" + fd,
                "sun.nio.ch.UnixDomainSockets.socket");
        guard(list, SDP, "createSocket", "()" + fd, "sun.net.sdp.SdpSupport.createSocket");
        guard(list, SCTP, "socket", "(Z)" + fd, "sun.nio.ch.sctp.SctpNet.socket");
        lookup(
                list,
                "lookupByName",
                "(Ljava/lang/String;Ljava/net/spi/InetAddressResolver$LookupPolicy;)Ljava/util/stream/Stream;");
        lookup(list, "lookupByAddress", "([B)Ljava/lang/String;");
        list.add(
                new Rewriting(
                        "sun/nio/ch/InheritedChannel",
                        "createChannel",
                        "()Ljava/nio/channels/Channel;",
                        new Edit.Filter("soType0", "inheritedSocket", "(I)I")));
        String load = "(Ljava/lang/Class;Ljava/lang/String;)V";
        for (String method : List.of("load0", "loadLibrary0")) {
            list.add(new Rewriting("java/lang/Runtime", method, load, new Edit.GuardLibrary()));
        }
    }

    private static void guard(
            List<Rewriting> list, String owner, String method, String type, String path) {
        list.add(new Rewriting(owner, method, type, new Edit.Guard("refuseSocket", path)));
    }

    private static void lookup(List<Rewriting> list, String method, String type) {
        list.add(
                new Rewriting(
                        INET_ADDRESS + "$PlatformResolver",
                        method,
                        type,
                        new Edit.Guard(
                                "refuseLookup", "the JDK's built-in resolver (" + method + ")")));
    }

    /// All of them.
    static List<Rewriting> all() {
        List<Rewriting> list = new ArrayList<>();
        replaced(list);
        interfaces(list);
        guarded(list);
        return list;
    }
}
