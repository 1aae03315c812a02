package dev.linnet.net.raw;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.inet.InetDatagramSock;
import dev.linnet.net.inet.InetSockopt;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.IpProto;
import dev.linnet.uapi.Ipv6Opt;
import dev.linnet.uapi.Sol;

/// Options of raw sockets: the ICMP filters, and of IPv6 the checksum that the kernel computes and the
/// header that the user brings. Other levels are IP's.
final class RawSockopt {
    /// `ICMP_FILTER`, `ICMPV6_FILTER`.
    private static final int FILTER = 1;

    private static final int FILTER_BYTES_4 = 4;
    private static final int FILTER_BYTES_6 = 32;

    private RawSockopt() {}

    @Kernel({"raw_setsockopt", "rawv6_setsockopt"})
    static int set(InetDatagramSock raw, int level, int name, byte[] value) {
        if (isFilterLevel(raw, level)) {
            int bad = checkFilter(raw, name);
            return bad != 0 ? bad : setFilter(raw, value);
        }
        return isRaw6(raw, level, name)
                ? set6(raw, level, name, value)
                : InetSockopt.set(raw, level, name, value);
    }

    @Kernel({"raw_getsockopt", "rawv6_getsockopt"})
    static int get(InetDatagramSock raw, int level, int name, byte[] value) {
        if (isFilterLevel(raw, level)) {
            int bad = checkFilter(raw, name);
            return bad != 0 ? bad : getFilter(raw, value);
        }
        return isRaw6(raw, level, name)
                ? get6(raw, name, value)
                : InetSockopt.get(raw, level, name, value);
    }

    // ---- filters
    // -------------------------------------------------------------------------------------

    private static boolean isFilterLevel(InetDatagramSock raw, int level) {
        return level == (raw.family == Af.AF_INET6 ? Sol.SOL_ICMPV6 : Sol.SOL_RAW);
    }

    /// IPv4 looks at the option first, IPv6 at the protocol.
    private static int checkFilter(InetDatagramSock raw, int name) {
        boolean v6 = raw.family == Af.AF_INET6;
        boolean icmp = raw.num == (v6 ? IpProto.IPPROTO_ICMPV6 : IpProto.IPPROTO_ICMP);
        if (v6 && !icmp) {
            return -Errno.EOPNOTSUPP;
        }
        if (name != FILTER) {
            return -Errno.ENOPROTOOPT;
        }
        return icmp ? 0 : -Errno.EOPNOTSUPP;
    }

    private static int filterBytes(InetDatagramSock raw) {
        return raw.family == Af.AF_INET6 ? FILTER_BYTES_6 : FILTER_BYTES_4;
    }

    /// A filter that is given in part changes that part only.
    @Kernel({"raw_seticmpfilter", "rawv6_seticmpfilter"})
    private static int setFilter(InetDatagramSock raw, byte[] value) {
        byte[] full = bytes(raw);
        System.arraycopy(value, 0, full, 0, Math.min(value.length, filterBytes(raw)));
        long[] filter = new long[4];
        for (int i = 0; i < filter.length; i++) {
            filter[i] = Abi.getLong(full, 8 * i);
        }
        raw.icmpFilter = filter;
        return 0;
    }

    @Kernel({"raw_geticmpfilter", "rawv6_geticmpfilter"})
    private static int getFilter(InetDatagramSock raw, byte[] value) {
        int n = Math.min(value.length, filterBytes(raw));
        System.arraycopy(bytes(raw), 0, value, 0, n);
        return n;
    }

    private static byte[] bytes(InetDatagramSock raw) {
        byte[] full = new byte[FILTER_BYTES_6];
        for (int i = 0; i < raw.icmpFilter.length; i++) {
            Abi.putLong(full, 8 * i, raw.icmpFilter[i]);
        }
        return full;
    }

    // ---- IPv6
    // ----------------------------------------------------------------------------------------

    private static boolean isRaw6(InetDatagramSock raw, int level, int name) {
        boolean own = name == Ipv6Opt.IPV6_CHECKSUM || name == Ipv6Opt.IPV6_HDRINCL;
        return raw.family == Af.AF_INET6
                && (level == Sol.SOL_RAW || (level == Sol.SOL_IPV6 && own));
    }

    @Kernel("do_rawv6_setsockopt")
    private static int set6(InetDatagramSock raw, int level, int name, byte[] value) {
        if (value.length < 4) {
            return -Errno.EINVAL;
        }
        int val = Abi.getInt(value, 0);
        switch (name) {
            case Ipv6Opt.IPV6_HDRINCL -> raw.hdrincl = val != 0;
            case Ipv6Opt.IPV6_CHECKSUM -> {
                boolean odd = val > 0 && (val & 1) != 0;
                boolean icmp = raw.num == IpProto.IPPROTO_ICMPV6 && level == Sol.SOL_IPV6;
                if (icmp || odd) { // ICMPv6 has its own place for it (RFC 3542 section 3.1)
                    return -Errno.EINVAL;
                }
                raw.checksumOffset = Math.max(-1, val);
            }
            default -> {
                return -Errno.ENOPROTOOPT;
            }
        }
        return 0;
    }

    @Kernel("do_rawv6_getsockopt")
    private static int get6(InetDatagramSock raw, int name, byte[] value) {
        int val;
        switch (name) {
            case Ipv6Opt.IPV6_HDRINCL -> val = raw.hdrincl ? 1 : 0;
            case Ipv6Opt.IPV6_CHECKSUM -> val = raw.checksumOffset;
            default -> {
                return -Errno.ENOPROTOOPT;
            }
        }
        byte[] number = new byte[4];
        Abi.putInt(number, 0, val);
        int n = Math.min(value.length, number.length);
        System.arraycopy(number, 0, value, 0, n);
        return n;
    }
}
