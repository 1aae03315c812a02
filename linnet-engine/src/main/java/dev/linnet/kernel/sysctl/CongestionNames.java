package dev.linnet.kernel.sysctl;

import static dev.linnet.uapi.Errno.ENOENT;
import static dev.linnet.uapi.Errno.EPERM;

import dev.linnet.kernel.Kernel;
import java.util.LinkedHashMap;
import java.util.Map;

/// The names of the congestion controls of a stack, in the order in which they were registered, and
/// which of them a program without privileges may choose. Any thread.
@Kernel("tcp_cong_list")
public final class CongestionNames {
    /// What a stack begins with, unless told otherwise.
    public static final String DEFAULT = "cubic";

    /// Name to whether everybody may use it.
    private final Map<String, Boolean> names = new LinkedHashMap<>();

    CongestionNames() {
        names.put("reno", true);
        names.put(DEFAULT, true);
    }

    /// Adds a congestion control that only the privileged may choose, until it is allowed or made the
    /// default. A name that is there already stays as it is.
    @Kernel("tcp_register_congestion_control")
    public synchronized void register(String name) {
        names.putIfAbsent(name, false);
    }

    /// Whether there is such a congestion control.
    public synchronized boolean isRegistered(String name) {
        return names.containsKey(name);
    }

    /// Whether everybody may choose it.
    public synchronized boolean isAllowed(String name) {
        return names.getOrDefault(name, false);
    }

    /// All names, divided by spaces.
    @Kernel("tcp_get_available_congestion_control")
    public synchronized String available() {
        return String.join(" ", names.keySet());
    }

    /// The names that everybody may choose, divided by spaces.
    @Kernel("tcp_get_allowed_congestion_control")
    public synchronized String allowed() {
        return String.join(" ", names.keySet().stream().filter(names::get).toList());
    }

    /// Allows exactly the listed ones. -ENOENT, and nothing changed, if one does not exist. The list
    /// ends at two spaces.
    @Kernel("tcp_set_allowed_congestion_control")
    synchronized int setAllowed(String list) {
        int end = (" " + list).indexOf("  ");
        String[] wanted = (end < 0 ? list : list.substring(0, end)).split(" ");
        for (String name : wanted) {
            if (!name.isEmpty() && !names.containsKey(name)) {
                return -ENOENT;
            }
        }
        names.replaceAll((name, allowed) -> false);
        for (String name : wanted) {
            names.computeIfPresent(name, (n, allowed) -> true);
        }
        return 0;
    }

    /// Whether a namespace may make it the default. In the initial namespace that allows it to
    /// everybody; another namespace may only take what is allowed (-EPERM).
    @Kernel("tcp_set_default_congestion_control")
    synchronized int useAsDefault(String name, boolean initialNamespace) {
        if (!names.containsKey(name)) {
            return -ENOENT;
        }
        if (!initialNamespace && !isAllowed(name)) {
            return -EPERM;
        }
        names.put(name, true);
        return 0;
    }
}
