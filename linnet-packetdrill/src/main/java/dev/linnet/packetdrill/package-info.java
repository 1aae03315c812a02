/// packetdrill on the JVM: parser, interpreter, and the targets linnet and host.
@NullMarked
package dev.linnet.packetdrill;

import org.jspecify.annotations.NullMarked;
