/// A small HTTP/1.1 server and client on system calls; messages are read and written by Netty's
/// codecs.
///
/// [HttpServer] has one thread that accepts and one for each connection; bodies leave through `sendfile`
/// where they are files ([FileContent]). [HttpFetch] is one `GET`.
@NullMarked
package dev.linnet.cli.http;

import org.jspecify.annotations.NullMarked;
