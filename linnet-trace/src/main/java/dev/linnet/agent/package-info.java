/// The Java agent, in a jar of its own because the JVM puts agents on the class path.
@NullMarked
package dev.linnet.agent;

import org.jspecify.annotations.NullMarked;
