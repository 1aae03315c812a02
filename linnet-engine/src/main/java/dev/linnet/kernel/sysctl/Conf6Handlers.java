package dev.linnet.kernel.sysctl;

import static dev.linnet.uapi.Errno.EINVAL;
import static dev.linnet.uapi.Errno.EIO;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.ConfHandlers.Readable;
import dev.linnet.uapi.In6Addr;
import org.jspecify.annotations.Nullable;

/// How the knobs of devices for IPv6 are written.
final class Conf6Handlers {
    /// Nothing but the value itself changes.
    static final ProcHandler PLAIN = new Plain();

    /// What is written to `all` goes to `default` and the devices.
    static final ProcHandler WITH_DEFAULT = new AllReaches(true);

    /// What is written to `all` goes to the devices.
    static final ProcHandler DEVICES_ONLY = new AllReaches(false);

    /// `mtu`, which may not exceed that of the device.
    static final ProcHandler MTU = new Mtu();

    static final ProcHandler ADDR_GEN_MODE = new AddrGenMode();
    static final ProcHandler STABLE_SECRET = new StableSecret();

    /// `IN6_ADDR_GEN_MODE_STABLE_PRIVACY`.
    static final long MODE_STABLE_PRIVACY = 2;

    private Conf6Handlers() {}

    private static final class Plain extends Readable {
        @Override
        int write(Place place, String text, Changes changes) {
            long[] value = place.numbers();
            int err = parse(place, text, value);
            if (err == 0) {
                put(conf(place), row(place), value[0], changes);
            }
            return err;
        }
    }

    @Kernel({
        "addrconf_fixup_forwarding",
        "addrconf_disable_ipv6",
        "addrconf_fixup_linkdown",
        "addrconf_sysctl_force_forwarding"
    })
    private static final class AllReaches extends Readable {
        private final boolean withDefault;

        AllReaches(boolean withDefault) {
            this.withDefault = withDefault;
        }

        @Override
        int write(Place place, String text, Changes changes) {
            long[] value = place.numbers();
            int err = parse(place, text, value);
            if (err != 0) {
                return err;
            }
            DevConf conf = conf(place);
            DevDirectory directory = conf.directory();
            put(conf, row(place), value[0], changes);
            if (conf == directory.all()) {
                if (withDefault) {
                    put(directory.dflt(), row(place), value[0], changes);
                }
                for (DevConf device : directory.devices()) {
                    put(device, row(place), value[0], changes);
                }
            }
            return 0;
        }
    }

    @Kernel("addrconf_sysctl_mtu")
    private static final class Mtu extends Readable {
        @Override
        int write(Place place, String text, Changes changes) {
            long[] value = place.numbers();
            int err = parse(place, text, value);
            if (err == 0 && value[0] > conf(place).deviceMtu()) {
                err = -EINVAL;
            }
            if (err == 0) {
                put(conf(place), row(place), value[0], changes);
            }
            return err;
        }
    }

    /// Stable addresses need a secret, of the device or of `default`.
    @Kernel("addrconf_sysctl_addr_gen_mode")
    private static final class AddrGenMode extends Readable {
        @Override
        int write(Place place, String text, Changes changes) {
            long[] value = place.numbers();
            int err = parse(place, text, value);
            if (err != 0) {
                return err;
            }
            DevConf conf = conf(place);
            DevDirectory directory = conf.directory();
            boolean isAll = conf == directory.all();
            boolean isDevice = !isAll && conf != directory.dflt();
            if (isDevice && value[0] == MODE_STABLE_PRIVACY && !hasSecret(conf, directory)) {
                return -EINVAL;
            }
            put(conf, row(place), value[0], changes);
            if (isAll) {
                put(directory.dflt(), row(place), value[0], changes);
                for (DevConf device : directory.devices()) {
                    put(device, row(place), value[0], changes);
                }
            }
            return 0;
        }

        private static boolean hasSecret(DevConf conf, DevDirectory directory) {
            return conf.get(Conf6Sysctls.STABLE_SECRET) != null
                    || directory.dflt().get(Conf6Sysctls.STABLE_SECRET) != null;
        }
    }

    /// A secret in the form of an address, shown with all its digits. Writing one makes the device, or
    /// with `default` all devices, use it.
    @Kernel("addrconf_sysctl_stable_secret")
    private static final class StableSecret extends ProcHandler {
        /// Room for the longest text of an address, and its end.
        private static final int TEXT_SIZE = 46;

        @Override
        int read(Place place, StringBuilder out) {
            Object secret = place.object();
            if (secret == null) {
                return -EIO;
            }
            out.append(secret).append('\n');
            return 0;
        }

        @Override
        int write(Place place, String text, Changes changes) {
            if (text.isEmpty()) {
                return 0;
            }
            DevConf conf = Readable.conf(place);
            DevDirectory directory = conf.directory();
            String secret = conf == directory.all() ? null : secret(string(text, TEXT_SIZE));
            if (secret == null) {
                return -EIO;
            }
            place.setObject(secret);
            if (conf != directory.dflt()) {
                Readable.put(conf, Conf6Sysctls.ADDR_GEN_MODE, MODE_STABLE_PRIVACY, changes);
                return 0;
            }
            for (DevConf device : directory.devices()) {
                Readable.put(device, Conf6Sysctls.ADDR_GEN_MODE, MODE_STABLE_PRIVACY, changes);
            }
            return 0;
        }

        /// The address at the start of a text, in full.
        private static @Nullable String secret(String text) {
            int end = 0;
            while (end < text.length()
                    && "0123456789abcdefABCDEF:.".indexOf(text.charAt(end)) >= 0) {
                end++;
            }
            In6Addr addr = In6Addr.parse(text.substring(0, end));
            if (addr == null) {
                return null;
            }
            StringBuilder full = new StringBuilder(39);
            for (int group = 0; group < 8; group++) {
                long half = group < 4 ? addr.hi() : addr.lo();
                int bits = (int) (half >>> (48 - 16 * (group & 3))) & 0xffff;
                full.append(group > 0 ? ":" : "").append(String.format("%04x", bits));
            }
            return full.toString();
        }
    }
}
