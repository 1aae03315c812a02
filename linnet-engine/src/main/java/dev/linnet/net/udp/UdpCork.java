package dev.linnet.net.udp;

import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.dev.Flow;
import dev.linnet.net.core.skb.SkBuff;

/// A datagram that is still being put together (`struct inet_cork`): the first write settled its
/// destination.
record UdpCork(SkBuff skb, Flow fl, int gsoSize, DstEntry dst, int dport) {}
