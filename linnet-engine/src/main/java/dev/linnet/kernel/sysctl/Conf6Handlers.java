package dev.linnet.kernel.sysctl;

import static dev.linnet.uapi.Errno.EINVAL;
import static dev.linnet.uapi.Errno.EIO;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.ConfHandlers.Readable;
import dev.linnet.uapi.In6Addr;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// How the knobs of devices for IPv6 are written.
final class Conf6Handlers {
    /// What is written to `all` goes to `default` and the devices.
    static final ProcHandler WITH_DEFAULT = new AllReaches();

    /// `forwarding`: as before, and switching `all` off forwards from nowhere.
    static final ProcHandler FORWARDING = new Forwarding();

    /// A change of `all` goes to the devices.
    static final ProcHandler DEVICES_ONLY = new AllChangesDevices();

    /// `mtu`, which may not exceed that of the device.
    static final ProcHandler MTU = new Mtu();

    static final ProcHandler ADDR_GEN_MODE = new AddrGenMode();
    static final ProcHandler STABLE_SECRET = new StableSecret();

    /// `IN6_ADDR_GEN_MODE_STABLE_PRIVACY`.
    static final long MODE_STABLE_PRIVACY = 2;

    private Conf6Handlers() {}

    @Kernel({"addrconf_disable_ipv6", "addrconf_fixup_linkdown"})
    private static class AllReaches extends Readable {
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
                put(directory.dflt(), row(place), value[0], changes);
                putAll(directory, row(place), value[0], changes);
            }
            return 0;
        }
    }

    @Kernel("addrconf_fixup_forwarding")
    private static final class Forwarding extends AllReaches {
        @Override
        int write(Place place, String text, Changes changes) {
            int err = super.write(place, text, changes);
            DevDirectory directory = conf(place).directory();
            if (err == 0 && conf(place) == directory.all() && place.numbers()[0] == 0) {
                putAll(directory, Conf6Sysctls.FORCE_FORWARDING, 0, changes);
            }
            return err;
        }
    }

    @Kernel("addrconf_sysctl_force_forwarding")
    private static final class AllChangesDevices extends Readable {
        @Override
        int write(Place place, String text, Changes changes) {
            long before = place.numbers()[0];
            long[] value = {before};
            int err = parse(place, text, value);
            if (err != 0 || value[0] == before) {
                return err;
            }
            DevConf conf = conf(place);
            put(conf, row(place), value[0], changes);
            if (conf == conf.directory().all()) {
                putAll(conf.directory(), row(place), value[0], changes);
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
                putAll(directory, row(place), value[0], changes);
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
            Sysctl.Dev mode = Conf6Sysctls.ADDR_GEN_MODE;
            if (conf == directory.dflt()) {
                Readable.putAll(directory, mode, MODE_STABLE_PRIVACY, changes);
            } else {
                Readable.put(conf, mode, MODE_STABLE_PRIVACY, changes);
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
                short bits = (short) (half >>> (48 - 16 * (group & 3)));
                full.append(group > 0 ? ":" : "").append(HexFormat.of().toHexDigits(bits));
            }
            return full.toString();
        }
    }
}
