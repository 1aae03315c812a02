package dev.linnet.sim;

import java.util.Locale;

/// What a link does to the packets of one direction. Immutable; made from text such as
/// `delay=20ms,loss=1%,rate=100mbit` or with the `with…` methods.
///
/// @param delayNs time from one end to the other, ns
/// @param jitterNs each packet's delay varies by up to this much either way, ns; later packets may
///     then overtake earlier ones
/// @param rateBps bits per second, 0 for no limit
/// @param loss probability of 0 to 1 that a packet is lost
/// @param duplicate probability that it arrives twice
/// @param reorder probability that it overtakes those before it (it has no delay)
/// @param corrupt probability that one of its bits is turned
/// @param limit packets that wait for their turn when there is a rate; more are dropped
/// @param mtu largest packet in bytes, 68 to 65535
public record LinkConfig(
        long delayNs,
        long jitterNs,
        long rateBps,
        double loss,
        double duplicate,
        double reorder,
        double corrupt,
        int limit,
        int mtu) {
    /// A perfect link: no delay, no limit, no loss, MTU 1500.
    public static final LinkConfig PERFECT = new LinkConfig(0, 0, 0, 0, 0, 0, 0, 1000, 1500);

    public LinkConfig {
        check(delayNs >= 0 && jitterNs >= 0, "delay and jitter must not be negative");
        check(rateBps >= 0, "rate must not be negative");
        check(chance(loss) && chance(duplicate), "loss and duplicate are between 0% and 100%");
        check(chance(reorder) && chance(corrupt), "reorder and corrupt are between 0% and 100%");
        check(limit > 0, "limit must be at least one packet");
        check(mtu >= 68 && mtu <= 65535, "mtu must be between 68 and 65535");
    }

    private static boolean chance(double p) {
        return p >= 0 && p <= 1;
    }

    private static void check(boolean ok, String what) {
        if (!ok) {
            throw new IllegalArgumentException("link: " + what);
        }
    }

    public LinkConfig withDelayMs(long ms) {
        return new LinkConfig(
                ms * 1_000_000, jitterNs, rateBps, loss, duplicate, reorder, corrupt, limit, mtu);
    }

    public LinkConfig withLoss(double p) {
        return new LinkConfig(
                delayNs, jitterNs, rateBps, p, duplicate, reorder, corrupt, limit, mtu);
    }

    public LinkConfig withRate(long bps) {
        return new LinkConfig(
                delayNs, jitterNs, bps, loss, duplicate, reorder, corrupt, limit, mtu);
    }

    public LinkConfig withMtu(int bytes) {
        return new LinkConfig(
                delayNs, jitterNs, rateBps, loss, duplicate, reorder, corrupt, limit, bytes);
    }

    /// True if packets are handed over as they are, at once.
    boolean perfect() {
        return delayNs == 0 && jitterNs == 0 && !actsOnPackets();
    }

    /// True if what happens to a packet depends on its being one packet of the wire's size.
    boolean actsOnPackets() {
        return rateBps > 0 || loss > 0 || duplicate > 0 || reorder > 0 || corrupt > 0;
    }

    /// Reads `key=value` pairs separated by commas: `delay`, `jitter` (`20ms`, `500us`, `1s`),
    /// `rate` (`100mbit`, `1gbit`, `64kbit`), `loss`, `duplicate`, `reorder`, `corrupt` (`1%`,
    /// `0.5%`), `limit` (packets), `mtu` (bytes).
    ///
    /// @throws IllegalArgumentException naming the pair that cannot be read
    public static LinkConfig parse(String text) {
        LinkConfig c = PERFECT;
        for (String pair : text.split(",")) {
            if (!pair.isBlank()) {
                c = c.with(pair.strip());
            }
        }
        return c;
    }

    private LinkConfig with(String pair) {
        int eq = pair.indexOf('=');
        String key = eq < 0 ? pair : pair.substring(0, eq).strip();
        String value = eq < 0 ? "" : pair.substring(eq + 1).strip().toLowerCase(Locale.ROOT);
        long d = delayNs;
        long j = jitterNs;
        long r = rateBps;
        double l = loss;
        double dup = duplicate;
        double re = reorder;
        double co = corrupt;
        int lim = limit;
        int m = mtu;
        try {
            switch (key) {
                case "delay" -> d = Units.nanos(value);
                case "jitter" -> j = Units.nanos(value);
                case "rate" -> r = Units.bitsPerSecond(value);
                case "loss" -> l = Units.fraction(value);
                case "duplicate" -> dup = Units.fraction(value);
                case "reorder" -> re = Units.fraction(value);
                case "corrupt" -> co = Units.fraction(value);
                case "limit" -> lim = Integer.parseInt(value);
                case "mtu" -> m = Integer.parseInt(value);
                default ->
                        throw new IllegalArgumentException(
                                "link: unknown setting '"
                                        + key
                                        + "'; there are delay, jitter, rate, loss, duplicate,"
                                        + " reorder, corrupt, limit, mtu");
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("link: cannot read '" + pair + "'", e);
        }
        return new LinkConfig(d, j, r, l, dup, re, co, lim, m);
    }
}
