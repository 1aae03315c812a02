/// The Java agent, in a jar of its own because the JVM puts agents on the class path.
package dev.linnet.agent;
