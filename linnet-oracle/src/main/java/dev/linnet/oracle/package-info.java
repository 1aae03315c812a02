/// Facts about system calls, run on Linnet and on the host's kernel.
///
/// [Facts] has the rows, [RowRun] runs one on a target and says what each call gave, [Oracle] is the
/// program, [ConformancePage] the page of all of them.
@NullMarked
package dev.linnet.oracle;

import org.jspecify.annotations.NullMarked;
