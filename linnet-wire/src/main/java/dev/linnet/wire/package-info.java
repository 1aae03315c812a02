/// Wire formats: static accessors over packet bytes, checksums, addresses, and a one-line printer.
/// Pure functions on `byte[]`; knows no stack, holds no state, starts no thread.
///
/// **Headers.** One final class per header ([Ethernet], [Arp], [Ipv4], [Ipv6], [Icmp], [Icmpv6],
/// [Ndisc], [Udp], [Tcp], [VirtioNetHdr]), never instantiated. A header is `(byte[] b, int off)`:
/// the array and the offset at which the header starts. In every class
/// - the comment has the RFC's diagram, with the field names of Linux's struct;
/// - field `x` is read by `x(b, off)` and written by `x(b, off, value)`, and `X` is its offset.
///   Units and meaning stand at the getter, or in the diagram where the name says all;
/// - `HEADER_BYTES` is the fixed header's size;
/// - `checkHeader(b, off, len)` compares every length with the `len` bytes that are there and
///   answers the header's length or a negative reason ([Malformed]). Call it once where bytes come
///   in; after that the accessors need no checks.
///
/// Numbers are in network byte order on the wire and plain `int`s here: fields up to 24 bits are
/// never negative, 32-bit fields are raw bits. Sequence numbers are compared with [Seq], IPv4
/// addresses are [In4Addr]'s `int`, IPv6 addresses [In6Addr]'s `long hi, long lo`, Ethernet
/// addresses [MacAddr]'s `long`.
///
/// **Options.** [OptionList] walks the lists of IPv4 and TCP and stops where they break;
/// [Ipv4Options] and [TcpOptions] give the options their meaning. [Ipv6Ext] and [Ndisc] walk theirs
/// in the same manner.
///
/// **Checksums** are in [Checksum]: sums of ranges, pseudo headers, incremental update.
///
/// **Printing.** [PacketPrinter] turns any bytes into a line in tcpdump's notation.
///
/// Nothing on the way of a packet allocates: no views, no records, no exceptions. Only the text
/// functions do (`parse`, `format`, the printer).
@NullMarked
package dev.linnet.wire;

import org.jspecify.annotations.NullMarked;
