package dev.linnet.net.ipv6;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.Ipv6Sysctls;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.Pernet;
import dev.linnet.net.core.dev.Flow;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.wire.Ipv6;
import org.jspecify.annotations.Nullable;

/// Flow labels that the stack chooses itself, so that routers keep the packets of a flow together
/// (RFC 6437).
final class FlowLabel {
    private static final Pernet<FlowLabel> OF = new Pernet<>(FlowLabel::new);

    /// Values of `net.ipv6.auto_flowlabels`.
    private static final int OFF = 0;

    private static final int OPTOUT = 1;
    private static final int FORCED = 3;

    /// With `flowlabel_state_ranges`: the half of the labels that nobody leases.
    private static final int STATELESS_FLAG = 0x0008_0000;

    /// Keeps others from telling flows by their labels.
    private final long key;

    private FlowLabel(NetNamespace net) {
        this.key = net.random.nextLong();
    }

    /// The label of a packet: the one that the user set, else one made of the flow's hash, if that is
    /// wanted.
    ///
    /// @param label 20 bits, 0 for none
    @Kernel({"ip6_make_flowlabel", "ip6_autoflowlabel", "ip6_default_np_autolabel"})
    @HotPath
    static int make(NetNamespace net, @Nullable InetSock sk, SkBuff skb, int label, Flow fl) {
        int own = label & Ipv6.FLOW_LABEL_MASK;
        int mode = net.sysctl.get(Ipv6Sysctls.AUTO_FLOWLABELS);
        if (own != 0 || mode == OFF) {
            return own;
        }
        boolean byDefault = mode == OPTOUT || mode == FORCED;
        boolean auto = sk != null && sk.autoflowlabelSet ? sk.autoflowlabel : byDefault;
        if (!auto && mode != FORCED) {
            return 0;
        }
        if (skb.hash == 0) {
            skb.hash = hash(OF.of(net).key, fl);
        }
        int made = Integer.rotateLeft(skb.hash, 16) & Ipv6.FLOW_LABEL_MASK;
        return net.sysctl.get(Ipv6Sysctls.FLOWLABEL_STATE_RANGES) ? made | STATELESS_FLAG : made;
    }

    @Kernel("skb_get_hash_flowi6")
    @HotPath
    private static int hash(long key, Flow fl) {
        long h = mix(key ^ fl.saddrHi);
        h = mix(h ^ fl.saddrLo);
        h = mix(h ^ fl.daddrHi);
        h = mix(h ^ fl.daddrLo);
        h = mix(h ^ ((long) fl.sport << 32 | (long) fl.dport << 16 | fl.proto));
        int folded = (int) (h >>> 32);
        return folded == 0 ? 1 : folded;
    }

    /// The finisher of SplitMix64: every input bit reaches every output bit.
    @HotPath
    private static long mix(long v) {
        long z = (v ^ (v >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
