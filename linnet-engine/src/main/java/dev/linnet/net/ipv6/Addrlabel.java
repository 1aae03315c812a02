package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.PrefixTrie;
import dev.linnet.wire.In6Addr;
import java.util.Objects;

/// Labels of address ranges, by which source and destination are matched (RFC 6724 section 2.1, with
/// Linux's additions; `net/ipv6/addrlabel.c`).
final class Addrlabel {
    private static final PrefixTrie<Integer> TABLE = new PrefixTrie<>();

    static {
        add("::", 0, 1);
        add("fc00::", 7, 5);
        add("fec0::", 10, 11);
        add("2002::", 16, 2);
        add("3ffe::", 16, 12);
        add("2001::", 32, 6);
        add("2001:10::", 28, 7);
        add("::ffff:0:0", 96, 4);
        add("::", 96, 3);
        add("::1", 128, 0);
    }

    private Addrlabel() {}

    private static void add(String prefix, int prefixLen, int label) {
        In6Addr a = In6Addr.parse(prefix);
        TABLE.update(a.hi(), a.lo(), prefixLen, present -> label);
    }

    @Kernel("ipv6_addr_label")
    static int of(long hi, long lo) {
        return Objects.requireNonNull(TABLE.lookup(hi, lo, label -> true)); // ::/0 covers all
    }
}
