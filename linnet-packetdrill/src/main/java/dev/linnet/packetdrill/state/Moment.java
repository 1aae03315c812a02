package dev.linnet.packetdrill.state;

import dev.linnet.packetdrill.script.EventTime;

/// When an event is to happen, once that is known: in microseconds since the start of the script.
///
/// @param kind   how the script says it
/// @param usecs  when, or the start of the range
/// @param last   the end of the range; else the same as `usecs`
/// @param offset what relative times count from
/// @param before when the event before was to happen; -1 if there was none
public record Moment(EventTime kind, long usecs, long last, long offset, long before) {}
