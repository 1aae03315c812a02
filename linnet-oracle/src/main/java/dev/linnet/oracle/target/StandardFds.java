package dev.linnet.oracle.target;

import dev.linnet.oracle.memory.Memory;

/// Gives a process something as descriptors 0, 1 and 2, so that the first one of a row is 3.
final class StandardFds {
    private static final int PIPE2 = Syscall.number("pipe2");
    private static final int DUP = Syscall.number("dup");

    private StandardFds() {}

    static void open(Worker worker, Memory memory) {
        long pair = memory.allocate(2 * Integer.BYTES);
        long made = worker.call(PIPE2, new long[] {pair, 0, 0, 0, 0, 0});
        long third = worker.call(DUP, new long[] {0, 0, 0, 0, 0, 0});
        if (made != 0 || third != 2) {
            throw new IllegalStateException("no descriptors 0 to 2: " + made + ", " + third);
        }
    }
}
