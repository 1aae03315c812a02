package dev.linnet.kernel.sysctl;

import dev.linnet.kernel.sysctl.SysctlSpec.Scope;

/// `net.ipv4.route.*`: knobs of IPv4 routes.
///
/// Mirrors `net/ipv4/route.c`.
public final class RouteSysctls {
    static final SysctlTable TABLE = SysctlTable.of("net.ipv4.route.");
    private static final SysctlTable INITIAL = TABLE.in(Scope.INITIAL);

    /// Forget cached routes; any text does it.
    public static final Sysctl.Virtual FLUSH =
            TABLE.virtual(
                    "flush",
                    SysctlSpec.WRITE_ONLY,
                    TextHandlers.FLUSH,
                    "Forget cached routes; any text does it");

    /// Smallest segment size that is advertised.
    public static final Sysctl.Int MIN_ADV_MSS =
            TABLE.integer("min_adv_mss", 256, "Smallest segment size that is advertised");

    /// Smallest path MTU that is believed.
    public static final Sysctl.Int MIN_PMTU =
            TABLE.integer(
                    "min_pmtu", 552, 68, Integer.MAX_VALUE, "Smallest path MTU that is believed");

    /// Time after which a learnt path MTU is forgotten.
    public static final Sysctl.Int MTU_EXPIRES =
            TABLE.seconds("mtu_expires", 600, "Time after which a learnt path MTU is forgotten");

    // Shared by all namespaces of a stack and seen in the initial one only.

    /// Errors about unreachable hosts that may go out at once, in jiffies of error_cost.
    public static final Sysctl.Int ERROR_BURST =
            INITIAL.integer(
                    "error_burst",
                    m -> 5L * m.hz(),
                    Integer.MIN_VALUE,
                    "Errors about unreachable hosts that may go out at once, in jiffies of error_cost");

    /// Jiffies that such an error costs.
    public static final Sysctl.Int ERROR_COST =
            INITIAL.integer(
                    "error_cost",
                    m -> m.hz(),
                    Integer.MIN_VALUE,
                    "Jiffies that such an error costs");

    /// Without an effect.
    public static final Sysctl.Int GC_ELASTICITY =
            INITIAL.integer("gc_elasticity", 8, "Without an effect");

    /// Without an effect.
    public static final Sysctl.Int GC_INTERVAL =
            INITIAL.seconds("gc_interval", 60, "Without an effect");

    /// Without an effect.
    public static final Sysctl.Int GC_MIN_INTERVAL =
            INITIAL.millisAs("gc_min_interval", Conv.SECONDS, 500, "Without an effect");

    /// The same value in milliseconds.
    public static final Sysctl.Int GC_MIN_INTERVAL_MS =
            INITIAL.view(
                    GC_MIN_INTERVAL,
                    "gc_min_interval_ms",
                    Conv.MILLIS,
                    "The same value in milliseconds");

    /// Without an effect.
    public static final Sysctl.Int GC_THRESH =
            INITIAL.integer("gc_thresh", -1, "Without an effect");

    /// Without an effect.
    public static final Sysctl.Int GC_TIMEOUT =
            INITIAL.seconds("gc_timeout", 300, "Without an effect");

    /// Without an effect.
    public static final Sysctl.Int MAX_SIZE =
            INITIAL.integer("max_size", Integer.MAX_VALUE, "Without an effect");

    /// Jiffies between redirects, doubled with each.
    public static final Sysctl.Int REDIRECT_LOAD =
            INITIAL.integer(
                    "redirect_load",
                    m -> m.hz() / 50,
                    Integer.MIN_VALUE,
                    "Jiffies between redirects, doubled with each");

    /// Redirects to one host before silence.
    public static final Sysctl.Int REDIRECT_NUMBER =
            INITIAL.integer("redirect_number", 9, "Redirects to one host before silence");

    /// Jiffies of silence after which they begin anew.
    public static final Sysctl.Int REDIRECT_SILENCE =
            INITIAL.integer(
                    "redirect_silence",
                    m -> (m.hz() / 50) << 10,
                    Integer.MIN_VALUE,
                    "Jiffies of silence after which they begin anew");

    private RouteSysctls() {}
}
