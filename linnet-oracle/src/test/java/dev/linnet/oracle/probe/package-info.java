/// Probes: programs that make very many calls of one kind on Linnet and on the host's kernel and compare
/// what both give, without saying what that is.
@NullMarked
package dev.linnet.oracle.probe;

import org.jspecify.annotations.NullMarked;
