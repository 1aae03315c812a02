package dev.linnet.net.core.skb;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.Checksum;

/// Transport checksums of packets that are sent: completing what was left to the device.
public final class SkbChecksum {
    private SkbChecksum() {}

    /// Completes a `CHECKSUM_PARTIAL` packet: sums from [SkBuff#csumStart] to the end, the field
    /// with the pseudo header's sum included, and stores the result (`skb_checksum_help`). False if
    /// the field is not in the packet's linear part.
    @Kernel("skb_checksum_help")
    @HotPath
    public static boolean help(SkBuff skb) {
        int start = skb.csumStart - skb.data;
        int field = start + skb.csumOffset;
        if (start < 0 || start >= skb.len || !skb.mayPull(field + 2)) {
            return false;
        }
        skb.cowHead(SoftIrq.current().stripe, 0);
        int check = Checksum.fold(SkbOps.checksum(skb, start, skb.len - start, 0));
        store(skb, check == 0 ? Checksum.MANGLED_0 : check);
        skb.ipSummed = SkBuff.CHECKSUM_NONE;
        return true;
    }

    /// Writes the checksum field that [SkBuff#csumStart] and [SkBuff#csumOffset] name.
    @HotPath
    static void store(SkBuff skb, int check) {
        Bytes.u16(skb.buf, skb.csumStart + skb.csumOffset, check);
    }

    /// Announces a `CHECKSUM_PARTIAL` at an absolute place with the pseudo header's sum as its seed.
    ///
    /// @param offset of the field, from the transport header
    /// @param seed wsum of the pseudo header
    @HotPath
    public static void setPartial(SkBuff skb, int offset, int seed) {
        skb.ipSummed = SkBuff.CHECKSUM_PARTIAL;
        skb.csumStart = skb.transportHeader;
        skb.csumOffset = offset;
        store(skb, Checksum.fold16(seed));
    }
}
