package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.Conf6Sysctls;
import dev.linnet.kernel.sysctl.Ipv6Sysctls;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.In6Addr;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/// Interface identifiers: the low halves of addresses that the stack makes itself.
final class AddrconfGen {
    /// `IN6_ADDR_GEN_MODE_*`, the values of `addr_gen_mode`.
    private static final int EUI64 = 0;

    private static final int STABLE_PRIVACY = 2;
    private static final int RANDOM = 3;

    /// An interface identifier that could not be made.
    static final long NONE = 0;

    private AddrconfGen() {}

    /// Gives an interface that comes up its link-local address.
    @Kernel({"addrconf_dev_config", "addrconf_addr_gen", "addrconf_add_linklocal"})
    static void addLinkLocal(Inet6Dev idev) {
        boolean noHardware = idev.dev.type == NetDevice.ARPHRD_NONE;
        if (noHardware && idev.cnf.get(Conf6Sysctls.ADDR_GEN_MODE) == EUI64) {
            idev.cnf.set(Conf6Sysctls.ADDR_GEN_MODE, RANDOM);
        }
        int mode = idev.cnf.get(Conf6Sysctls.ADDR_GEN_MODE);
        long hi = In6Addr.LINK_LOCAL_HI;
        long lo = identifier(idev, hi, 0);
        int stable = mode == STABLE_PRIVACY || mode == RANDOM ? Inet6IfAddr.STABLE_PRIVACY : 0;
        if (lo != NONE) {
            add(idev, hi, lo, stable);
        } else if (stable != 0) {
            Addrconf.addPrefixRoute(idev.dev, hi, 0, 64, 0, Fib6Info.NEVER);
        }
    }

    private static void add(Inet6Dev idev, long hi, long lo, int flags) {
        if (idev.find(hi, lo) != null) {
            return;
        }
        int all = Inet6IfAddr.PERMANENT | Inet6IfAddr.TENTATIVE | flags;
        Inet6IfAddr ifp = new Inet6IfAddr(idev, hi, lo, 64, all);
        Addrconf.link(ifp);
        Addrconf.addPrefixRoute(idev.dev, hi, 0, 64, 0, Fib6Info.NEVER);
        AddrconfDad.start(ifp);
    }

    /// The identifier for a prefix according to `addr_gen_mode`, or [#NONE].
    ///
    /// @param dadCount how many identifiers turned out to be taken before
    static long identifier(Inet6Dev idev, long prefixHi, int dadCount) {
        return switch (idev.cnf.get(Conf6Sysctls.ADDR_GEN_MODE)) {
            case EUI64 -> eui64(idev.dev);
            case STABLE_PRIVACY, RANDOM -> stable(idev, prefixHi, dadCount);
            default -> NONE;
        };
    }

    /// Whether identifiers are made from a secret.
    static boolean isStable(Inet6Dev idev) {
        int mode = idev.cnf.get(Conf6Sysctls.ADDR_GEN_MODE);
        return mode == STABLE_PRIVACY || mode == RANDOM;
    }

    @Kernel("ipv6_generate_eui64")
    private static long eui64(NetDevice dev) {
        return dev.type == NetDevice.ARPHRD_ETHER ? In6Addr.eui64(dev.mac()) : NONE;
    }

    /// An identifier that stays the same for a prefix and tells nothing of the hardware (RFC 7217).
    @Kernel("ipv6_generate_stable_address")
    private static long stable(Inet6Dev idev, long prefixHi, int dadCount) {
        In6Addr secret = secret(idev);
        int retries = idev.net.sysctl.get(Ipv6Sysctls.IDGEN_RETRIES);
        for (int count = dadCount; secret != null && count <= retries; count++) {
            long id = digest(secret, prefixHi, idev.dev.devAddr, count);
            if (!isReserved(id)) {
                return id;
            }
        }
        return NONE;
    }

    private static @Nullable In6Addr secret(Inet6Dev idev) {
        if (idev.cnf.get(Conf6Sysctls.ADDR_GEN_MODE) == RANDOM) {
            if ((idev.secretHi | idev.secretLo) == 0) {
                idev.secretHi = idev.net.random.nextLong();
                idev.secretLo = idev.net.random.nextLong();
            }
            return new In6Addr(idev.secretHi, idev.secretLo);
        }
        String text = idev.cnf.get(Conf6Sysctls.STABLE_SECRET);
        if (text == null) {
            text = idev.net.sysctl.ipv6Default().get(Conf6Sysctls.STABLE_SECRET);
        }
        return text == null ? null : In6Addr.parse(text);
    }

    private static long digest(In6Addr secret, long prefixHi, byte[] devAddr, int dadCount) {
        byte[] input = new byte[64];
        Bytes.u64(input, 0, secret.hi());
        Bytes.u64(input, 8, secret.lo());
        Bytes.u64(input, 16, prefixHi);
        System.arraycopy(devAddr, 0, input, 24, devAddr.length);
        Bytes.u8(input, 56, dadCount);
        try {
            return Bytes.u64(MessageDigest.getInstance("SHA-1").digest(input), 0);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }

    /// Identifiers that mean something else (RFC 5453).
    @Kernel("ipv6_reserved_interfaceid")
    private static boolean isReserved(long id) {
        boolean anycast = id >>> 7 == 0xfdff_ffff_ffff_ff80L >>> 7;
        boolean ethernetBlock = id >>> 25 == 0x0200_5eff_fe00_0000L >>> 25;
        return id == 0 || anycast || ethernetBlock;
    }
}
