package dev.linnet.net.core.sock;

import org.jspecify.annotations.Nullable;

/// What a datagram is sent with: the socket's settings, changed by the control messages of one call
/// (`struct ipcm_cookie`, `struct ipcm6_cookie`). A scratch object of one call.
public final class IpcmCookie {
    /// Source address asked for, or unspecified; interface asked for, or 0.
    public long saddrHi;

    public long saddrLo;
    public int oif;

    /// TOS or traffic class, TTL or hop limit; -1 for the socket's.
    public int tos = -1;

    public int ttl = -1;

    /// IPv4 options, or null.
    public byte @Nullable [] options;

    /// IPv6 extension headers, IPv6's own affair, or null.
    public @Nullable Object opt6;

    /// `IPV6_DONTFRAG` of this message, -1 for the socket's; flow label.
    public int dontfrag = -1;

    public int flowLabel;

    /// `UDP_SEGMENT` of this message, 0 for none.
    public int gsoSize;

    /// `SO_TIMESTAMPING` and mark of this message.
    public int tsflags;

    public int mark;

    /// `SCM_DEVMEM_DMABUF`: memory of a device that holds the data, 0 for none.
    public int dmabufId;

    /// `SCM_TXTIME`: when it is to leave, 0 for at once.
    public long txtimeNs;

    /// `SCM_TS_OPT_ID`: the number that its time stamps carry, if the user chose one.
    public int tsOptId;

    public boolean hasTsOptId;

    /// Priority of the packet; protocol that a raw socket's route is looked up for, 0 for its own.
    public int priority;

    public int protocol;

    /// Makes this the same as another one.
    public void copyFrom(IpcmCookie o) {
        saddrHi = o.saddrHi;
        saddrLo = o.saddrLo;
        oif = o.oif;
        tos = o.tos;
        ttl = o.ttl;
        options = o.options;
        opt6 = o.opt6;
        dontfrag = o.dontfrag;
        flowLabel = o.flowLabel;
        gsoSize = o.gsoSize;
        tsflags = o.tsflags;
        dmabufId = o.dmabufId;
        txtimeNs = o.txtimeNs;
        tsOptId = o.tsOptId;
        hasTsOptId = o.hasTsOptId;
        mark = o.mark;
        priority = o.priority;
        protocol = o.protocol;
    }

    /// Ready for a call on a socket.
    public IpcmCookie init(InetSock sk) {
        saddrHi = 0;
        saddrLo = 0;
        oif = sk.boundDevIf != 0 ? sk.boundDevIf : sk.pktinfoIfindex;
        tos = -1;
        ttl = -1;
        options = sk.ipOptions;
        opt6 = null;
        dontfrag = -1;
        flowLabel = sk.flowLabel;
        gsoSize = 0;
        tsflags = sk.tsflags;
        dmabufId = 0;
        txtimeNs = 0;
        hasTsOptId = false;
        mark = sk.mark;
        priority = sk.priority;
        protocol = 0;
        return this;
    }
}
