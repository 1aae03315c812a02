package dev.linnet.proc;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.DevStats;
import dev.linnet.net.core.dev.NetDevice;
import java.util.Locale;

/// `/proc/net/dev`.
final class ProcNetDev {
    private ProcNetDev() {}

    @Kernel({"dev_seq_show", "dev_seq_printf_stats"})
    static String text(NetNamespace net) {
        StringBuilder out = new StringBuilder();
        out.append(
                "Inter-|   Receive                                                |  Transmit\n");
        out.append(" face |bytes    packets errs drop fifo frame compressed multicast|bytes    ");
        out.append("packets errs drop fifo colls carrier compressed\n");
        for (NetDevice dev : net.devices.all()) {
            DevStats s = dev.stats;
            out.append(
                    String.format(
                            Locale.ROOT,
                            "%6s: %7d %7d %4d %4d %4d %5d %10d %9d "
                                    + "%8d %7d %4d %4d %4d %5d %7d %10d\n",
                            dev.name,
                            s.rxBytes.sum(),
                            s.rxPackets.sum(),
                            s.rxErrors.sum(),
                            s.rxDropped.sum(),
                            0,
                            0,
                            0,
                            0,
                            s.txBytes.sum(),
                            s.txPackets.sum(),
                            s.txErrors.sum(),
                            s.txDropped.sum(),
                            0,
                            0,
                            0,
                            0));
        }
        return out.toString();
    }
}
