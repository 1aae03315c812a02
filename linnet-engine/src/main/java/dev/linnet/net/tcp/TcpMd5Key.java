package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;

/// One key of TCP-MD5 (RFC 2385) and the peers that it is for (`struct tcp_md5sig_key`).
///
/// @param family `AF_INET` or `AF_INET6`
/// @param addrHi address of the peer; IPv4 in mapped form
/// @param addrLo see `addrHi`
/// @param prefixLen how many bits of the address count, of the family's own length
/// @param ifindex interface that the key is bound to, or 0
/// @param key 1 to 80 bytes; never changed
@Kernel("tcp_md5sig_key")
public record TcpMd5Key(
        int family, long addrHi, long addrLo, int prefixLen, int ifindex, byte[] key) {}
