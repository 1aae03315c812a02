package dev.linnet.packetdrill.run;

import dev.linnet.packetdrill.script.Source;
import dev.linnet.packetdrill.state.EventFailure;

/// A failure together with the event that it belongs to, which need not be the one in progress: a
/// blocking call fails when it returns.
final class FailedEvent extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Source at;
    private final transient EventFailure failure;

    FailedEvent(Source at, EventFailure failure) {
        super(failure.message(), null, false, false);
        this.at = at;
        this.failure = failure;
    }

    Source at() {
        return at;
    }

    EventFailure failure() {
        return failure;
    }
}
