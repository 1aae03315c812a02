/// Memory as rows describe it: structures laid out in bytes, with what is expected in them after a
/// call.
///
/// [Layouts] knows the structures, [Image] is one piece of memory, [ImageBuilder] makes it of a
/// [dev.linnet.oracle.text.Value], [Verifier] compares it after the call, [Renderer] writes the value
/// with what was found.
@NullMarked
package dev.linnet.oracle.memory;

import org.jspecify.annotations.NullMarked;
