package dev.linnet.jvm;

/// What a thread has allocated.
public final class Allocations {
    private Allocations() {}

    /// Bytes of heap that the calling thread has allocated so far. By reflection, because this module does not read the
    /// one that tells it.
    public static long ofThisThread() {
        try {
            Object threads =
                    Class.forName("java.lang.management.ManagementFactory")
                            .getMethod("getThreadMXBean")
                            .invoke(null);
            return (long)
                    Class.forName("com.sun.management.ThreadMXBean")
                            .getMethod("getCurrentThreadAllocatedBytes")
                            .invoke(threads);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
