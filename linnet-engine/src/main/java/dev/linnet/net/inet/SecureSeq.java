package dev.linnet.net.inet;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.NetRandom;
import dev.linnet.net.core.Pernet;

/// Numbers that outsiders must not be able to predict: initial sequence numbers (RFC 6528),
/// timestamp offsets, and where the search for an ephemeral port begins (RFC 6056, algorithm 4).
///
/// The keys are drawn once per namespace. Safe from any thread.
public final class SecureSeq {
    public static final Pernet<SecureSeq> OF = new Pernet<>(SecureSeq::new);

    private final NetNamespace net;
    private final long netSecret0;
    private final long netSecret1;
    private final long tsSecret0;
    private final long tsSecret1;

    private SecureSeq(NetNamespace net) {
        this.net = net;
        NetRandom random = net.random.fork();
        netSecret0 = random.nextLong();
        netSecret1 = random.nextLong();
        tsSecret0 = random.nextLong();
        tsSecret1 = random.nextLong();
    }

    /// The initial sequence number of a connection. The part that grows with time ticks every 64 ns,
    /// so a later connection of the same quadruple starts beyond what the earlier one used.
    @Kernel({"secure_tcp_seq", "secure_tcpv6_seq"})
    public int tcpSeq(
            long saddrHi, long saddrLo, int sport, long daddrHi, long daddrLo, int dport) {
        long ports = (long) sport << 16 | dport;
        long hash =
                SipHash.of(netSecret0, netSecret1, 5, saddrHi, saddrLo, daddrHi, daddrLo, ports);
        return (int) hash + (int) (net.clock.realNs() >> 6);
    }

    /// What is added to the timestamp clock towards one peer.
    @Kernel({"secure_tcp_ts_off", "secure_tcpv6_ts_off"})
    public int tsOff(long saddrHi, long saddrLo, long daddrHi, long daddrLo) {
        return (int) SipHash.of(tsSecret0, tsSecret1, 4, saddrHi, saddrLo, daddrHi, daddrLo, 0);
    }

    /// Where the search for a local port towards a destination begins, 64 bits.
    @Kernel({"secure_ipv4_port_ephemeral", "secure_ipv6_port_ephemeral"})
    public long portEphemeral(long saddrHi, long saddrLo, long daddrHi, long daddrLo, int dport) {
        return SipHash.of(netSecret0, netSecret1, 5, saddrHi, saddrLo, daddrHi, daddrLo, dport);
    }
}
