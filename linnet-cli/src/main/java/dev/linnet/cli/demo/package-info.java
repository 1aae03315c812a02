/// `linnet demo`: a handshake, a transfer over a lossy link, and what the stack can show of it.
@NullMarked
package dev.linnet.cli.demo;

import org.jspecify.annotations.NullMarked;
