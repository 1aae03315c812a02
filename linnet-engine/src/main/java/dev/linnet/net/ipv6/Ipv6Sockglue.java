package dev.linnet.net.ipv6;

import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.*;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.*;
import org.jspecify.annotations.Nullable;

public final class Ipv6Sockglue {
    private Ipv6Sockglue() {}
    public static int setsockopt(InetSock sk, int name, byte[] value) { throw new AssertionError(); }
    public static int getsockopt(InetSock sk, int name, byte[] value) { throw new AssertionError(); }
    public static int cmsgSend(InetSock sk, MsgHdr msg, IpcmCookie ipc) { throw new AssertionError(); }
    public static void cmsgRecv(InetSock sk, SkBuff skb, MsgHdr msg) { throw new AssertionError(); }
}
