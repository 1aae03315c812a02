/// Benchmarks: the stack beside the kernel, in one run. Not part of the tests.
@NullMarked
package dev.linnet.bench;

import org.jspecify.annotations.NullMarked;
