/// Virtual networks: links between hosts with delay, rate, loss, duplication, reordering and
/// corruption, drawn from a seed.
@NullMarked
package dev.linnet.sim;

import org.jspecify.annotations.NullMarked;
