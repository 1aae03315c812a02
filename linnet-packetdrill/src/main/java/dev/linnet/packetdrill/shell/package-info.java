/// A small shell: the command lines of scripts, carried out without processes.
@NullMarked
package dev.linnet.packetdrill.shell;

import org.jspecify.annotations.NullMarked;
