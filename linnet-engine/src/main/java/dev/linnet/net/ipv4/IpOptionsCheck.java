package dev.linnet.net.ipv4;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.Rtn;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.Ipv4Options;
import dev.linnet.wire.OptionList;

/// Checks the options of one header and takes part in them: this host's address goes into a record
/// route, its time into a timestamp option (`__ip_options_compile`). RFC 791 section 3.1, RFC 781.
final class IpOptionsCheck {
    /// All is well.
    static final int OK = -1;

    private static final int MAX_OVERFLOW = 15;

    private final NetNamespace net;
    private final byte[] b;
    private final int start;
    private final int end;

    /// The options come from a received packet, else from a user who wants to send them.
    private final boolean received;

    /// May send options that mean something special (`CAP_NET_RAW`); for users only.
    private final boolean privileged;

    private final int specDst;
    private boolean srrSeen;
    private boolean rrSeen;
    private boolean tsSeen;
    private boolean cipsoSeen;

    /// A set of [IpCb]'s marks that the options lead to.
    int flags;

    private IpOptionsCheck(
            NetNamespace net,
            byte[] b,
            int start,
            int end,
            boolean received,
            boolean privileged,
            int specDst) {
        this.net = net;
        this.b = b;
        this.start = start;
        this.end = end;
        this.received = received;
        this.privileged = privileged;
        this.specDst = specDst;
    }

    /// For the options of a received packet, in `[start, end)` of its header.
    ///
    /// @param specDst our address, to be recorded
    static IpOptionsCheck ofPacket(NetNamespace net, byte[] b, int start, int end, int specDst) {
        return new IpOptionsCheck(net, b, start, end, true, true, specDst);
    }

    /// For options that a user wants to send.
    static IpOptionsCheck ofUser(NetNamespace net, byte[] b, boolean privileged) {
        return new IpOptionsCheck(net, b, 0, b.length, false, privileged, 0);
    }

    /// Checks them all: [#OK], or the offset in the array of the byte that is wrong.
    @Kernel("__ip_options_compile")
    int run() {
        int p = start;
        while (p < end) {
            int kind = Bytes.u8(b, p);
            if (kind == OptionList.EOL) {
                clearRest(p + 1);
                return OK;
            }
            if (kind == OptionList.NOP) {
                p++;
                continue;
            }
            if (end - p < 2) {
                return p;
            }
            int bytes = Bytes.u8(b, p + 1);
            if (bytes < 2 || bytes > end - p) {
                return p;
            }
            int bad = one(kind, p, bytes);
            if (bad >= 0) {
                return bad;
            }
            p += bytes;
        }
        return OK;
    }

    private void clearRest(int from) {
        for (int p = from; p < end; p++) {
            if (b[p] != OptionList.EOL) {
                b[p] = OptionList.EOL;
                flags |= IpCb.CHANGED;
            }
        }
    }

    private int one(int kind, int p, int bytes) {
        return switch (kind) {
            case Ipv4Options.LSRR, Ipv4Options.SSRR -> sourceRoute(kind, p, bytes);
            case Ipv4Options.RR -> recordRoute(p, bytes);
            case Ipv4Options.TIMESTAMP -> timestamp(p, bytes);
            case Ipv4Options.ROUTER_ALERT -> routerAlert(p, bytes);
            case Ipv4Options.CIPSO -> {
                if (cipsoSeen || !(received || privileged)) {
                    yield p;
                }
                cipsoSeen = true;
                flags |= IpCb.HAS_CIPSO;
                yield OK;
            }
            default -> received || privileged ? OK : p;
        };
    }

    /// Only the value 0 says that routers should look (RFC 2113).
    private int routerAlert(int p, int bytes) {
        if (bytes < 4) {
            return p + 1;
        }
        if (Bytes.u16(b, p + 2) == 0) {
            flags |= IpCb.ROUTER_ALERT;
        }
        return OK;
    }

