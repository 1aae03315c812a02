package dev.linnet.uapi;

import java.util.Arrays;

/// An IPv4 address and port (`struct sockaddr_in`).
///
/// @param port 0 to 65535
/// @param addr the address, `127.0.0.1` is `0x7f000001`
public record SockAddrIn(int port, int addr) implements SockAddr {
    /// Bytes of the C structure, eight of them padding.
    public static final int SIZE = 16;

    static SockAddrIn read(byte[] buf, int off) {
        return new SockAddrIn(Abi.getShortBe(buf, off + 2), Abi.getIntBe(buf, off + 4));
    }

    @Override
    public int family() {
        return Af.AF_INET;
    }

    @Override
    public int length() {
        return SIZE;
    }

    @Override
    public int encode(byte[] buf, int off) {
        Abi.putShort(buf, off, Af.AF_INET);
        Abi.putShortBe(buf, off + 2, port);
        Abi.putIntBe(buf, off + 4, addr);
        Arrays.fill(buf, off + 8, off + SIZE, (byte) 0);
        return SIZE;
    }

    /// Address and port as `1.2.3.4:80`.
    @Override
    public String toString() {
        return InAddr.format(addr) + ":" + port;
    }
}
