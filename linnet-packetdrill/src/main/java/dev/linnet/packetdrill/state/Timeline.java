package dev.linnet.packetdrill.state;

import dev.linnet.packetdrill.Config;
import dev.linnet.packetdrill.script.Event;
import dev.linnet.packetdrill.script.EventTime;
import dev.linnet.packetdrill.target.Target;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The time of a run: when each event is due, and whether what happened did so at its time.
///
/// Script time is microseconds since the first event. A relative time counts from the end of the
/// event before; only injected packets that follow one another count from the time at which the one
/// before was due, so that the cost of injecting does not add up.
public final class Timeline {
    private final Target target;
    private final long toleranceUsecs;
    private final double tolerancePercent;

    private long start;
    private @Nullable Event lastEvent;
    private long lastUsecs = -1;
    private int eventsDone;

    /// A timeline that begins with [#begin].
    public Timeline(Config config, Target target) {
        this.target = target;
        this.toleranceUsecs = config.toleranceUsecs();
        this.tolerancePercent = config.tolerancePercent();
    }

    /// Makes this moment, or one shortly ahead, time 0.
    public void begin() {
        start = target.awaitStart();
    }

    /// Script time now.
    public long now() {
        return target.nowUsecs() - start;
    }

    /// Script time of a time of the target.
    public long toScript(long liveUsecs) {
        return liveUsecs - start;
    }

    /// The target's time for a script time.
    public long toLive(long scriptUsecs) {
        return start + scriptUsecs;
    }

    /// When the next event is due.
    public Moment schedule(Event event) {
        EventTime time = event.time();
        if (eventsDone == 0 && time.startUsecs() != 0) {
            throw new EventFailure("first event should be at time 0");
        }
        long offset = 0;
        if (time.isRelative()) {
            offset = isInjection(lastEvent) && isInjection(event) ? lastUsecs : now();
        } else if (lastEvent != null
                && !lastEvent.time().isRelative()
                && time.startUsecs() < lastUsecs) {
            throw new EventFailure(
                    "time goes backward in script from "
                            + lastUsecs
                            + " usec to "
                            + time.startUsecs()
                            + " usec");
        }
        return new Moment(
                time, time.startUsecs() + offset, time.lastUsecs() + offset, offset, lastUsecs);
    }

    private static boolean isInjection(@Nullable Event event) {
        return event instanceof Event.PacketEvent packet
                && packet.direction() == Event.Direction.INBOUND;
    }

    /// Marks the event as done.
    public void done(Event event, Moment moment) {
        lastEvent = event;
        lastUsecs = moment.usecs();
        eventsDone++;
    }

    /// Waits until the event is due and checks that it is not late by then.
    public void await(Moment moment, String description) {
        target.sleepUntil(toLive(moment.usecs()));
        if (eventsDone > 0) {
            verify(moment, now(), description);
        }
    }

    /// How far from `moment` an event may be.
    public long tolerance(Moment moment) {
        return moment.before() < 0 ? toleranceUsecs : tolerance(moment.usecs() - moment.before());
    }

    /// How far from its time something may be that comes `delta` after what it is counted from.
    public long tolerance(long delta) {
        return Math.max(toleranceUsecs, (long) (tolerancePercent / 100.0 * delta));
    }

    /// The tolerance of the options, whatever came before.
    public long plainTolerance() {
        return toleranceUsecs;
    }

    /// Checks that what was due at `moment` happened then.
    ///
    /// @throws EventFailure if it did not
    public void verify(Moment moment, long actual, String what) {
        long tolerance = tolerance(moment);
        boolean inTime =
                moment.kind() instanceof EventTime.Any
                        || actual >= moment.usecs() - tolerance
                                && actual <= moment.last() + tolerance;
        if (!inTime) {
            throw new EventFailure(
                    "timing error: expected " + text(moment, actual, what, tolerance));
        }
    }

    /// Checks that a blocking call that was due to begin at `begin` and to return at `end` did
    /// return then.
    public void verifyReturn(long begin, long end, long actual) {
        long tolerance = tolerance(end - begin);
        if (actual < end - tolerance || actual > end + tolerance) {
            throw new EventFailure(
                    "timing error: expected "
                            + atTime("system call return", end, actual, tolerance));
        }
    }

    private static String text(Moment moment, long actual, String what, long tolerance) {
        return switch (moment.kind()) {
            case EventTime.AbsoluteRange _ ->
                    String.format(
                            Locale.ROOT,
                            "%s in time range %.6f~%.6f sec but happened at %.6f sec",
                            what,
                            moment.usecs() / 1e6,
                            moment.last() / 1e6,
                            actual / 1e6);
            case EventTime.RelativeRange _ ->
                    String.format(
                            Locale.ROOT,
                            "%s in relative time range +%.6f~+%.6f sec but happened at %+.6f sec",
                            what,
                            (moment.usecs() - moment.offset()) / 1e6,
                            (moment.last() - moment.offset()) / 1e6,
                            (actual - moment.offset()) / 1e6);
            default -> atTime(what, moment.usecs(), actual, tolerance);
        };
    }

    private static String atTime(String what, long expected, long actual, long tolerance) {
        return String.format(
                Locale.ROOT,
                "%s at %.6f sec but happened at %.6f sec; tolerance %.6f sec",
                what,
                expected / 1e6,
                actual / 1e6,
                tolerance / 1e6);
    }
}
