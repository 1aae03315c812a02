/// Programs that know nothing of Linnet, run on it: the JVM of these tests has the agent and is strict, and only
/// [OnLinnet] looks at what is below them.
@NullMarked
package dev.linnet.programs;

import org.jspecify.annotations.NullMarked;