    private int sourceRoute(int kind, int p, int bytes) {
        if (bytes < 3) {
            return p + 1;
        }
        int pointer = Ipv4Options.pointer(b, p);
        if (pointer < Ipv4Options.ROUTE_FIRST_POINTER) {
            return p + 2;
        }
        if (srrSeen) {
            return p;
        }
        boolean complete =
                pointer == Ipv4Options.ROUTE_FIRST_POINTER && bytes >= 7 && (bytes - 3) % 4 == 0;
        if (!received && !complete) {
            return p + 1;
        }
        srrSeen = true;
        flags |= kind == Ipv4Options.SSRR ? IpCb.SRR | IpCb.STRICT_ROUTE : IpCb.SRR;
        return OK;
    }

    private int recordRoute(int p, int bytes) {
        if (rrSeen) {
            return p;
        }
        if (bytes < 3) {
            return p + 1;
        }
        int pointer = Ipv4Options.pointer(b, p);
        if (pointer < Ipv4Options.ROUTE_FIRST_POINTER) {
            return p + 2;
        }
        if (pointer <= bytes) {
            if (pointer + 3 > bytes) {
                return p + 2;
            }
            if (received) {
                Bytes.u32(b, p + pointer - 1, specDst);
                Ipv4Options.pointer(b, p, pointer + 4);
                flags |= IpCb.RR_NEEDADDR | IpCb.CHANGED;
            }
        }
        rrSeen = true;
        flags |= IpCb.HAS_RR;
        return OK;
    }

    private int timestamp(int p, int bytes) {
        if (tsSeen) {
            return p;
        }
        if (bytes < 4) {
            return p + 1;
        }
        int pointer = Ipv4Options.pointer(b, p);
        if (pointer < Ipv4Options.TIMESTAMP_FIRST_POINTER) {
            return p + 2;
        }
        int bad = pointer <= bytes ? stamp(p, bytes, pointer) : overflow(p);
        if (bad == OK) {
            tsSeen = true;
            flags |= IpCb.HAS_TS;
        }
        return bad;
    }

    /// There is room for another stamp.
    private int stamp(int p, int bytes, int pointer) {
        if (pointer + 3 > bytes) {
            return p + 2;
        }
        int flag = Ipv4Options.timestampFlag(b, p);
        if (flag == Ipv4Options.TS_TSONLY) {
            time(p, pointer, pointer + 4);
            return OK;
        }
        if (flag != Ipv4Options.TS_TSANDADDR && flag != Ipv4Options.TS_PRESPEC) {
            return received || privileged ? OK : p + 3;
        }
        if (pointer + 7 > bytes) {
            return p + 2;
        }
        if (flag == Ipv4Options.TS_TSANDADDR) {
            if (received) {
                Bytes.u32(b, p + pointer - 1, specDst);
            }
            time(p, pointer + 4, pointer + 8);
        } else if (InetAddrType.of(net, Bytes.u32(b, p + pointer - 1), 0) != Rtn.UNICAST) {
            time(p, pointer + 4, pointer + 8);
        }
        return OK;
    }

    private void time(int p, int at, int newPointer) {
        if (received) {
            Bytes.u32(b, p + at - 1, Icmp4.currentTimestamp(net));
            Ipv4Options.pointer(b, p, newPointer);
            flags |= IpCb.TS_NEEDTIME | IpCb.CHANGED;
        }
    }

    /// There is no room: the hosts without a stamp are counted. Addresses that were named beforehand
    /// cannot run out.
    private int overflow(int p) {
        int flag = Ipv4Options.timestampFlag(b, p);
        if (flag == Ipv4Options.TS_PRESPEC) {
            return OK;
        }
        int count = Ipv4Options.timestampOverflow(b, p);
        if (count == MAX_OVERFLOW) {
            return p + 3;
        }
        if (received) {
            Ipv4Options.timestampOverflowFlag(b, p, count + 1, flag);
            flags |= IpCb.CHANGED;
        }
        return OK;
    }
}
