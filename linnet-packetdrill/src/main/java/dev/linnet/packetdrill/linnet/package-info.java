/// The target `linnet`: the stack in this process, in virtual time, a fresh one for each script.
@NullMarked
package dev.linnet.packetdrill.linnet;

import org.jspecify.annotations.NullMarked;
