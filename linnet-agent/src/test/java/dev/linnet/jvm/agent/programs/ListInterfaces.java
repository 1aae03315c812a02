package dev.linnet.jvm.agent.programs;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

/// Prints all that the JDK says of the machine's interfaces.
public final class ListInterfaces {
    private ListInterfaces() {}

    public static void main(String[] args) throws Exception {
        for (NetworkInterface nif : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            System.out.println(describe(nif));
            System.out.println("  addresses " + sorted(Collections.list(nif.getInetAddresses())));
            System.out.println("  bindings " + sorted(nif.getInterfaceAddresses()));
            System.out.println("  again " + nif.equals(NetworkInterface.getByName(nif.getName())));
        }
        System.out.println("stream " + NetworkInterface.networkInterfaces().count());
        System.out.println("none " + NetworkInterface.getByName("nothing"));
        System.out.println("none " + NetworkInterface.getByIndex(4711));
        for (String text : args) {
            InetAddress address = InetAddress.ofLiteral(text);
            System.out.println(text + " " + NetworkInterface.getByInetAddress(address));
        }
        System.out.println("loopback " + InetAddress.getLoopbackAddress());
    }

    private static String describe(NetworkInterface nif) throws Exception {
        byte[] mac = nif.getHardwareAddress();
        return nif
                + " "
                + nif.getDisplayName()
                + (nif.isUp() ? " up" : "")
                + (nif.isLoopback() ? " loopback" : "")
                + (nif.isPointToPoint() ? " point-to-point" : "")
                + (nif.supportsMulticast() ? " multicast" : "")
                + (nif.isVirtual() ? " virtual" : "")
                + " mtu "
                + nif.getMTU()
                + " mac "
                + (mac == null ? "none" : HexFormat.of().formatHex(mac))
                + " parent "
                + nif.getParent()
                + " children "
                + Collections.list(nif.getSubInterfaces());
    }

    /// IPv6 addresses come in the order of a hash table.
    private static List<String> sorted(List<?> all) {
        List<String> text = new ArrayList<>();
        all.forEach(each -> text.add(String.valueOf(each)));
        Collections.sort(text);
        return text;
    }
}
