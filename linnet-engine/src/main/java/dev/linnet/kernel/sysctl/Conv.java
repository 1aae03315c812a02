package dev.linnet.kernel.sysctl;

import dev.linnet.kernel.Kernel;

/// What the digits of a number mean: how a value that was written becomes the value that is stored,
/// and back. Each stands for one of the kernel's conversion functions, with its limits and its
/// roundings.
enum Conv {
    /// An `int` with a sign.
    @Kernel("proc_dointvec")
    INT("int", Storage.INT) {
        @Override
        boolean parse(boolean negative, long magnitude, int hz, long[] out) {
            out[0] = negative ? -magnitude : magnitude;
            long limit = negative ? 1L << 31 : Integer.MAX_VALUE;
            return Long.compareUnsigned(magnitude, limit) <= 0;
        }

        @Override
        String show(long stored, int hz) {
            return Long.toString(stored);
        }
    },

    /// An `unsigned int`; a minus sign is refused even before zero.
    @Kernel({"proc_douintvec", "proc_dou8vec_minmax"})
    UINT("unsigned int", Storage.INT) {
        @Override
        boolean parse(boolean negative, long magnitude, int hz, long[] out) {
            out[0] = magnitude;
            return !negative && Long.compareUnsigned(magnitude, 0xffff_ffffL) <= 0;
        }

        @Override
        String show(long stored, int hz) {
            return Integer.toUnsignedString((int) stored);
        }

        @Override
        int compare(long a, long b) {
            return Long.compare(a & 0xffff_ffffL, b & 0xffff_ffffL);
        }
    },

    /// An `unsigned long`.
    @Kernel("proc_doulongvec_minmax")
    ULONG("unsigned long", Storage.LONG) {
        @Override
        boolean parse(boolean negative, long magnitude, int hz, long[] out) {
            out[0] = magnitude;
            return !negative;
        }

        @Override
        String show(long stored, int hz) {
            return Long.toUnsignedString(stored);
        }

        @Override
        int compare(long a, long b) {
            return Long.compareUnsigned(a, b);
        }
    },

    /// Seconds outside, jiffies inside.
    @Kernel("proc_dointvec_jiffies")
    SECONDS("seconds", Storage.INT) {
        @Override
        boolean parse(boolean negative, long magnitude, int hz, long[] out) {
            if (Long.compareUnsigned(magnitude, Integer.MAX_VALUE / hz) > 0) {
                return false;
            }
            out[0] = (negative ? -magnitude : magnitude) * hz;
            return true;
        }

        @Override
        String show(long stored, int hz) {
            return signed(stored, Math.abs(stored) / hz);
        }
    },

    /// Milliseconds outside, jiffies inside, rounded up. Only the low 32 bits of what is written
    /// count.
    @Kernel("proc_dointvec_ms_jiffies")
    MILLIS("milliseconds", Storage.INT) {
        @Override
        boolean parse(boolean negative, long magnitude, int hz, long[] out) {
            int millis = (int) (negative ? -magnitude : magnitude);
            out[0] = (millis + (long) (1000 / hz) - 1) / (1000 / hz);
            return millis >= 0;
        }

        @Override
        String show(long stored, int hz) {
            return signed(stored, Math.abs(stored) * (1000 / hz) & 0xffff_ffffL);
        }
    },

    /// Hundredths of a second outside, jiffies inside. What is negative becomes -1: the kernel reads it
    /// as a very large number.
    @Kernel("proc_dointvec_userhz_jiffies")
    TICKS("1/100 s", Storage.INT) {
        @Override
        boolean parse(boolean negative, long magnitude, int hz, long[] out) {
            if (Long.compareUnsigned(magnitude, Long.MAX_VALUE / hz * USER_HZ) > 0) {
                return false;
            }
            out[0] =
                    negative && magnitude != 0
                            ? -1
                            : (int) Long.divideUnsigned(magnitude * hz, USER_HZ);
            return true;
        }

        @Override
        String show(long stored, int hz) {
            return signed(stored, Math.abs(stored) * USER_HZ / hz);
        }
    },

    /// Packets outside, bytes inside, a packet being an Ethernet frame with its overhead in memory.
    @Kernel("proc_unres_qlen")
    UNRES_QLEN("packets", Storage.INT) {
        @Override
        boolean parse(boolean negative, long magnitude, int hz, long[] out) {
            out[0] = magnitude * PACKET_TRUESIZE;
            return (!negative || magnitude == 0)
                    && Long.compareUnsigned(magnitude, Integer.MAX_VALUE / PACKET_TRUESIZE) <= 0;
        }

        @Override
        String show(long stored, int hz) {
            return Long.toString(stored / PACKET_TRUESIZE);
        }
    },

    /// Bytes, raised to a page and rounded up to a power of two; only the low 32 bits count.
    @Kernel("proc_dopipe_max_size")
    PIPE_SIZE("bytes", Storage.INT) {
        @Override
        boolean parse(boolean negative, long magnitude, int hz, long[] out) {
            long size = magnitude & 0xffff_ffffL;
            out[0] = Machine.roundUpPowerOfTwo(Math.max(size, 4096));
            return !negative && size <= 1L << 31;
        }

        @Override
        String show(long stored, int hz) {
            return Integer.toUnsignedString((int) stored);
        }

        @Override
        int compare(long a, long b) {
            return Long.compareUnsigned(a, b);
        }
    },

    /// No number but a text.
    TEXT("text", Storage.OBJECT) {
        @Override
        boolean parse(boolean negative, long magnitude, int hz, long[] out) {
            return false;
        }

        @Override
        String show(long stored, int hz) {
            return "";
        }
    };

    /// Which of the arrays of a [SysctlStore] holds the value.
    enum Storage {
        INT,
        LONG,
        OBJECT
    }

    private static final int USER_HZ = 100;
    private static final int PACKET_TRUESIZE = 2090;

    private final String unit;
    private final Storage storage;

    Conv(String unit, Storage storage) {
        this.unit = unit;
        this.storage = storage;
    }

    /// Puts the stored form of a number into `out[0]`. False if there is none (EINVAL).
    abstract boolean parse(boolean negative, long magnitude, int hz, long[] out);

    /// The number as it is shown.
    abstract String show(long stored, int hz);

    /// Orders stored values, to compare them with the bounds of a row.
    int compare(long a, long b) {
        return Long.compare(a, b);
    }

    /// How the reference page calls it.
    String unit() {
        return unit;
    }

    Storage storage() {
        return storage;
    }

    private static String signed(long stored, long shown) {
        return (stored < 0 ? "-" : "") + shown;
    }
}
