/// The JDK's own contract, as a differential test: the same plain JDK code runs on the default providers (the kernel's
/// loopback, in a network namespace of its own) and on Linnet, and what came out is compared line by line.
///
/// A case ([Suite]) tells what happens to it in words ([Trace]): values, exceptions with their messages, states.
/// Nothing of it depends on time; ports are named in the order in which they appear. [Runner] runs all of them in a JVM
/// and prints a line for each; [ContractTest] starts it twice and compares. What may differ, and why, is in
/// [Permitted].
@NullMarked
package dev.linnet.contract;

import org.jspecify.annotations.NullMarked;
