package dev.linnet.kernel.sysctl;

import dev.linnet.kernel.Kernel;
import java.util.Objects;

/// How the knobs of devices for IPv4, and those of neighbours, are written.
final class ConfHandlers {
    /// Nothing but the value itself changes.
    static final ProcHandler PLAIN = new Plain();

    /// What is written to `default` goes to the devices that were not set themselves.
    static final ProcHandler DEFAULT_REACHES_DEVICES = new DefaultReachesDevices();

    /// `forwarding`, where `all` goes to `default` and the devices.
    static final ProcHandler FORWARDING = new Forwarding();

    /// `net.ipv4.ip_forward`, another name of `net.ipv4.conf.all.forwarding`.
    static final ProcHandler IP_FORWARD = new IpForward();

    private ConfHandlers() {}

    /// Reads numbers as they are; what writing does is left to the subclass.
    abstract static class Readable extends ProcHandler {
        @Override
        int read(Place place, StringBuilder out) {
            return format(place, out);
        }

        static Sysctl.Dev row(Place place) {
            return (Sysctl.Dev) place.row();
        }

        static DevConf conf(Place place) {
            return Objects.requireNonNull(place.dev());
        }

        /// Stores a value for a device, as its own.
        static void put(DevConf conf, Sysctl.Dev row, long value, Changes changes) {
            conf.store.setNumber(row, 0, value);
            conf.explicit.set(row.slot());
            changes.add(conf, row);
        }

        /// Stores a value for all devices.
        static void putAll(DevDirectory directory, Sysctl.Dev row, long value, Changes changes) {
            for (DevConf device : directory.devices()) {
                put(device, row, value, changes);
            }
        }
    }

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

    @Kernel({"devinet_conf_proc", "neigh_proc_update"})
    private static final class DefaultReachesDevices extends Readable {
        @Override
        int write(Place place, String text, Changes changes) {
            long[] value = place.numbers();
            int err = parse(place, text, value);
            DevConf conf = conf(place);
            put(conf, row(place), value[0], changes);
            DevDirectory directory = conf.directory();
            if (conf == directory.dflt()) {
                for (DevConf device : directory.devices()) {
                    if (!device.explicit.get(row(place).slot())) {
                        device.store.setNumber(row(place), 0, value[0]);
                        changes.add(device, row(place));
                    }
                }
            }
            return err;
        }
    }

    @Kernel({"devinet_sysctl_forward", "inet_forward_change"})
    private static final class Forwarding extends Readable {
        @Override
        int write(Place place, String text, Changes changes) {
            long before = place.numbers()[0];
            long[] value = {before};
            int err = parse(place, text, value);
            DevConf conf = conf(place);
            if (err != 0 || value[0] == before) {
                return err;
            }
            DevDirectory directory = conf.directory();
            put(conf, row(place), value[0], changes);
            if (conf == directory.all()) {
                put(conf, ConfSysctls.ACCEPT_REDIRECTS, value[0] == 0 ? 1 : 0, changes);
                put(directory.dflt(), row(place), value[0], changes);
                putAll(directory, row(place), value[0], changes);
            }
            return 0;
        }
    }

    private static final class IpForward extends ProcHandler {
        private static Place target(Place place) {
            DevConf all = place.ns().ipv4All();
            return new Place(place.ns(), ConfSysctls.FORWARDING, all.store, all);
        }

        @Override
        int read(Place place, StringBuilder out) {
            return FORWARDING.read(target(place), out);
        }

        @Override
        int write(Place place, String text, Changes changes) {
            return FORWARDING.write(target(place), text, changes);
        }
    }
}
