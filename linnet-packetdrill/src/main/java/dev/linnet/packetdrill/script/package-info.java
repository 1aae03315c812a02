/// The packetdrill language: the parser and the records that a script becomes.
///
/// [ScriptParser] turns text into a [Script]: options, events in order, the commands before and
/// after. Every record knows where it stands ([Source]), every error is a [ScriptException] with
/// file, line and column. Nothing here knows of a kernel: names such as `SO_REUSEADDR` stay
/// symbols, structures stay lists of fields.
@NullMarked
package dev.linnet.packetdrill.script;

import org.jspecify.annotations.NullMarked;
