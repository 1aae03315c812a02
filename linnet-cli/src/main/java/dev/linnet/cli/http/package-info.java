/// A small HTTP/1.1 server and client on system calls; messages are read and written by Netty's
/// codecs.
@NullMarked
package dev.linnet.cli.http;

import org.jspecify.annotations.NullMarked;
