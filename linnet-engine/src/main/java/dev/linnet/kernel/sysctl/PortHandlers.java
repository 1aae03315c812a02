package dev.linnet.kernel.sysctl;

import static dev.linnet.uapi.Errno.EINVAL;

import dev.linnet.kernel.Kernel;
import java.util.Objects;

/// How ranges of ports and groups and sets of ports are written.
final class PortHandlers {
    /// `ip_local_port_range`: in order, and without ports that need a privilege.
    static final ProcHandler RANGE = new PortRange();

    /// `ip_unprivileged_port_start`: not above the first port that the kernel chooses.
    static final ProcHandler UNPRIVILEGED = new Unprivileged();

    /// `ping_group_range`: a range in the wrong order is stored as the empty one.
    static final ProcHandler GROUPS = new Groups();

    /// `ip_local_reserved_ports`.
    static final ProcHandler RESERVED = new Bitmap(65536);

    /// `net.ipv6.icmp.ratemask`.
    static final ProcHandler ICMP6_TYPES = new Bitmap(256);

    private PortHandlers() {}

    @Kernel("ipv4_local_port_range")
    private static final class PortRange extends ConfHandlers.Readable {
        @Override
        int write(Place place, String text, Changes changes) {
            long[] range = place.numbers();
            int err = parse(place, text, range);
            int privileged = place.ns().get(IpSysctls.UNPRIVILEGED_PORT_START);
            if (err == 0 && (range[1] < range[0] || range[0] < privileged)) {
                err = -EINVAL;
            }
            if (err == 0) {
                place.setNumbers(range);
            }
            return err;
        }
    }

    @Kernel("ipv4_privileged_ports")
    private static final class Unprivileged extends ConfHandlers.Readable {
        @Override
        int write(Place place, String text, Changes changes) {
            long[] start = place.numbers();
            int err = parse(place, text, start);
            if (err == 0 && start[0] > place.ns().get(IpSysctls.LOCAL_PORT_RANGE, 0)) {
                err = -EINVAL;
            }
            if (err == 0) {
                place.setNumbers(start);
            }
            return err;
        }
    }

    @Kernel("ipv4_ping_group_range")
    private static final class Groups extends ConfHandlers.Readable {
        @Override
        int write(Place place, String text, Changes changes) {
            long[] range = place.numbers();
            int err = parse(place, text, range);
            if (err == 0) {
                boolean empty = Integer.compareUnsigned((int) range[1], (int) range[0]) < 0;
                place.setNumbers(empty ? new long[] {1, 0} : range);
            }
            return err;
        }
    }

    /// A list such as `1,5-7`. What is written takes the place of the whole set.
    @Kernel("proc_do_large_bitmap")
    private static final class Bitmap extends ProcHandler {
        private final int size;

        Bitmap(int size) {
            this.size = size;
        }

        @Override
        int read(Place place, StringBuilder out) {
            long[] words = (long[]) Objects.requireNonNull(place.object());
            String separator = "";
            for (int first = next(words, 0, true); first < size; ) {
                int end = next(words, first, false);
                out.append(separator).append(first);
                if (end - first > 1) {
                    out.append('-').append(end - 1);
                }
                separator = ",";
                first = next(words, end, true);
            }
            out.append('\n');
            return 0;
        }

        private int next(long[] words, int from, boolean set) {
            int i = from;
            while (i < size && ((words[i >> 6] >>> i & 1) != 0) != set) {
                i++;
            }
            return i;
        }

        @Override
        int write(Place place, String text, Changes changes) {
            if (text.isEmpty()) {
                return 0;
            }
            long[] words = new long[size / 64];
            ProcNumbers in = new ProcNumbers(text);
            in.skipAll('\n');
            while (!in.atEnd()) {
                if (!in.next("-,\n") || outside(in)) {
                    return -EINVAL;
                }
                int first = (int) in.magnitude();
                int last = first;
                in.skipDelimiter();
                if (in.delimiter() == '-') {
                    if (!in.next(",\n\0") || outside(in) || in.magnitude() < first) {
                        return -EINVAL;
                    }
                    last = (int) in.magnitude();
                    in.skipDelimiter();
                }
                for (int i = first; i <= last; i++) {
                    words[i >> 6] |= 1L << i;
                }
                in.skipAll('\n');
            }
            place.setObject(words);
            return 0;
        }

        private boolean outside(ProcNumbers in) {
            return in.negative() || Long.compareUnsigned(in.magnitude(), size) >= 0;
        }
    }
}
