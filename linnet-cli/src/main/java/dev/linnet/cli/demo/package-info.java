/// `linnet demo`: a handshake, a transfer over a lossy link, and what the stack can show of it.
///
/// `Demo` runs it, `HandshakeView` traces the functions of the handshake, `TransferView` follows the
/// transfer, `DemoScreen` is all that prints.
@NullMarked
package dev.linnet.cli.demo;

import org.jspecify.annotations.NullMarked;
