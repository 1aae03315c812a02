package dev.linnet.packetdrill.script;

import java.util.List;

/// A TCP option as a script writes it.
public sealed interface TcpOption {
    /// `nop`.
    record Nop() implements TcpOption {}

    /// `eol`.
    record Eol() implements TcpOption {}

    /// `mss 1460`.
    record Mss(int bytes) implements TcpOption {}

    /// `wscale 7`.
    record WindowScale(int shift) implements TcpOption {}

    /// `sackOK`.
    record SackPermitted() implements TcpOption {}

    /// `sack 1:1001 2001:3001`.
    record Sack(List<Block> blocks) implements TcpOption {}

    /// `TS val 100 ecr 200`.
    record Timestamps(long val, long ecr) implements TcpOption {}

    /// `md5 0011…` (RFC 2385). A digest of a wrong length can be written, to test what comes of it.
    @SuppressWarnings("ArrayRecordComponent")
    record Md5(byte[] digest) implements TcpOption {}

    /// `FO 0011…` (RFC 7413), or `FOEXP 0011…` in the experimental option that came before it.
    @SuppressWarnings("ArrayRecordComponent")
    record FastOpen(byte[] cookie, boolean experimental) implements TcpOption {}

    /// `ECN e0b 1 ceb 0 e1b 1`: byte counters of AccECN (RFC 9768), all or the first of them. The
    /// order says which of its two options is meant.
    record AccEcn(List<Counter> counters) implements TcpOption {}

    /// A piece of sequence space, `right` not included.
    record Block(long left, long right) {}

    /// One of AccECN's counters, 24 bits.
    record Counter(String name, int value) {}
}
