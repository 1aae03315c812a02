package dev.linnet.net.udp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.UdpSysctls;
import dev.linnet.net.core.Pernet;
import dev.linnet.net.core.sock.ProtoMemory;

/// The share of a socket in UDP's memory (`udp_mem`): what waits in its queue, in whole pages. For any
/// thread; the queue's monitor guards the socket's own count.
public final class UdpMemory {
    /// Of all sockets of a namespace (`udp_memory_allocated`).
    public static final Pernet<ProtoMemory> OF =
            new Pernet<>(net -> new ProtoMemory(net, UdpSysctls.MEM, null, null));

    private UdpMemory() {}

    /// True if a datagram of this size may wait: while UDP has much, only a socket with little may get
    /// more.
    @Kernel("udp_rmem_schedule")
    @HotPath
    static boolean mayReceive(UdpSock sk, int truesize) {
        int rmem = sk.rmemAlloc();
        int pages = ProtoMemory.pages(rmem + truesize) - sk.memPages;
        if (pages <= 0) {
            return true;
        }
        ProtoMemory.Answer answer = OF.of(sk.net).ask(pages);
        if (answer == ProtoMemory.Answer.SCARCE) {
            return rmem < sk.net.sysctl.get(UdpSysctls.RMEM_MIN);
        }
        return answer == ProtoMemory.Answer.GRANTED;
    }

    /// Follows the queue.
    @Kernel("udp_rmem_release")
    @HotPath
    static void update(UdpSock sk) {
        synchronized (sk.receiveQueue) {
            int pages = ProtoMemory.pages(sk.rmemAlloc());
            int more = pages - sk.memPages;
            if (more != 0) {
                sk.memPages = pages;
                OF.of(sk.net).charge(more);
            }
        }
    }
}
