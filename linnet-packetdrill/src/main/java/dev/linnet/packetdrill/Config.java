package dev.linnet.packetdrill;

import dev.linnet.packetdrill.packet.IpAddress;
import java.util.Map;
import java.util.Optional;

/// What a run is told by options: the tool's own for the mode, those in the script, those of the
/// command line, the later over the earlier. See [ConfigBuilder] for the names.
///
/// @param localIp the kernel's own address on the device
/// @param prefixLength the network that this address is in
/// @param remoteIp the address that packets seem to come from
/// @param remotePrefix what is routed to the device, as address and length
/// @param gatewayIp the next hop of that route
/// @param bindPort the port that `bind(…, ...)` takes
/// @param connectPort the port that `connect(…, ...)` goes to
/// @param mtu the device's
/// @param mss the size of the segments that injected packets are made of (GRO); 0: one segment each
/// @param toleranceUsecs how far from its time an event may be
/// @param tolerancePercent the same in percent of the time since the event before, where that is
///     more
/// @param tsTickUsecs microseconds that one step of an outbound TCP timestamp stands for; 0: values
///     are not checked
/// @param tsEcrScaled an inbound timestamp echo need not have been seen; it is interpolated
/// @param strictSegments each outbound packet must be one packet, never several that together are
///     what is expected
/// @param nonFatalPacket a packet that differs is reported and the script goes on
/// @param nonFatalSyscall the same for system calls
/// @param anyIp the local address is on no device
/// @param speedMbps the device's speed, if it is set
/// @param dryRun the script is only read
/// @param verbose every packet and call is printed
/// @param defines words that are replaced in the script
public record Config(
        IpMode mode,
        IpAddress localIp,
        int prefixLength,
        IpAddress remoteIp,
        String remotePrefix,
        IpAddress gatewayIp,
        int bindPort,
        int connectPort,
        int mtu,
        int mss,
        long toleranceUsecs,
        double tolerancePercent,
        int tsTickUsecs,
        boolean tsEcrScaled,
        boolean strictSegments,
        boolean nonFatalPacket,
        boolean nonFatalSyscall,
        boolean anyIp,
        Optional<Long> speedMbps,
        boolean dryRun,
        boolean verbose,
        Map<String, String> defines) {
    /// The address that `bind(…, ...)` takes, as the sockets of this mode write it.
    public IpAddress bindIp() {
        return socketAddress(localIp);
    }

    /// The address that `connect(…, ...)` goes to, as the sockets of this mode write it.
    public IpAddress connectIp() {
        return socketAddress(remoteIp);
    }

    private IpAddress socketAddress(IpAddress ip) {
        return mode == IpMode.IPV4_MAPPED_IPV6 ? ip.mapped() : ip;
    }
}
