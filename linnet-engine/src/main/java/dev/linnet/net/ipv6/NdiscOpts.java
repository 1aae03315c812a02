package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.dev.Neighbour;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.wire.Ethernet;
import dev.linnet.wire.Ndisc;
import dev.linnet.wire.OptionList;

/// Where the options of a received message of neighbour discovery are (`struct ndisc_options`).
/// Offsets are absolute in the packet's linear part, or [#ABSENT]; of options that come twice the
/// first counts.
@Kernel("ndisc_options")
final class NdiscOpts {
    static final int ABSENT = -1;

    final byte[] buf;

    /// Where the options begin and end; for those that may come often.
    final int start;

    final int end;
    int srcLladdr = ABSENT;
    int tgtLladdr = ABSENT;
    int mtu = ABSENT;
    int nonce = ABSENT;

    /// False if the list is broken: the message must be dropped (RFC 4861 section 4.6).
    final boolean ok;

    /// @param skb a linear packet with the message at `data`
    NdiscOpts(SkBuff skb, int fixedBytes) {
        this.buf = skb.buf;
        this.start = skb.data + fixedBytes;
        this.end = skb.tail;
        this.ok = parse();
    }

    @Kernel("ndisc_parse_options")
    private boolean parse() {
        int p = Ndisc.firstOption(buf, start, end);
        for (; p >= 0; p = Ndisc.nextOption(buf, p, end)) {
            switch (Ndisc.optionType(buf, p)) {
                case Ndisc.OPT_SOURCE_LL_ADDR -> srcLladdr = first(srcLladdr, p);
                case Ndisc.OPT_TARGET_LL_ADDR -> tgtLladdr = first(tgtLladdr, p);
                case Ndisc.OPT_MTU -> mtu = first(mtu, p);
                case Ndisc.OPT_NONCE -> nonce = first(nonce, p);
                default -> {}
            }
        }
        return p == OptionList.END;
    }

    private static int first(int known, int p) {
        return known == ABSENT ? p : known;
    }

    /// The address of a link-layer address option, [Neighbour#NO_LLADDR] where the option or the
    /// link's addresses are absent.
    @Kernel("ndisc_opt_addr_data")
    long lladdr(int option, NetDevice dev) {
        boolean there = option != ABSENT && dev.hardHeaderLen == Ethernet.HEADER_BYTES;
        return there ? Ndisc.linkAddr(buf, option) : Neighbour.NO_LLADDR;
    }

    /// True unless a link-layer address option has a length that addresses of the link do not have.
    boolean lladdrOk(int option) {
        return option == ABSENT || Ndisc.optionBytes(buf, option) == 8;
    }
}
