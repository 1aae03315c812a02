/// What programs and the kernel agree on: numbers, names and memory layouts of the Linux ABI on
/// x86-64. Constants and records only, no behaviour; everything here may be used from any thread.
///
/// Mirrors `include/uapi/linux/` and `include/uapi/asm-generic/`. A constant keeps its full C name
/// (`SO_REUSEADDR`, `EAGAIN`), so that it is found by its name and reads as in C after an
/// `import static`. The values are compared with Linux's headers in a test.
///
/// - Errors: [Errno].
/// - Sockets: [Af], [SocketType], [IpProto], [Msg], [Shut], [Ioctl], [Fcntl], [PollEvents], [Epoll].
/// - Options: [Sol] (levels), [So], [IpOpt], [Ipv6Opt], [TcpOpt], [UdpOpt].
/// - Addresses: [SockAddr] and its records, [InAddr], [In6Addr].
/// - TCP: [TcpState], [TcpCaState], [TcpInfo]. ICMP: [IcmpType], [Icmp6Type].
/// - Layouts: [Abi] (byte order), [CmsgHdr], [SockExtendedErr], [Linger], [TimeVal], [EpollEvent].
@NullMarked
package dev.linnet.uapi;

import org.jspecify.annotations.NullMarked;
