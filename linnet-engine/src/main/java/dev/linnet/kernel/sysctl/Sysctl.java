package dev.linnet.kernel.sysctl;

/// A knob: one row of a table, and the key with which code reads its value from [SysctlValues] or
/// [DevConf]. The types say what comes out, so that a wrong use does not compile.
///
/// Times are held in jiffies whatever the file shows, as in Linux.
public sealed interface Sysctl {
    /// What the row says about the knob.
    SysctlSpec spec();

    /// Where in the storage of its table the value is.
    int slot();

    /// The dotted name; of a knob of a device only the last part.
    default String name() {
        return spec().name();
    }

    /// A number that fits an `int`.
    record Int(SysctlSpec spec, int slot, boolean shared) implements Sysctl {}

    /// A number of which only zero or not zero matters.
    record Bool(SysctlSpec spec, int slot, boolean shared) implements Sysctl {}

    /// A number from 0 to 2³²-1.
    record UInt(SysctlSpec spec, int slot, boolean shared) implements Sysctl {}

    /// A number of 64 bits without a sign.
    record ULong(SysctlSpec spec, int slot, boolean shared) implements Sysctl {}

    /// Several numbers that fit an `int`, such as minimum, default and maximum of a buffer.
    record Ints(SysctlSpec spec, int slot, boolean shared) implements Sysctl {}

    /// Several numbers of 64 bits without a sign.
    record ULongs(SysctlSpec spec, int slot, boolean shared) implements Sysctl {}

    /// A text.
    record Text(SysctlSpec spec, int slot, boolean shared) implements Sysctl {}

    /// A set of small numbers, such as ports.
    record Bits(SysctlSpec spec, int slot, boolean shared) implements Sysctl {}

    /// A file without a value of its own: it shows or changes something else.
    record Virtual(SysctlSpec spec) implements Sysctl {
        @Override
        public int slot() {
            return 0;
        }
    }

    /// A number of a device, or of `all` or `default`.
    ///
    /// @param combine how the values of the device and of `all` make one
    record Dev(SysctlSpec spec, int slot, Combine combine) implements Sysctl {}

    /// A text of a device, or of `all` or `default`.
    record DevText(SysctlSpec spec, int slot) implements Sysctl {}

    /// How the value of a device and that of `all` make the one that counts.
    enum Combine {
        /// That of the device alone.
        DEV,
        /// One of them is not zero.
        OR,
        /// Both are not zero.
        AND,
        /// The larger.
        MAX,
        /// The smaller.
        MIN
    }
}
