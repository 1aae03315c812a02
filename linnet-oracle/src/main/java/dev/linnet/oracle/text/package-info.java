/// The text of facts: rows of calls with what they give, read into records and written again.
///
/// [RowReader] reads a file of rows; a [Row] is a list of [Statement]s; [Value] is what stands in an
/// argument. `docs/oracle.md` has the syntax. Everything here is immutable.
@NullMarked
package dev.linnet.oracle.text;

import org.jspecify.annotations.NullMarked;
