package dev.linnet.kernel.sysctl;

import static dev.linnet.uapi.Errno.EINVAL;
import static dev.linnet.uapi.Errno.ENOENT;

import dev.linnet.kernel.Kernel;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// How names, keys and other texts are read and written.
final class TextHandlers {
    static final ProcHandler QDISC = new Qdisc();
    static final ProcHandler DEFAULT_CONGESTION = new DefaultCongestion();
    static final ProcHandler ALLOWED_CONGESTION = new AllowedCongestion();
    static final ProcHandler AVAILABLE_CONGESTION = new AvailableCongestion();
    static final ProcHandler FASTOPEN_KEY = new FastOpenKey();

    /// A list in which nothing is.
    static final ProcHandler EMPTY = new Empty();

    /// Any text does it.
    static final ProcHandler FLUSH = new Flush();

    /// Any number does it.
    static final ProcHandler FLUSH_NUMBER = new FlushNumber();

    private TextHandlers() {}

    /// A text as it is; what writing does is left to the subclass.
    private abstract static class Text extends ProcHandler {
        @Override
        int read(Place place, StringBuilder out) {
            out.append(place.object()).append('\n');
            return 0;
        }
    }

    @Kernel("set_default_qdisc")
    private static final class Qdisc extends Text {
        private static final int NAME_SIZE = 16;

        @Override
        int write(Place place, String text, Changes changes) {
            String name = string(text, NAME_SIZE);
            if (text.isEmpty()) {
                return 0;
            }
            if (!place.ns().qdiscNames().isRegistered(name)) {
                return -ENOENT;
            }
            place.setObject(name);
            return 0;
        }
    }

    @Kernel("proc_tcp_congestion_control")
    private static final class DefaultCongestion extends Text {
        private static final int NAME_SIZE = 16;

        @Override
        int write(Place place, String text, Changes changes) {
            if (text.isEmpty()) {
                return 0;
            }
            String name = string(text, NAME_SIZE);
            SysctlValues ns = place.ns();
            int err = ns.congestionNames().useAsDefault(name, ns.isInitial());
            if (err == 0) {
                place.setObject(name);
            }
            return err;
        }
    }

    @Kernel("proc_allowed_congestion_control")
    private static final class AllowedCongestion extends ProcHandler {
        private static final int LIST_SIZE = 2048;

        @Override
        int read(Place place, StringBuilder out) {
            out.append(place.ns().congestionNames().allowed()).append('\n');
            return 0;
        }

        @Override
        int write(Place place, String text, Changes changes) {
            return text.isEmpty()
                    ? 0
                    : place.ns().congestionNames().setAllowed(string(text, LIST_SIZE));
        }
    }

    @Kernel("proc_tcp_available_congestion_control")
    private static final class AvailableCongestion extends ProcHandler {
        @Override
        int read(Place place, StringBuilder out) {
            out.append(place.ns().congestionNames().available()).append('\n');
            return 0;
        }

        @Override
        int write(Place place, String text, Changes changes) {
            return -EINVAL;
        }
    }

    private static final class Empty extends ProcHandler {
        @Override
        int read(Place place, StringBuilder out) {
            out.append('\n');
            return 0;
        }

        @Override
        int write(Place place, String text, Changes changes) {
            return -EINVAL;
        }
    }

    private static final class Flush extends ProcHandler {
        @Override
        int write(Place place, String text, Changes changes) {
            return 0;
        }
    }

    private static final class FlushNumber extends ProcHandler {
        @Override
        int write(Place place, String text, Changes changes) {
            return parse(place, text, new long[1]);
        }
    }

    /// One or two keys of four hexadecimal numbers, divided by a comma.
    @Kernel("proc_tcp_fastopen_key")
    private static final class FastOpenKey extends Text {
        private static final int TEXT_SIZE = 2 * 16 * 2 + 2 * 3 + 4 + 1;
        private static final int WORDS = 4;

        @Override
        int write(Place place, String text, Changes changes) {
            if (text.isEmpty()) {
                return 0;
            }
            String keys = string(text, TEXT_SIZE);
            int comma = keys.indexOf(',');
            String first = key(comma < 0 ? keys : keys.substring(0, comma));
            String second = comma < 0 ? "" : key(keys.substring(comma + 1));
            if (first == null || second == null) {
                return -EINVAL;
            }
            place.setObject(comma < 0 ? first : first + "," + second);
            return 0;
        }

        /// The key in its full form, or null. What follows it is ignored, blanks before its numbers
        /// too, and of numbers that are too long the low bits count.
        private static @Nullable String key(String text) {
            StringBuilder key = new StringBuilder(35);
            int at = 0;
            for (int word = 0; word < WORDS; word++) {
                if (word > 0) {
                    if (at >= text.length() || text.charAt(at) != '-') {
                        return null;
                    }
                    at++;
                    key.append('-');
                }
                while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                    at++;
                }
                if (text.regionMatches(true, at, "0x", 0, 2) && hex(text, at + 2) >= 0) {
                    at += 2;
                }
                if (hex(text, at) < 0) {
                    return null;
                }
                int value = 0;
                for (int digit = hex(text, at); digit >= 0; digit = hex(text, ++at)) {
                    value = value << 4 | digit;
                }
                key.append(HexFormat.of().toHexDigits(value));
            }
            return key.toString();
        }

        private static int hex(String text, int at) {
            return at < text.length() && text.charAt(at) < 0x80
                    ? Character.digit(text.charAt(at), 16)
                    : -1;
        }
    }
}
