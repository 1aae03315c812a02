package dev.linnet.net.core.sock;

import dev.linnet.hook.HookSocket;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.uapi.SockAddrIn6;
import dev.linnet.uapi.TcpState;
import org.jspecify.annotations.Nullable;

/// A sock as hooks see it.
public record SockView(Sock sk) implements HookSocket {
    @Override
    public int family() {
        return sk.family;
    }

    @Override
    public int type() {
        return sk.type;
    }

    @Override
    public int protocol() {
        return sk.protocol;
    }

    @Override
    public TcpState state() {
        return sk.state;
    }

    @Override
    public long cookie() {
        return sk.cookie;
    }

    @Override
    public int uid() {
        return sk.uid;
    }

    @Override
    public @Nullable SockAddr local() {
        return address(sk, sk.rcvSaddrHi, sk.rcvSaddrLo, sk.num);
    }

    @Override
    public @Nullable SockAddr peer() {
        return sk.dport == 0 ? null : address(sk, sk.daddrHi, sk.daddrLo, sk.dport);
    }

    /// An address in the form of the sock's family; null for a family that has none of this kind.
    static @Nullable SockAddr address(SockCommon sk, long hi, long lo, int port) {
        return switch (sk.family) {
            case Af.AF_INET -> new SockAddrIn(port, (int) lo);
            case Af.AF_INET6 -> new SockAddrIn6(port, hi, lo);
            default -> null;
        };
    }

    @Override
    public int mark() {
        return sk.mark;
    }

    @Override
    public void mark(int mark) {
        sk.mark = mark;
    }

    @Override
    public int priority() {
        return sk.priority;
    }

    @Override
    public void priority(int priority) {
        sk.priority = priority;
    }

    @Override
    public int boundDevIf() {
        return sk.boundDevIf;
    }

    @Override
    public void boundDevIf(int ifindex) {
        sk.boundDevIf = ifindex;
    }
}
