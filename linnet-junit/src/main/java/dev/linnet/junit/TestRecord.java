package dev.linnet.junit;

import java.util.Map;

/// A test that runs, and what its network's counters were when it began.
record TestRecord(LiveNetwork live, Map<String, Map<String, Long>> before) {
    TestRecord(LiveNetwork live) {
        this(live, NetworkFailure.counters(live.network()));
    }

    /// The network as it is now, in comparison.
    NetworkFailure.Snapshot snapshot() {
        return NetworkFailure.snapshot(live.network(), before);
    }
}
