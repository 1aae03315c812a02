package dev.linnet.kernel.mib;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// The counters of a namespace at one moment, by the names that `nstat` prints, in the order of the
/// `/proc/net` files. Counters of ICMP types appear only if they are not zero.
///
/// @param values name to count
public record MibSnapshot(Map<String, Long> values) {
    private static final int TYPES = 256;

    static MibSnapshot of(MibCounters counters) {
        Map<String, Long> values = new LinkedHashMap<>();
        for (Mib counter : MibLayout.all()) {
            values.put(counter.nstatName(), counters.get(counter));
        }
        types(values, "IcmpMsg", counters.icmpMsg());
        types(values, "Icmp6", counters.icmp6Msg());
        return new MibSnapshot(Collections.unmodifiableMap(values));
    }

    private static void types(Map<String, Long> values, String prefix, IcmpMsgCounters counters) {
        for (int t = 0; t < TYPES; t++) {
            putNonZero(values, prefix + "InType" + t, counters.received(t));
        }
        for (int t = 0; t < TYPES; t++) {
            putNonZero(values, prefix + "OutType" + t, counters.sent(t));
        }
    }

    private static void putNonZero(Map<String, Long> values, String name, long count) {
        if (count != 0) {
            values.put(name, count);
        }
    }

    /// The count of a name, 0 if it does not occur.
    public long get(String nstatName) {
        return values.getOrDefault(nstatName, 0L);
    }

    /// What changed since an earlier snapshot: the differences that are not zero, as `nstat` shows
    /// them.
    public Map<String, Long> since(MibSnapshot earlier) {
        Map<String, Long> changes = new LinkedHashMap<>();
        values.forEach((name, count) -> putNonZero(changes, name, count - earlier.get(name)));
        return changes;
    }
}
