package dev.linnet.packetdrill.host;

import dev.linnet.host.HostSyscalls;
import dev.linnet.host.NativeMemory;
import dev.linnet.host.Nr;
import dev.linnet.packetdrill.syscall.Symbols;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// `ethtool -K DEVICE FEATURE on|off …`, for hosts without that program: scripts use it to switch
/// segmentation off.
final class Ethtool {
    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final int SIOCETHTOOL = 0x8946;
    private static final int IFREQ_BYTES = 40;
    private static final int IFR_DATA = 16;
    private static final int MAX_NAME_BYTES = 15;

    /// The old one-feature commands of `linux/ethtool.h`, under the short names that the program
    /// takes, and their long ones.
    private static final Map<String, Integer> FEATURES =
            Map.ofEntries(
                    Map.entry("rx", 0x15),
                    Map.entry("rx-checksumming", 0x15),
                    Map.entry("tx", 0x17),
                    Map.entry("tx-checksumming", 0x17),
                    Map.entry("sg", 0x19),
                    Map.entry("scatter-gather", 0x19),
                    Map.entry("tso", 0x1f),
                    Map.entry("tcp-segmentation-offload", 0x1f),
                    Map.entry("gso", 0x24),
                    Map.entry("generic-segmentation-offload", 0x24),
                    Map.entry("gro", 0x2c),
                    Map.entry("generic-receive-offload", 0x2c));

    private Ethtool() {}

    /// Carries out a command in the calling thread's namespace.
    ///
    /// @param arguments what stands after `ethtool`
    /// @return an empty text, or what is wrong
    static String run(String arguments) {
        String[] words = arguments.strip().split("\\s+");
        boolean known = words.length >= 4 && words.length % 2 == 0;
        if (!known || !(words[0].equals("-K") || words[0].equals("--features"))) {
            return "only 'ethtool -K DEVICE FEATURE on|off' is built in: install ethtool";
        }
        for (int i = 2; i < words.length; i += 2) {
            String fault = set(words[1], words[i], words[i + 1]);
            if (!fault.isEmpty()) {
                return fault;
            }
        }
        return "";
    }

    private static String set(String device, String feature, String state) {
        Integer command = FEATURES.get(feature);
        boolean on = state.equals("on");
        if (command == null || !on && !state.equals("off")) {
            return "unknown feature or state: " + feature + " " + state;
        }
        byte[] name = device.getBytes(StandardCharsets.UTF_8);
        if (name.length > MAX_NAME_BYTES) {
            return "no device " + device;
        }
        long fd = HostSyscalls.syscall(Nr.SOCKET, AF_INET, SOCK_DGRAM_CLOEXEC, 0);
        try (NativeMemory memory = new NativeMemory()) {
            long value = memory.allocate(8);
            memory.putInt(value, command);
            memory.putInt(value + 4, on ? 1 : 0);
            long ifreq = memory.allocate(IFREQ_BYTES);
            memory.put(ifreq, name);
            memory.putLong(ifreq + IFR_DATA, value);
            long result = HostSyscalls.syscall(Nr.IOCTL, fd, SIOCETHTOOL, ifreq);
            return result < 0 ? "cannot set " + feature + ": " + Symbols.errno((int) -result) : "";
        } finally {
            HostSyscalls.syscall(Nr.CLOSE, fd);
        }
    }
}
