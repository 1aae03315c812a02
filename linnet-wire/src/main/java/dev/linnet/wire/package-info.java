/// Wire formats: header accessors, checksums, pcapng and one-line printers. Pure; knows no stack.
@NullMarked
package dev.linnet.wire;

import org.jspecify.annotations.NullMarked;
