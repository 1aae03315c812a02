package dev.linnet.kernel.sysctl;

/// The two ways to write the name of a knob: dotted, as `sysctl` does, and as a path below
/// `/proc/sys`. In a dotted name a slash stands for a dot in a part, so that
/// `net.ipv4.conf.eth0/1.forwarding` is the path `net/ipv4/conf/eth0.1/forwarding`.
final class SysctlName {
    private SysctlName() {}

    /// The path of a name of either kind; which it is the first dot or slash tells.
    static String path(String name) {
        int dot = name.indexOf('.');
        int slash = name.indexOf('/');
        boolean isPath = slash >= 0 && (dot < 0 || slash < dot);
        return isPath ? name : swap(name);
    }

    static String dotted(String path) {
        return swap(path);
    }

    private static String swap(String name) {
        char[] chars = name.toCharArray();
        for (int i = 0; i < chars.length; i++) {
            chars[i] = chars[i] == '.' ? '/' : chars[i] == '/' ? '.' : chars[i];
        }
        return new String(chars);
    }
}
