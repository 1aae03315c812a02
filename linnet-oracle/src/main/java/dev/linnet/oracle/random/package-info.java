/// Random programs of system calls, run on Linnet and on the host and compared call by call.
///
/// [Grammar] makes calls of the templates in `random.txt`, knowing from a [Model] which descriptors are
/// open; [Duel] runs a program on both; [Campaign] runs many and shrinks what differs to a row.
@NullMarked
package dev.linnet.oracle.random;

import org.jspecify.annotations.NullMarked;
