package dev.linnet.net.core.dev;

/// The metrics of a route (`RTAX_*`): 0 where not set, and which of them are locked. Immutable.
public final class RouteMetrics {
    public static final int RTAX_LOCK = 1;
    public static final int RTAX_MTU = 2;
    public static final int RTAX_WINDOW = 3;
    public static final int RTAX_RTT = 4;
    public static final int RTAX_RTTVAR = 5;
    public static final int RTAX_SSTHRESH = 6;
    public static final int RTAX_CWND = 7;
    public static final int RTAX_ADVMSS = 8;
    public static final int RTAX_REORDERING = 9;
    public static final int RTAX_HOPLIMIT = 10;
    public static final int RTAX_INITCWND = 11;
    public static final int RTAX_FEATURES = 12;
    public static final int RTAX_RTO_MIN = 13;
    public static final int RTAX_INITRWND = 14;
    public static final int RTAX_QUICKACK = 15;
    public static final int RTAX_CC_ALGO = 16;
    public static final int RTAX_FASTOPEN_NO_COOKIE = 17;
    private static final int COUNT = 18;

    /// No metric set.
    public static final RouteMetrics NONE = new RouteMetrics(new int[COUNT], 0);

    private final int[] values;
    private final int locked;

    private RouteMetrics(int[] values, int locked) {
        this.values = values;
        this.locked = locked;
    }

    /// These metrics with one more set.
    public RouteMetrics with(int rtax, int value) {
        int[] copy = values.clone();
        copy[rtax] = value;
        return new RouteMetrics(copy, locked);
    }

    /// These metrics with one of them locked.
    public RouteMetrics lock(int rtax) {
        return new RouteMetrics(values, locked | 1 << rtax);
    }

    public int get(int rtax) {
        return values[rtax];
    }

    public boolean isLocked(int rtax) {
        return (locked & 1 << rtax) != 0;
    }
}
